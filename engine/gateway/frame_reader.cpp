#include "frame_reader.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/byte_reader.h"

namespace streamscope::gateway {
namespace {

constexpr size_t kSizePrefix = 4;
constexpr size_t kCapacityAtFirst = 16 * 1024;
/// A buffer that one large frame made larger than this is given back when it is empty.
constexpr size_t kCapacityKept = 1024 * 1024;

}  // namespace

FrameReader::FrameReader(uint32_t frameBytesMax) : m_frameBytesMax(frameBytesMax) {}

std::span<uint8_t> FrameReader::space() {
  if (m_begin == m_end) {
    m_begin = m_end = 0;
    if (m_capacity > kCapacityKept) {
      m_buffer.reset();
      m_capacity = 0;
    }
  }
  if (m_end == m_capacity) makeRoom();
  return {m_buffer.get() + m_end, m_capacity - m_end};
}

void FrameReader::makeRoom() {
  const size_t held = m_end - m_begin;
  // Moving to the front is enough while it wins at least half of the buffer.
  if (m_begin > 0 && held <= m_capacity / 2) {
    std::memmove(m_buffer.get(), m_buffer.get() + m_begin, held);
  } else {
    const size_t capacity = std::max(kCapacityAtFirst, m_capacity * 2);
    auto larger = std::make_unique_for_overwrite<uint8_t[]>(capacity);
    if (held > 0) std::memcpy(larger.get(), m_buffer.get() + m_begin, held);
    m_buffer = std::move(larger);
    m_capacity = capacity;
  }
  m_begin = 0;
  m_end = held;
}

void FrameReader::filled(size_t count) {
  STREAMSCOPE_ASSERT(count <= m_capacity - m_end);
  m_end += count;
}

std::optional<base::ByteView> FrameReader::next() {
  if (!m_refusal.empty() || m_end - m_begin < kSizePrefix) return std::nullopt;
  const int32_t size = base::ByteReader({m_buffer.get() + m_begin, kSizePrefix}).readInt32();
  if (size < 0) {
    m_refusal = "A request announces a negative size (" + std::to_string(size) + "); this is no Kafka client.";
    return std::nullopt;
  }
  if (static_cast<uint32_t>(size) > m_frameBytesMax) {
    m_refusal = "A request announces " + std::to_string(size) + " bytes, more than socket.request.max.bytes (" +
                std::to_string(m_frameBytesMax) + ").";
    return std::nullopt;
  }
  const size_t frameBytes = static_cast<size_t>(size);
  if (m_end - m_begin < kSizePrefix + frameBytes) return std::nullopt;
  const base::ByteView frame(m_buffer.get() + m_begin + kSizePrefix, frameBytes);
  m_begin += kSizePrefix + frameBytes;
  return frame;
}

}  // namespace streamscope::gateway
