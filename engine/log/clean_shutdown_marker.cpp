#include "clean_shutdown_marker.h"

#include <nlohmann/json.hpp>
#include <string>

namespace streamscope::log {

Parsed<int64_t> parseCleanShutdownMarker(base::ByteView bytes) {
  if (bytes.empty()) return -1;
  const auto json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object()) return damaged(0, "it is not a JSON object");
  const auto version = json.find("version");
  if (version == json.end() || !version->is_number_integer() || *version != 0)
    return damaged(0, "its version is not 0");
  const auto epoch = json.find("brokerEpoch");
  if (epoch == json.end() || !epoch->is_number_integer()) return damaged(0, "it has no broker epoch");
  return epoch->get<int64_t>();
}

base::Bytes formatCleanShutdownMarker(int64_t brokerEpoch) {
  const std::string text = "{\"version\":0,\"brokerEpoch\":" + std::to_string(brokerEpoch) + "}";
  const base::ByteView view = base::asBytes(text);
  return base::Bytes(view.begin(), view.end());
}

}  // namespace streamscope::log
