#pragma once

#include <cstdint>

#include "base/topic_partition.h"

namespace streamscope::log {

/// How much of a compacted log may be cleaned now. Kafka: LogToClean, with LogCleanerManager.cleanableOffsets.
struct LogToClean {
  base::TopicPartition partition;
  /// Everything below was cleaned before.
  base::Offset firstDirtyOffset = 0;
  /// Base offset of the first segment that stays as it is: the active one, the one with the last stable offset, or the
  /// first that is younger than min.compaction.lag.ms.
  base::Offset firstUncleanableOffset = 0;
  /// Bytes of the segments before the first dirty offset, and of those from there to the first uncleanable one.
  uint64_t cleanBytes = 0;
  uint64_t cleanableBytes = 0;
  /// There are records older than max.compaction.lag.ms: the ratio does not matter.
  bool needsCompactionNow = false;
  /// The checkpoint was not in the log any more: `firstDirtyOffset` is the log start and has to be written there.
  bool isCheckpointInvalid = false;

  uint64_t totalBytes() const { return cleanBytes + cleanableBytes; }
  /// 0 to 1, compared with min.cleanable.dirty.ratio.
  double cleanableRatio() const {
    return totalBytes() == 0 ? 0 : static_cast<double>(cleanableBytes) / static_cast<double>(totalBytes());
  }
};

/// What one cleaning of a log read, kept and wrote. Kafka: CleanerStats.
struct CleanerStats {
  /// Up to here the log is clean now.
  base::Offset endOffset = 0;
  // While the offset map was built.
  uint64_t mapBytesRead = 0;
  uint64_t mapMessagesRead = 0;
  uint64_t keys = 0;
  double bufferUtilization = 0;
  // While the segments were rewritten.
  uint64_t bytesRead = 0;
  uint64_t messagesRead = 0;
  uint64_t bytesWritten = 0;
  uint64_t messagesWritten = 0;
  /// Records without a key, which a compacted log cannot keep.
  uint64_t invalidMessagesRead = 0;
  uint64_t segmentsBefore = 0;
  uint64_t segmentsAfter = 0;
};

}  // namespace streamscope::log
