#include "value_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace streamscope::protocol {

namespace {

/// Length of the well-formed UTF-8 sequence at the beginning of `text` (Unicode 15, table 3-7), 0 when there is none.
size_t sequenceLength(std::string_view text) {
  const auto byteAt = [&](size_t index) { return index < text.size() ? static_cast<uint8_t>(text[index]) : 0; };
  const auto isContinuation = [&](size_t index) { return (byteAt(index) & 0xc0) == 0x80; };
  const int first = byteAt(0);
  const int second = byteAt(1);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(1) ? 2 : 0;
  if ((first & 0xf0) == 0xe0) {
    const bool overlong = first == 0xe0 && second < 0xa0;
    const bool surrogate = first == 0xed && second > 0x9f;
    return isContinuation(1) && isContinuation(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool overlong = first == 0xf0 && second < 0x90;
    const bool beyondUnicode = first == 0xf4 && second > 0x8f;
    return isContinuation(1) && isContinuation(2) && isContinuation(3) && !overlong && !beyondUnicode ? 4 : 0;
  }
  return 0;
}

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

std::string base64(base::ByteView bytes) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) group = (group << 8) | (i < count ? bytes[at + i] : 0U);
    for (size_t i = 0; i < 4; ++i) text += i <= count ? kDigits[(group >> (18 - 6 * i)) & 63] : '=';
  }
  return text;
}

std::string valueText(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return std::string(digits.data(), end);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = sequenceLength(text);
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
