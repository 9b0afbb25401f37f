#include "murmur2.h"

namespace streamscope::client {

namespace {

constexpr uint32_t kSeed = 0x9747b28c;
constexpr uint32_t kMultiplier = 0x5bd1e995;
constexpr int kRotation = 24;

}  // namespace

int32_t murmur2(base::ByteView bytes) {
  uint32_t hash = kSeed ^ static_cast<uint32_t>(bytes.size());
  size_t position = 0;
  for (; position + 4 <= bytes.size(); position += 4) {
    uint32_t word = static_cast<uint32_t>(bytes[position]) | static_cast<uint32_t>(bytes[position + 1]) << 8 |
                    static_cast<uint32_t>(bytes[position + 2]) << 16 | static_cast<uint32_t>(bytes[position + 3]) << 24;
    word *= kMultiplier;
    word ^= word >> kRotation;
    word *= kMultiplier;
    hash *= kMultiplier;
    hash ^= word;
  }
  const size_t tail = bytes.size() - position;
  if (tail == 3) hash ^= static_cast<uint32_t>(bytes[position + 2]) << 16;
  if (tail >= 2) hash ^= static_cast<uint32_t>(bytes[position + 1]) << 8;
  if (tail >= 1) {
    hash ^= static_cast<uint32_t>(bytes[position]);
    hash *= kMultiplier;
  }
  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return static_cast<int32_t>(hash);
}

}  // namespace streamscope::client
