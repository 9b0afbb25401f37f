#pragma once

#include <vector>

#include "deleted_segments.h"
#include "log_files.h"
#include "producer_snapshots.h"

namespace streamscope::log {

/// New segments in the place of old ones, after a compaction or a split. Kafka: LocalLog.replaceSegments.
struct SegmentReplacement {
  /// Base offsets, ascending. The new segments are finished and on stable storage, their files named `.cleaned`; the
  /// first of both has the same base offset. None of the old ones is open.
  std::vector<base::Offset> oldSegments, newSegments;
  base::TimestampMs removeAtMs = 0;
};

/// A crash leaves either the old segments or all new ones, see settleInterruptedReplacement: each step is for good
/// before the next begins. The old files wait in `deletedSegments`.
storage::StorageStatus replaceSegments(const LogFiles& files, const SegmentReplacement& replacement,
                                       DeletedSegments& deletedSegments, ProducerSnapshots& snapshots);

/// The end of it, also of one that was interrupted here: the `.swap` files of these segments, ascending, get their
/// names. First the logs, each for good before the next: those that are left say from which offset on old segments may
/// still stand, and that the indexes of their name are old ones.
storage::StorageStatus renameSwaps(const LogFiles& files, const std::vector<base::Offset>& newSegments);

}  // namespace streamscope::log
