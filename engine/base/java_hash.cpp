#include "base/java_hash.h"

namespace streamscope::base {
namespace {

constexpr uint32_t kReplacementCharacter = 0xFFFD;

/// Decodes one code point at the start of `text` and removes its bytes; a malformed one costs one byte.
uint32_t takeCodePoint(std::string_view& text) {
  const auto byteAt = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byteAt(0);
  size_t length = 1;
  uint32_t point = first;
  if (first >= 0xF0 && first < 0xF8) {
    length = 4;
    point = first & 0x07U;
  } else if (first >= 0xE0 && first < 0xF0) {
    length = 3;
    point = first & 0x0FU;
  } else if (first >= 0xC2 && first < 0xE0) {
    length = 2;
    point = first & 0x1FU;
  } else if (first >= 0x80) {
    point = kReplacementCharacter;
  }
  if (length > text.size()) length = 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byteAt(i) & 0xC0U) != 0x80U) {
      length = 0;
      break;
    }
    point = (point << 6U) | (byteAt(i) & 0x3FU);
  }
  text.remove_prefix(length == 0 ? 1 : length);
  return length == 0 ? kReplacementCharacter : point;
}

}  // namespace

int32_t javaHashCode(std::string_view text) {
  uint32_t hash = 0;
  while (!text.empty()) {
    const uint32_t point = takeCodePoint(text);
    if (point >= 0x10000) {
      hash = 31 * hash + (0xD800 + ((point - 0x10000) >> 10U));
      hash = 31 * hash + (0xDC00 + ((point - 0x10000) & 0x3FFU));
    } else {
      hash = 31 * hash + point;
    }
  }
  return static_cast<int32_t>(hash);
}

int32_t javaHashCode(const TopicPartition& partition) {
  const uint32_t hash = 31 * (31 + static_cast<uint32_t>(partition.partition));
  return static_cast<int32_t>(hash + static_cast<uint32_t>(javaHashCode(partition.topic)));
}

int32_t javaHashCode(const Uuid& id) {
  const uint64_t both = id.mostSignificant ^ id.leastSignificant;
  return static_cast<int32_t>(static_cast<uint32_t>(both >> 32U) ^ static_cast<uint32_t>(both));
}

}  // namespace streamscope::base
