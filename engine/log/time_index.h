#pragma once

#include <optional>

#include "base/virtual_time.h"
#include "index_file.h"

namespace streamscope::log {

/// N.timeindex: sparse (largest timestamp so far, offset of the batch that has it) pairs of one segment, timestamps
/// strictly increasing. 12 bytes an entry: timestamp, offset minus base offset. Kafka: TimeIndex.
class TimeIndex {
 public:
  static constexpr size_t kEntrySize = 12;

  struct Entry {
    base::TimestampMs timestamp = -1;
    base::Offset offset = 0;
  };

  TimeIndex(const LogFiles& files, base::Offset baseOffset, uint64_t bytesOnDisk)
      : m_file(files, baseOffset, kTimeIndexSuffix, kEntrySize, bytesOnDisk), m_baseOffset(baseOffset) {}

  size_t count() const { return m_file.count(); }
  uint64_t sizeInBytes() const { return m_file.sizeInBytes(); }
  std::filesystem::path path() const { return m_file.path(); }
  /// One slot is kept for the entry a roll adds.
  bool isFull(int32_t segmentIndexBytes) const {
    return count() + 1 >= static_cast<size_t>(segmentIndexBytes) / kEntrySize;
  }

  /// Adds an entry when `timestamp` is above the last one's.
  storage::StorageStatus maybeAppend(base::TimestampMs timestamp, base::Offset offset);
  /// The greatest entry at or below `timestamp`, or (-1, base offset).
  storage::StorageResult<Entry> lookup(base::TimestampMs timestamp) const;
  /// (-1, base offset) when empty.
  storage::StorageResult<Entry> lastEntry() const;
  /// Drops entries whose offset is at or above `offset`.
  storage::StorageStatus truncateTo(base::Offset offset);
  /// Drops everything, whatever it is.
  storage::StorageStatus reset();
  storage::StorageStatus write(bool sync) { return m_file.write(sync); }

  static Entry decode(base::ByteView entry, base::Offset baseOffset);
  static base::Bytes encode(const Entry& entry, base::Offset baseOffset);

 private:
  storage::StorageResult<Entry> entryBefore(size_t number) const;

  IndexFile m_file;
  base::Offset m_baseOffset;
  mutable std::optional<Entry> m_last;
};

}  // namespace streamscope::log
