#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "controller/snapshot_file.h"
#include "storage/storage.h"

namespace streamscope::controller {

/// The snapshots in the directory of the metadata log, and their life there: written as `.part`, renamed when whole,
/// renamed to `.deleted` when no longer needed, removed later. Refusals are KAFKA_STORAGE_ERROR. Kafka: KafkaRaftLog's
/// snapshots, Snapshots, FileRawSnapshotWriter.
class MetadataSnapshots {
 public:
  /// Removes what is left of earlier lives: `.part`, `.deleted`, and snapshots that end before `logStartOffset`.
  static base::Result<MetadataSnapshots> open(storage::Storage& storage, std::filesystem::path directory,
                                              base::Offset logStartOffset);

  /// Sizes in bytes, by id.
  const std::map<SnapshotId, uint64_t>& sizes() const { return m_sizes; }
  std::optional<SnapshotId> latest() const;
  base::Result<base::SharedBytes> read(const SnapshotId& id) const;
  /// Where a snapshot is, to name it.
  std::filesystem::path path(const SnapshotId& id) const;

  /// On stable storage, under its name, when the call returns.
  base::Status write(const SnapshotId& id, base::ByteView bytes);

  /// Renames every snapshot before `id` to `.deleted`; `removeRetired` removes those.
  base::Status retireBefore(const SnapshotId& id);
  base::Status removeRetired();

 private:
  MetadataSnapshots(storage::Storage& storage, std::filesystem::path directory)
      : m_storage(&storage), m_directory(std::move(directory)) {}

  storage::Storage* m_storage;
  std::filesystem::path m_directory;
  std::map<SnapshotId, uint64_t> m_sizes;
  std::vector<SnapshotId> m_retired;
  uint64_t m_written = 0;
};

}  // namespace streamscope::controller
