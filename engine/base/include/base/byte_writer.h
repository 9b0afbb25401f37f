#pragma once

#include <cstdint>
#include <utility>

#include "base/bytes.h"

namespace streamscope::base {

/// Appends big-endian numbers and variable-length integers to a buffer; the mirror of ByteReader.
class ByteWriter {
 public:
  ByteWriter() = default;
  explicit ByteWriter(size_t reserve) { m_bytes.reserve(reserve); }

  void writeInt8(int8_t value) { m_bytes.push_back(static_cast<uint8_t>(value)); }
  void writeInt16(int16_t value) { writeBigEndian(static_cast<uint16_t>(value)); }
  void writeUint16(uint16_t value) { writeBigEndian(value); }
  void writeInt32(int32_t value) { writeBigEndian(static_cast<uint32_t>(value)); }
  void writeUint32(uint32_t value) { writeBigEndian(value); }
  void writeInt64(int64_t value) { writeBigEndian(static_cast<uint64_t>(value)); }
  void writeFloat64(double value);
  void writeUnsignedVarint(uint32_t value);
  void writeVarint(int32_t value);
  void writeVarlong(int64_t value);
  void writeBytes(ByteView bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }

  /// Overwrites four bytes written earlier; for a length or checksum known only at the end.
  void patchInt32(size_t position, int32_t value);

  size_t size() const { return m_bytes.size(); }
  ByteView view() const { return m_bytes; }
  Bytes take() { return std::move(m_bytes); }

 private:
  template <class Unsigned>
  void writeBigEndian(Unsigned value) {
    for (int shift = static_cast<int>(sizeof(Unsigned) - 1) * 8; shift >= 0; shift -= 8)
      m_bytes.push_back(static_cast<uint8_t>(value >> shift));
  }
  void writeBase128(uint64_t value);

  Bytes m_bytes;
};

/// Bytes an int takes as a zigzag varint (1..5) or varlong (1..10).
size_t varintSize(int32_t value);
size_t varlongSize(int64_t value);

}  // namespace streamscope::base
