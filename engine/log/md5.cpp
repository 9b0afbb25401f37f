#include "md5.h"

#include <bit>
#include <cstring>

namespace streamscope::log {
namespace {

constexpr size_t kBlockBytes = 64;
constexpr size_t kLengthBytes = 8;

constexpr std::array<uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr int kRotations[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

using State = std::array<uint32_t, 4>;

uint32_t littleEndian(const uint8_t* at) {
  return static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8 | static_cast<uint32_t>(at[2]) << 16 |
         static_cast<uint32_t>(at[3]) << 24;
}

template <size_t Round>
void sixteenSteps(State& state, const std::array<uint32_t, 16>& words) {
  auto [a, b, c, d] = state;
  for (size_t i = 0; i < 16; ++i) {
    uint32_t mixed = 0;
    size_t word = i;
    if constexpr (Round == 0) {
      mixed = (b & c) | (~b & d);
    } else if constexpr (Round == 1) {
      mixed = (d & b) | (~d & c);
      word = (5 * i + 1) % 16;
    } else if constexpr (Round == 2) {
      mixed = b ^ c ^ d;
      word = (3 * i + 5) % 16;
    } else {
      mixed = c ^ (b | ~d);
      word = (7 * i) % 16;
    }
    const uint32_t sum = a + mixed + kSines[Round * 16 + i] + words[word];
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kRotations[Round][i % 4]);
  }
  state = {a, b, c, d};
}

void addBlock(State& state, const uint8_t* block) {
  std::array<uint32_t, 16> words;
  for (size_t i = 0; i < words.size(); ++i) words[i] = littleEndian(block + 4 * i);
  State next = state;
  sixteenSteps<0>(next, words);
  sixteenSteps<1>(next, words);
  sixteenSteps<2>(next, words);
  sixteenSteps<3>(next, words);
  for (size_t i = 0; i < state.size(); ++i) state[i] += next[i];
}

}  // namespace

Md5Digest md5(base::ByteView bytes) {
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  size_t at = 0;
  for (; bytes.size() - at >= kBlockBytes; at += kBlockBytes) addBlock(state, bytes.data() + at);

  // What is left, one bit, zeros, and the length in bits: one block or two.
  std::array<uint8_t, 2 * kBlockBytes> last = {};
  const size_t left = bytes.size() - at;
  if (left > 0) std::memcpy(last.data(), bytes.data() + at, left);
  last[left] = 0x80;
  const size_t lastBytes = left + 1 + kLengthBytes <= kBlockBytes ? kBlockBytes : 2 * kBlockBytes;
  const uint64_t bits = static_cast<uint64_t>(bytes.size()) * 8;
  for (size_t i = 0; i < kLengthBytes; ++i) last[lastBytes - kLengthBytes + i] = static_cast<uint8_t>(bits >> (8 * i));
  for (size_t block = 0; block < lastBytes; block += kBlockBytes) addBlock(state, last.data() + block);

  Md5Digest digest;
  for (size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<uint8_t>(state[i / 4] >> (8 * (i % 4)));
  return digest;
}

}  // namespace streamscope::log
