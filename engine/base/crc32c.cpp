#include "base/crc32c.h"

#include <algorithm>
#include <array>
#include <cstring>

#ifdef STREAMSCOPE_HAVE_ISAL
#include <isa-l/crc.h>
#elif defined(__x86_64__) && defined(__GNUC__)
#include <nmmintrin.h>
#elif defined(_M_X64)
#include <intrin.h>
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

namespace streamscope::base {
namespace {

using SliceTables = std::array<std::array<uint32_t, 256>, 8>;

constexpr SliceTables makeTables() {
  SliceTables tables{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    tables[0][i] = crc;
  }
  for (size_t slice = 1; slice < 8; ++slice)
    for (size_t i = 0; i < 256; ++i)
      tables[slice][i] = (tables[slice - 1][i] >> 8) ^ tables[0][tables[slice - 1][i] & 0xff];
  return tables;
}

constexpr SliceTables kTables = makeTables();

}  // namespace

uint32_t crc32cPortable(ByteView bytes) {
  uint32_t crc = 0xffffffffu;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const uint32_t low = crc ^ (static_cast<uint32_t>(bytes[i]) | static_cast<uint32_t>(bytes[i + 1]) << 8 |
                                static_cast<uint32_t>(bytes[i + 2]) << 16 | static_cast<uint32_t>(bytes[i + 3]) << 24);
    crc = kTables[7][low & 0xff] ^ kTables[6][(low >> 8) & 0xff] ^ kTables[5][(low >> 16) & 0xff] ^
          kTables[4][low >> 24] ^ kTables[3][bytes[i + 4]] ^ kTables[2][bytes[i + 5]] ^ kTables[1][bytes[i + 6]] ^
          kTables[0][bytes[i + 7]];
  }
  for (; i < bytes.size(); ++i) crc = (crc >> 8) ^ kTables[0][(crc ^ bytes[i]) & 0xff];
  return ~crc;
}

namespace {

#if defined(STREAMSCOPE_HAVE_ISAL)

bool hasInstruction() {
  return true;
}

uint32_t crc32cByInstruction(ByteView bytes) {
  // ISA-L takes an int length.
  uint32_t crc = 0xffffffffu;
  while (!bytes.empty()) {
    const ByteView part = bytes.first(std::min<size_t>(bytes.size(), INT32_MAX));
    crc = crc32_iscsi(const_cast<unsigned char*>(part.data()), static_cast<int>(part.size()), crc);
    bytes = bytes.subspan(part.size());
  }
  return ~crc;
}

#elif defined(__x86_64__) || defined(_M_X64) || defined(__ARM_FEATURE_CRC32)

#if defined(__ARM_FEATURE_CRC32)
#define STREAMSCOPE_CRC_TARGET
bool hasInstruction() {
  return true;
}
uint64_t next8(uint64_t crc, uint64_t word) {
  return __crc32cd(static_cast<uint32_t>(crc), word);
}
uint32_t next1(uint32_t crc, uint8_t byte) {
  return __crc32cb(crc, byte);
}
#else
#if defined(__GNUC__)
#define STREAMSCOPE_CRC_TARGET __attribute__((target("sse4.2")))
bool hasInstruction() {
  static const bool kHas = __builtin_cpu_supports("sse4.2") != 0;
  return kHas;
}
#else
#define STREAMSCOPE_CRC_TARGET
bool hasInstruction() {
  static const bool kHas = [] {
    int registers[4];
    __cpuid(registers, 1);
    return (registers[2] & 1 << 20) != 0;
  }();
  return kHas;
}
#endif
STREAMSCOPE_CRC_TARGET uint64_t next8(uint64_t crc, uint64_t word) {
  return _mm_crc32_u64(crc, word);
}
STREAMSCOPE_CRC_TARGET uint32_t next1(uint32_t crc, uint8_t byte) {
  return _mm_crc32_u8(crc, byte);
}
#endif

/// What a run of zero bytes does to a checksum, as a sum over its four bytes: checksums are linear.
using ShiftTables = std::array<std::array<uint32_t, 256>, 4>;

constexpr ShiftTables makeShift(size_t zeroBytes) {
  std::array<uint32_t, 32> ofBit{};
  for (size_t bit = 0; bit < ofBit.size(); ++bit) {
    uint32_t crc = 1u << bit;
    for (size_t i = 0; i < zeroBytes; ++i) crc = (crc >> 8) ^ kTables[0][crc & 0xff];
    ofBit[bit] = crc;
  }
  ShiftTables shift{};
  for (size_t byte = 0; byte < 4; ++byte)
    for (size_t value = 0; value < 256; ++value)
      for (size_t bit = 0; bit < 8; ++bit)
        if ((value >> bit & 1) != 0) shift[byte][value] ^= ofBit[byte * 8 + bit];
  return shift;
}

uint32_t shifted(const ShiftTables& shift, uint32_t crc) {
  return shift[0][crc & 0xff] ^ shift[1][(crc >> 8) & 0xff] ^ shift[2][(crc >> 16) & 0xff] ^ shift[3][crc >> 24];
}

constexpr size_t kLaneBytes = 1024;
constexpr ShiftTables kOneLane = makeShift(kLaneBytes);
constexpr ShiftTables kTwoLanes = makeShift(2 * kLaneBytes);

uint64_t wordAt(const uint8_t* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// The instruction takes three cycles but one can start in each, so three lanes run side by side while there are bytes.
STREAMSCOPE_CRC_TARGET uint32_t crc32cByInstruction(ByteView bytes) {
  const uint8_t* at = bytes.data();
  const uint8_t* const end = at + bytes.size();
  uint64_t crc = 0xffffffffu;
  while (static_cast<size_t>(end - at) >= 3 * kLaneBytes) {
    uint64_t second = 0;
    uint64_t third = 0;
    for (size_t i = 0; i < kLaneBytes; i += 8) {
      crc = next8(crc, wordAt(at + i));
      second = next8(second, wordAt(at + kLaneBytes + i));
      third = next8(third, wordAt(at + 2 * kLaneBytes + i));
    }
    crc = shifted(kTwoLanes, static_cast<uint32_t>(crc)) ^ shifted(kOneLane, static_cast<uint32_t>(second)) ^ third;
    at += 3 * kLaneBytes;
  }
  for (; end - at >= 8; at += 8) crc = next8(crc, wordAt(at));
  auto last = static_cast<uint32_t>(crc);
  for (; at < end; ++at) last = next1(last, *at);
  return ~last;
}

#else

bool hasInstruction() {
  return false;
}

uint32_t crc32cByInstruction(ByteView bytes) {
  return crc32cPortable(bytes);
}

#endif

}  // namespace

uint32_t crc32c(ByteView bytes) {
  return hasInstruction() ? crc32cByInstruction(bytes) : crc32cPortable(bytes);
}

}  // namespace streamscope::base
