#pragma once

#include <map>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "base/result.h"
#include "log/partition_log.h"
#include "log_files.h"
#include "producer_state_manager.h"

namespace streamscope::log {

/// The N.snapshot files of one log: the producer state as of offset N. Where N is a segment's base offset, the file has
/// a second meaning: it is written only when everything before N is on stable storage. After a crash recovery tells by
/// it a gap before N that compaction has left from one where records are missing. (Kafka writes the file as soon as the
/// segment begins, and takes every gap for one of compaction.)
class ProducerSnapshots {
 public:
  /// `files` must outlive this object.
  explicit ProducerSnapshots(const LogFiles& files) : m_files(files) {}

  /// Looks at what is there and removes files that are of no use any more: whose offset is no segment's base, except
  /// the newest one behind the last segment's base.
  storage::StorageStatus open(const std::set<base::Offset>& baseOffsets);
  /// After `open`: the offsets of the files.
  const std::set<base::Offset>& offsets() const { return m_offsets; }

  /// Loads the newest usable snapshot in (logStart, logEnd]; what is beyond the end or damaged is removed, the latter
  /// told in `report`. Without one the state is empty as of `logStart`.
  storage::StorageStatus loadNewest(ProducerStateManager& state, base::Offset logStart, base::Offset logEnd,
                                    RecoveryReport* report);

  /// What was recorded beyond `offset` goes, or where a segment begins is recorded anew by `take` or goes with
  /// `removeSuperseded`: until then these files stay, for their second meaning.
  storage::StorageStatus supersedeBeyond(base::Offset offset, const std::set<base::Offset>& baseOffsets);
  storage::StorageStatus removeSuperseded();

  /// Keeps the state as of its end offset until `write`, unless there is a snapshot of that offset or a later one.
  void take(const ProducerStateManager& state);
  /// The lowest offset whose snapshot is not in a file yet.
  std::optional<base::Offset> firstUnwritten() const;
  /// Those up to `end`, for when everything before it is on stable storage, the segments' names too. Syncs the files,
  /// not their names.
  storage::StorageStatus write(base::Offset end);

  /// A segment and its snapshot were removed.
  void forget(base::Offset offset);
  storage::StorageStatus removeAll();

 private:
  storage::StorageStatus remove(base::Offset offset);

  const LogFiles& m_files;
  std::set<base::Offset> m_offsets;
  /// Those of m_offsets that are not in a file.
  std::map<base::Offset, base::Bytes> m_unwritten;
  std::set<base::Offset> m_superseded;
};

}  // namespace streamscope::log
