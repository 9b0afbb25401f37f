#include "topic_name.h"

#include <algorithm>

namespace streamscope::controller {

namespace {

constexpr size_t kLengthMax = 249;

bool isLegal(char each) {
  return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') || each == '.' ||
         each == '_' || each == '-';
}

}  // namespace

base::Status validateTopicName(const std::string& name) {
  const auto refuse = [](const std::string& why) {
    return base::fail(base::ErrorCode::INVALID_TOPIC_EXCEPTION, "Topic name is invalid: " + why);
  };
  if (name.empty()) return refuse("the empty string is not allowed");
  if (name == "." || name == "..") return refuse("'" + name + "' is not allowed");
  if (name.size() > kLengthMax) {
    return refuse("the length of '" + name + "' is longer than the max allowed length " + std::to_string(kLengthMax));
  }
  if (!std::all_of(name.begin(), name.end(), isLegal))
    return refuse("'" + name + "' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'");
  return {};
}

bool topicNamesCollide(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char left, char right) {
    return left == right || ((left == '.' || left == '_') && (right == '.' || right == '_'));
  });
}

}  // namespace streamscope::controller
