#pragma once

#include <vector>

#include "log/partition_log.h"
#include "log_files.h"

namespace streamscope::log {

inline constexpr const char* kEpochCheckpointFile = "leader-epoch-checkpoint";

/// The leader epochs of one log and the offset each began at; both ascend. Every change is written to
/// leader-epoch-checkpoint before it counts. Kafka: LeaderEpochFileCache.
class LeaderEpochCache {
 public:
  /// `files` must outlive the cache.
  LeaderEpochCache(const LogFiles& files, std::vector<PartitionLog::EpochEntry> entries);

  const std::vector<PartitionLog::EpochEntry>& entries() const { return m_entries; }
  base::LeaderEpoch latestEpoch() const { return m_entries.empty() ? base::kNoEpoch : m_entries.back().epoch; }

  /// Makes `epoch` begin at `startOffset`; entries it contradicts go. No write when it is known already.
  storage::StorageStatus assign(base::LeaderEpoch epoch, base::Offset startOffset);
  /// The same without the write, for recovery, which ends with `write`.
  void assignUnwritten(base::LeaderEpoch epoch, base::Offset startOffset) { insert(epoch, startOffset); }
  storage::StorageStatus write() const;
  /// Drops epochs that begin at or beyond `endOffset`.
  storage::StorageStatus truncateFromEnd(base::Offset endOffset);
  /// Drops epochs that end at or below `startOffset`; the one that covers it begins there from now on.
  storage::StorageStatus truncateFromStart(base::Offset startOffset);
  storage::StorageStatus clear();

  PartitionLog::EpochEnd endOffsetFor(base::LeaderEpoch epoch, base::Offset logEndOffset) const;
  base::LeaderEpoch epochForOffset(base::Offset offset) const;

 private:
  /// False when there was nothing to change.
  bool insert(base::LeaderEpoch epoch, base::Offset startOffset);

  const LogFiles* m_files;
  std::vector<PartitionLog::EpochEntry> m_entries;
};

}  // namespace streamscope::log
