#include "base/random.h"

#include <bit>

#include "base/assert.h"

namespace streamscope::base {
namespace {

uint64_t splitmix64(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// The high 64 bits of a 64 x 64 bit product, without a compiler extension.
uint64_t multiplyHigh(uint64_t a, uint64_t b) {
  const uint64_t aLow = a & 0xffffffff, aHigh = a >> 32, bLow = b & 0xffffffff, bHigh = b >> 32;
  const uint64_t middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const uint64_t middle2 = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (middle2 >> 32);
}

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : m_state) word = splitmix64(seed);
}

uint64_t Random::next() {
  const uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
  const uint64_t shifted = m_state[1] << 17;
  m_state[2] ^= m_state[0];
  m_state[3] ^= m_state[1];
  m_state[1] ^= m_state[2];
  m_state[0] ^= m_state[3];
  m_state[2] ^= shifted;
  m_state[3] = std::rotl(m_state[3], 45);
  return result;
}

uint64_t Random::below(uint64_t bound) {
  STREAMSCOPE_ASSERT(bound > 0);
  const uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const uint64_t draw = next();
    if (draw * bound >= threshold) return multiplyHigh(draw, bound);
  }
}

int64_t Random::between(int64_t low, int64_t high) {
  STREAMSCOPE_ASSERT(low <= high);
  const uint64_t span = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1;
  return static_cast<int64_t>(static_cast<uint64_t>(low) + (span == 0 ? next() : below(span)));
}

Uuid Random::uuid() {
  for (;;) {
    Uuid id{next(), next()};
    id.mostSignificant = (id.mostSignificant & ~0xf000ULL) | 0x4000ULL;
    id.leastSignificant = (id.leastSignificant & ~(3ULL << 62)) | (2ULL << 62);
    if (id.toString().front() != '-') return id;
  }
}

Random Random::fork(uint64_t streamId) const {
  uint64_t mix = m_state[0] ^ std::rotl(m_state[2], 23) ^ (streamId * 0xd1342543de82ef95ULL);
  return Random(splitmix64(mix));
}

}  // namespace streamscope::base
