#include "offset_map.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace streamscope::log {
namespace {

constexpr size_t kFirstTableSize = 1024;
/// The table is at most this full, in percent, while it can grow.
constexpr size_t kFullPercent = 75;

uint32_t bigEndianAt(const Md5Digest& digest, size_t at) {
  return static_cast<uint32_t>(digest[at]) << 24 | static_cast<uint32_t>(digest[at + 1]) << 16 |
         static_cast<uint32_t>(digest[at + 2]) << 8 | static_cast<uint32_t>(digest[at + 3]);
}

}  // namespace

OffsetMap::OffsetMap(uint64_t bytesMax)
    : m_slotCount(static_cast<size_t>(std::min<uint64_t>(bytesMax, INT32_MAX) / kBytesPerEntry)) {
  STREAMSCOPE_ASSERT(m_slotCount > 0);
  clear();
}

void OffsetMap::clear() {
  m_size = 0;
  m_latestOffset = base::kNoOffset;
  m_table.assign(std::min(kFirstTableSize, m_slotCount + 1), Entry{});
  m_table.shrink_to_fit();
}

size_t OffsetMap::placeOf(const Md5Digest& digest) const {
  // As Kafka probes: first the numbers at each byte of the digest, then one place after the other.
  constexpr size_t kLastNumber = sizeof(Md5Digest) - sizeof(uint32_t);
  for (size_t attempt = 0;; ++attempt) {
    const size_t number = bigEndianAt(digest, std::min(attempt, kLastNumber));
    const size_t step = attempt > kLastNumber ? attempt - kLastNumber : 0;
    const size_t place = (number + step) % m_table.size();
    const Entry& entry = m_table[place];
    if (entry.offset == base::kNoOffset || entry.digest == digest) return place;
  }
}

void OffsetMap::put(base::ByteView key, base::Offset offset) {
  STREAMSCOPE_ASSERT(offset >= 0);
  const Md5Digest digest = m_md5(key);
  Entry* entry = &m_table[placeOf(digest)];
  m_latestOffset = offset;
  if (entry->offset == base::kNoOffset) {
    STREAMSCOPE_ASSERT(m_size < m_slotCount);
    ++m_size;
    // One place more than slots, so that a search always ends.
    if (m_size * 100 > m_table.size() * kFullPercent && m_table.size() < m_slotCount + 1) {
      grow();
      entry = &m_table[placeOf(digest)];
    }
    entry->digest = digest;
  }
  entry->offset = offset;
}

void OffsetMap::grow() {
  std::vector<Entry> old(std::min(m_table.size() * 2, m_slotCount + 1));
  std::swap(old, m_table);
  for (const Entry& entry : old)
    if (entry.offset != base::kNoOffset) m_table[placeOf(entry.digest)] = entry;
}

base::Offset OffsetMap::get(base::ByteView key) const {
  return m_table[placeOf(m_md5(key))].offset;
}

}  // namespace streamscope::log
