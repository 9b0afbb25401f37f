#include "protocol/message.h"

namespace streamscope::protocol {

namespace {

template <class Variant>
ApiKey keyOfAlternative(const Variant& body) {
  return std::visit([](const auto& message) { return static_cast<ApiKey>(message.kInfo.apiKey); }, body);
}

}  // namespace

ApiKey apiKeyOf(const RequestBody& body) {
  return keyOfAlternative(body);
}

ApiKey apiKeyOf(const ResponseBody& body) {
  return keyOfAlternative(body);
}

}  // namespace streamscope::protocol
