#pragma once

#include <string_view>

namespace streamscope::broker {

inline constexpr std::string_view kOffsetsTopic = "__consumer_offsets";
inline constexpr std::string_view kTransactionStateTopic = "__transaction_state";

/// Kafka keeps its own state in it; clients may not write to it.
constexpr bool isInternalTopic(std::string_view name) {
  return name == kOffsetsTopic || name == kTransactionStateTopic || name == "__share_group_state";
}

/// 1 to 249 characters of a-z, A-Z, 0-9, '.', '_' and '-', and neither "." nor "..".
constexpr bool isValidTopicName(std::string_view name) {
  if (name.empty() || name.size() > 249 || name == "." || name == "..") return false;
  for (const char c : name) {
    const bool isAllowed =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    if (!isAllowed) return false;
  }
  return true;
}

}  // namespace streamscope::broker
