#pragma once

#include <optional>

#include "index_file.h"

namespace streamscope::log {

/// N.index: sparse (offset, file position) pairs of one segment, offsets strictly increasing. 8 bytes an entry: offset
/// minus base offset, position. Kafka: OffsetIndex.
class OffsetIndex {
 public:
  static constexpr size_t kEntrySize = 8;

  struct Entry {
    base::Offset offset = 0;
    uint64_t position = 0;
  };

  OffsetIndex(const LogFiles& files, base::Offset baseOffset, uint64_t bytesOnDisk)
      : m_file(files, baseOffset, kOffsetIndexSuffix, kEntrySize, bytesOnDisk), m_baseOffset(baseOffset) {}

  size_t count() const { return m_file.count(); }
  uint64_t sizeInBytes() const { return m_file.sizeInBytes(); }
  std::filesystem::path path() const { return m_file.path(); }
  bool isFull(int32_t segmentIndexBytes) const {
    return count() >= static_cast<size_t>(segmentIndexBytes) / kEntrySize;
  }

  /// An offset that is not above the last one is dropped, as only a damaged index can bring it about.
  storage::StorageStatus append(base::Offset offset, uint64_t position);
  /// The greatest entry at or below `offset`, or the base offset at position 0.
  storage::StorageResult<Entry> lookup(base::Offset offset) const;
  storage::StorageResult<std::optional<Entry>> lastEntry() const;
  /// Drops entries at or above `offset`.
  storage::StorageStatus truncateTo(base::Offset offset);
  /// Drops everything, whatever it is.
  storage::StorageStatus reset();
  storage::StorageStatus write(bool sync) { return m_file.write(sync); }

  static Entry decode(base::ByteView entry, base::Offset baseOffset);
  static base::Bytes encode(const Entry& entry, base::Offset baseOffset);

 private:
  IndexFile m_file;
  base::Offset m_baseOffset;
  /// Offset of the last entry, once known.
  mutable std::optional<base::Offset> m_lastOffset;
};

}  // namespace streamscope::log
