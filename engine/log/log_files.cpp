#include "log_files.h"

#include <charconv>

namespace streamscope::log {
namespace {

constexpr size_t kOffsetDigits = 20;

}  // namespace

std::string offsetFileName(base::Offset offset, std::string_view suffix) {
  const std::string digits = std::to_string(offset);
  std::string name(kOffsetDigits - digits.size(), '0');
  name += digits;
  name += suffix;
  return name;
}

std::optional<base::Offset> offsetOfFileName(std::string_view name, std::string_view suffix) {
  if (name.size() != kOffsetDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  base::Offset offset = 0;
  const char* end = name.data() + kOffsetDigits;
  const auto [at, error] = std::from_chars(name.data(), end, offset);
  if (error != std::errc() || at != end || offset < 0) return std::nullopt;
  return offset;
}

}  // namespace streamscope::log
