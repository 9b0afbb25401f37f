#include "base/byte_reader.h"

#include <bit>

namespace streamscope::base {

ByteView ByteReader::readBytes(size_t count) {
  if (m_failed || count > remaining()) {
    m_failed = true;
    return {};
  }
  const ByteView part = m_bytes.subspan(m_position, count);
  m_position += count;
  return part;
}

double ByteReader::readFloat64() { return std::bit_cast<double>(static_cast<uint64_t>(readInt64())); }

uint64_t ByteReader::readBase128(int bytesMax) {
  uint64_t value = 0;
  for (int i = 0; i < bytesMax; ++i) {
    const ByteView raw = readBytes(1);
    if (raw.empty()) return 0;
    value |= static_cast<uint64_t>(raw[0] & 0x7f) << (7 * i);
    if ((raw[0] & 0x80) == 0) return value;
  }
  m_failed = true;
  return 0;
}

uint32_t ByteReader::readUnsignedVarint() {
  const uint64_t value = readBase128(5);
  if (value > UINT32_MAX) m_failed = true;
  return m_failed ? 0 : static_cast<uint32_t>(value);
}

int32_t ByteReader::readVarint() {
  const uint32_t raw = readUnsignedVarint();
  return static_cast<int32_t>(raw >> 1) ^ -static_cast<int32_t>(raw & 1);
}

int64_t ByteReader::readVarlong() {
  const uint64_t raw = readBase128(10);
  return static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
}

}  // namespace streamscope::base
