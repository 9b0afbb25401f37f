#pragma once

#include <functional>
#include <string_view>

#include "base/bytes.h"
#include "log_files.h"

namespace streamscope::log {

/// A file of sorted entries of one size: what OffsetIndex and TimeIndex have in common. New entries stay in memory
/// until `write` or until they fill a few KiB, readers see them at once; nothing else is kept in memory and the file is
/// open only while it is used. Unlike Kafka, which preallocates the index of the active segment with zeros, the file
/// always has its exact size; Kafka reads both.
class IndexFile {
 public:
  /// `files` must outlive the index. `bytesOnDisk` is what a directory listing says, rounded down to whole entries.
  IndexFile(const LogFiles& files, base::Offset baseOffset, std::string_view suffix, size_t entrySize,
            uint64_t bytesOnDisk);

  size_t count() const { return m_countOnDisk + m_pending.size() / m_entrySize; }
  uint64_t sizeInBytes() const { return count() * m_entrySize; }
  std::filesystem::path path() const { return m_files.path(m_baseOffset, m_suffix); }

  storage::StorageStatus append(base::ByteView entry);
  storage::StorageResult<base::Bytes> entryAt(size_t number) const;
  /// How many leading entries satisfy `holds`, which is true up to some entry and false after it.
  storage::StorageResult<size_t> countWhile(const std::function<bool(base::ByteView)>& holds) const;

  /// Drops entries from number `count` on.
  storage::StorageStatus truncate(size_t count);
  /// What is in memory into the file, which exists afterwards; with `sync` onto stable storage.
  storage::StorageStatus write(bool sync);

 private:
  storage::StorageResult<std::unique_ptr<storage::File>> openForReading() const;

  const LogFiles& m_files;
  base::Offset m_baseOffset;
  std::string_view m_suffix;
  size_t m_entrySize;
  size_t m_countOnDisk;
  base::Bytes m_pending;
  /// The file may hold bytes that are not on stable storage.
  bool m_isUnsynced = false;
};

}  // namespace streamscope::log
