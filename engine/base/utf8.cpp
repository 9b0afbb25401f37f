#include "base/utf8.h"

#include <cstdint>

namespace streamscope::base {

size_t utf8SequenceLength(std::string_view text) {
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

bool isUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace streamscope::base
