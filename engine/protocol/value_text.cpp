#include "value_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/utf8.h"

namespace streamscope::protocol {

namespace {

void appendEscaped(std::string& out, char character) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (character) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto code = static_cast<uint8_t>(character);
  if (code >= 0x20 && code != 0x7f) {
    out += character;
    return;
  }
  out += "\\u00";
  out += kDigits[code >> 4];
  out += kDigits[code & 15];
}

}  // namespace

std::string valueText(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return std::string(digits.data(), end);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = base::utf8SequenceLength(text);
    if (length == 0)
      out += "\xef\xbf\xbd";
    else if (length == 1)
      appendEscaped(out, text.front());
    else
      out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + '"';
}

}  // namespace streamscope::protocol
