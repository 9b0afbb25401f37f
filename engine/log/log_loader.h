#pragma once

#include <memory>
#include <set>
#include <vector>

#include "base/result.h"
#include "deleted_segments.h"
#include "leader_epoch_cache.h"
#include "log/partition_log.h"
#include "log_files.h"
#include "producer_state_manager.h"
#include "segment.h"

namespace streamscope::log {

/// A log as it came from disk.
struct LoadedLog {
  /// In the order of their base offsets, at least one.
  std::vector<std::unique_ptr<Segment>> segments;
  std::vector<PartitionLog::EpochEntry> epochs;
  base::Offset logStartOffset = 0;
  base::Offset logEndOffset = 0;
  base::Offset recoveryPoint = 0;
};

/// Loads one replica's directory, and after an unclean shutdown recovers it: everything from the recovery point on is
/// read, what is not a valid continuation is cut. Kafka: LogLoader, LogSegment.recover.
class LogLoader {
 public:
  /// Segments that recovery drops go into `deletedSegments`.
  LogLoader(const LogFiles& files, const PartitionLog::OpenOptions& options, DeletedSegments& deletedSegments,
            RecoveryReport& report);

  base::Result<LoadedLog> load();

 private:
  base::Status removeTemporaryFiles();
  base::Status completeSwaps(const std::vector<storage::DirectoryEntry>& entries, base::Offset smallestCleaned);
  base::Status findSegments();
  void loadEpochs();
  base::Status recoverSegments();
  base::Status recover(size_t index);
  base::Status dropSegmentsFrom(size_t index, const std::string& reason);
  base::Status settleOffsets();

  const LogFiles& m_files;
  const PartitionLog::OpenOptions& m_options;
  DeletedSegments& m_deletedSegments;
  RecoveryReport& m_report;
  LoadedLog m_loaded;
  LeaderEpochCache m_epochs;
  /// Base offsets of segments without an offset index.
  std::set<base::Offset> m_withoutIndex;
  /// The epoch file was missing or unusable though there are batches: only they know the epochs.
  bool m_mustRecoverAll = false;
};

}  // namespace streamscope::log
