#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/topic_partition.h"
#include "md5.h"

namespace streamscope::log {

/// The last offset of every key in the dirty part of a log. Knows keys by their MD5 only, so that an entry takes 24
/// bytes whatever the key's size: two keys with one digest would count as one, as in Kafka. The table starts small and
/// doubles up to the memory it may use. Kafka: SkimpyOffsetMap, which takes that memory at once.
class OffsetMap {
 public:
  static constexpr uint64_t kBytesPerEntry = 24;

  /// `bytesMax` as in log.cleaner.dedupe.buffer.size, at least one entry; beyond 2 GiB - 1 it is not used.
  explicit OffsetMap(uint64_t bytesMax);

  /// How many keys may be in it.
  size_t slotCount() const { return m_slotCount; }
  size_t size() const { return m_size; }
  /// size of slotCount, 0 to 1.
  double utilization() const { return static_cast<double>(m_size) / static_cast<double>(m_slotCount); }

  /// A later put of the same key overwrites. There must be a free slot.
  void put(base::ByteView key, base::Offset offset);
  /// kNoOffset for a key that was not put.
  base::Offset get(base::ByteView key) const;
  void clear();

  /// Up to here the log was read into the map; kNoOffset at first.
  base::Offset latestOffset() const { return m_latestOffset; }
  void updateLatestOffset(base::Offset offset) { m_latestOffset = offset; }

 private:
  struct Entry {
    Md5Digest digest = {};
    base::Offset offset = base::kNoOffset;
  };

  /// Where the digest is, or the free place where it belongs; the table must have one.
  size_t placeOf(const Md5Digest& digest) const;
  void grow();

  Md5 m_md5;
  size_t m_slotCount;
  size_t m_size = 0;
  base::Offset m_latestOffset = base::kNoOffset;
  std::vector<Entry> m_table;
};

}  // namespace streamscope::log
