#include "broker/coordinator_partition.h"

namespace streamscope::broker {
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

base::PartitionId coordinatorPartition(std::string_view groupId, int32_t partitions) {
  const int32_t hash = javaHashCode(groupId);
  // Kafka's Utils.abs: the smallest int has no absolute value and counts as 0.
  const int32_t absolute = hash == INT32_MIN ? 0 : (hash < 0 ? -hash : hash);
  return absolute % partitions;
}

}  // namespace streamscope::broker
