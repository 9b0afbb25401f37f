#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/uuid.h"

namespace streamscope::protocol {

/// A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string quoted(std::string_view text);

// The text of a leaf, the same in the tree and in a description.
inline std::string valueText(bool value) {
  return value ? "true" : "false";
}
template <std::integral Integer>
std::string valueText(Integer value) {
  return std::to_string(value);
}
/// Shortest form that reads back as the same number.
std::string valueText(double value);
inline std::string valueText(const std::string& value) {
  return quoted(value);
}
inline std::string valueText(const base::Uuid& value) {
  return quoted(value.toString());
}

}  // namespace streamscope::protocol
