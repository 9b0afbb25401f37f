#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

namespace streamscope::protocol {

/// Calls `action` with a std::type_identity of the alternative whose message has this API key; false when none has.
template <class Variant, class Action>
bool withAlternative(int16_t apiKey, Action action) {
  return [&]<class... Messages>(std::type_identity<std::variant<Messages...>>) {
    return ((Messages::kInfo.apiKey == apiKey && (action(std::type_identity<Messages>{}), true)) || ...);
  }(std::type_identity<Variant>{});
}

}  // namespace streamscope::protocol
