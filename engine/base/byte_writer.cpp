#include "base/byte_writer.h"

#include <bit>

#include "base/assert.h"

namespace streamscope::base {
namespace {

uint32_t zigzag(int32_t value) { return (static_cast<uint32_t>(value) << 1) ^ static_cast<uint32_t>(value >> 31); }
uint64_t zigzag(int64_t value) { return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63); }

size_t base128Size(uint64_t value) { return static_cast<size_t>(std::bit_width(value | 1) + 6) / 7; }

}  // namespace

void ByteWriter::writeBase128(uint64_t value) {
  while (value >= 0x80) {
    m_bytes.push_back(static_cast<uint8_t>(value | 0x80));
    value >>= 7;
  }
  m_bytes.push_back(static_cast<uint8_t>(value));
}

void ByteWriter::writeFloat64(double value) { writeBigEndian(std::bit_cast<uint64_t>(value)); }
void ByteWriter::writeUnsignedVarint(uint32_t value) { writeBase128(value); }
void ByteWriter::writeVarint(int32_t value) { writeBase128(zigzag(value)); }
void ByteWriter::writeVarlong(int64_t value) { writeBase128(zigzag(value)); }

void ByteWriter::patchInt32(size_t position, int32_t value) {
  STREAMSCOPE_ASSERT(position + 4 <= m_bytes.size());
  for (int i = 0; i < 4; ++i)
    m_bytes[position + static_cast<size_t>(i)] = static_cast<uint8_t>(static_cast<uint32_t>(value) >> (24 - 8 * i));
}

size_t varintSize(int32_t value) { return base128Size(zigzag(value)); }
size_t varlongSize(int64_t value) { return base128Size(zigzag(value)); }

}  // namespace streamscope::base
