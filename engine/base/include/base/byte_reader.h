#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace streamscope::base {

/// Reads big-endian numbers and variable-length integers from bytes somebody else wrote. Never reads past the end: the
/// first read that does not fit sets `failed()`, returns zero, and every later read does the same, so that a parser may
/// read a whole struct and ask once.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : m_bytes(bytes) {}

  int8_t readInt8() { return static_cast<int8_t>(readBigEndian<uint8_t>()); }
  int16_t readInt16() { return static_cast<int16_t>(readBigEndian<uint16_t>()); }
  uint16_t readUint16() { return readBigEndian<uint16_t>(); }
  int32_t readInt32() { return static_cast<int32_t>(readBigEndian<uint32_t>()); }
  uint32_t readUint32() { return readBigEndian<uint32_t>(); }
  int64_t readInt64() { return static_cast<int64_t>(readBigEndian<uint64_t>()); }
  double readFloat64();

  /// Unsigned base-128 (protocol's compact types and tags); at most 5 bytes.
  uint32_t readUnsignedVarint();
  /// Zigzag base-128 (records); at most 5 bytes.
  int32_t readVarint();
  /// Zigzag base-128 (records); at most 10 bytes.
  int64_t readVarlong();

  /// The next `count` bytes, not copied; empty and failed when there are fewer.
  ByteView readBytes(size_t count);
  void skip(size_t count) { readBytes(count); }

  size_t position() const { return m_position; }
  size_t remaining() const { return m_bytes.size() - m_position; }
  bool failed() const { return m_failed; }
  /// Marks the input as bad from here on, for a caller that finds a value out of range.
  void setFailed() { m_failed = true; }

 private:
  template <class Unsigned>
  Unsigned readBigEndian() {
    const ByteView raw = readBytes(sizeof(Unsigned));
    Unsigned value = 0;
    for (const uint8_t byte : raw) value = static_cast<Unsigned>((static_cast<uint64_t>(value) << 8) | byte);
    return value;
  }
  uint64_t readBase128(int bytesMax);

  ByteView m_bytes;
  size_t m_position = 0;
  bool m_failed = false;
};

}  // namespace streamscope::base
