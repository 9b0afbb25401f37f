#include "topic_name.h"

#include <algorithm>

namespace streamscope::lab {

std::optional<std::string> topicNameTrouble(std::string_view name) {
  constexpr size_t kLengthMax = 249;
  const auto isAllowed = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '.' || letter == '_' || letter == '-';
  };
  const bool isValid = !name.empty() && name.size() <= kLengthMax && name != "." && name != ".." &&
                       std::all_of(name.begin(), name.end(), isAllowed);
  if (isValid) return std::nullopt;
  return "a topic name: 1 to 249 letters, digits, '.', '_' or '-', not \".\" or \"..\"";
}

}  // namespace streamscope::lab
