#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/result.h"
#include "deleted_segments.h"
#include "leader_epoch_cache.h"
#include "log/partition_log.h"
#include "log_files.h"
#include "producer_snapshots.h"
#include "producer_state_manager.h"
#include "segment.h"

namespace streamscope::log {

/// A log as it came from disk.
struct LoadedLog {
  /// In the order of their base offsets, at least one.
  std::vector<std::unique_ptr<Segment>> segments;
  std::vector<PartitionLog::EpochEntry> epochs;
  /// As of the log end.
  ProducerStateManager producers;
  base::Offset logStartOffset = 0;
  base::Offset logEndOffset = 0;
  base::Offset recoveryPoint = 0;
};

/// Loads one replica's directory, and after an unclean shutdown recovers it: everything from the recovery point on is
/// read, what is not a valid continuation is cut. Overflowed segments are split, as Kafka does while it recovers them;
/// not the last one, where offsets too large are taken for damage: no compaction made it. Kafka: LogLoader,
/// LogSegment.recover.
class LogLoader {
 public:
  /// Segments that recovery drops go into `deletedSegments`. `snapshots` is opened, and left with what is of use.
  LogLoader(const LogFiles& files, const PartitionLog::OpenOptions& options, DeletedSegments& deletedSegments,
            ProducerSnapshots& snapshots, RecoveryReport& report);

  base::Result<LoadedLog> load();

 private:
  /// Where a segment stops being one batch after the other.
  struct Damage {
    uint64_t atByte = 0;
    std::string reason;
    /// A whole batch stands there that has no business there.
    bool isWholeBatch = false;
  };

  /// One attempt; ends early when a segment turns out to be overflowed.
  base::Status loadSegments();
  base::Status findSegments();
  void loadEpochs();
  base::Status recoverSegments();
  /// Whether the index can be used; what is wrong with it is told.
  base::Result<bool> checkTransactionIndex(const TransactionIndex& index);
  base::Status recover(size_t index);
  /// Whether the next segment leaves room for offsets that do not fit 32 bits beyond this one's base offset.
  bool mayOverflow(size_t index) const;
  /// Whether what is from `position` on goes on in order up to the next segment: no damage made the offsets large.
  base::Result<bool> isOverflowed(size_t index, uint64_t position) const;
  /// The overflowed segment becomes several; then everything is loaded anew.
  base::Status splitOverflowed();
  base::Status goOnFromSnapshot();
  /// Whether records are missing between the segment and the one before it, which was just recovered.
  bool isBehindHole(size_t index) const;
  /// The producers' state as of the start of a segment that is about to be recovered.
  base::Status bringProducersTo(size_t index);
  base::Status loadSnapshot(base::Offset end);
  base::Status loadProducers();
  /// Cuts a segment where `damage` begins and drops what follows it, and tells what is lost.
  base::Status cut(size_t index, const Damage& damage);
  bool segmentsAreEmptyFrom(size_t index) const;
  base::Status dropSegmentsFrom(size_t index, const std::string& reason);
  base::Status settleOffsets();

  const LogFiles& m_files;
  const PartitionLog::OpenOptions& m_options;
  DeletedSegments& m_deletedSegments;
  ProducerSnapshots& m_snapshots;
  RecoveryReport& m_report;
  LoadedLog m_loaded;
  LeaderEpochCache m_epochs;
  /// Base offsets of segments without an offset index or without a time index.
  std::set<base::Offset> m_withoutIndex;
  /// Base offsets before which everything was on stable storage (see ProducerSnapshots).
  std::set<base::Offset> m_withSnapshot;
  /// Where the segment recovered last ends.
  base::Offset m_recoveredEnd = base::kNoOffset;
  /// Base offset of the first segment that was recovered; the state of producers goes on from there.
  base::Offset m_recoveredFrom = base::kNoOffset;
  /// A segment that must be split, and the producers' state as of its base offset.
  struct Overflowed {
    size_t index = 0;
    ProducerStateManager producers;
  };
  std::optional<Overflowed> m_overflowed;
  /// The epoch file was missing or unusable though there are batches: only they know the epochs.
  bool m_mustRecoverAll = false;
};

}  // namespace streamscope::log
