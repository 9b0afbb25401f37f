#pragma once

#include <set>

#include "base/result.h"
#include "log/partition_log.h"
#include "log_files.h"
#include "producer_state_manager.h"

namespace streamscope::log {

/// The N.snapshot files of one log: the producer state as of offset N.
class ProducerSnapshots {
 public:
  /// `files` must outlive this object.
  explicit ProducerSnapshots(const LogFiles& files) : m_files(files) {}

  /// Looks at what is there and removes files that are of no use any more: whose offset is no segment's base, except
  /// the newest one behind the last segment's base.
  storage::StorageStatus open(const std::set<base::Offset>& baseOffsets);

  /// Loads the newest usable snapshot in (logStart, logEnd]; what is beyond the end or damaged is removed, the latter
  /// told in `report`. Without one the state is empty as of `logStart`.
  storage::StorageStatus loadNewest(ProducerStateManager& state, base::Offset logStart, base::Offset logEnd,
                                    RecoveryReport* report);

  /// Writes the state as of its end offset, unless there is a snapshot of that offset or a later one.
  storage::StorageStatus take(const ProducerStateManager& state);
  /// A segment and its snapshot were removed.
  void forget(base::Offset offset) { m_offsets.erase(offset); }
  storage::StorageStatus removeAll();
  /// Snapshots written since the last call onto stable storage.
  storage::StorageStatus sync();

 private:
  storage::StorageStatus remove(base::Offset offset);

  const LogFiles& m_files;
  std::set<base::Offset> m_offsets;
  std::set<base::Offset> m_unsynced;
};

}  // namespace streamscope::log
