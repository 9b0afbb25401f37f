#pragma once

#include <vector>

#include "base/result.h"
#include "batch_scanner.h"
#include "log_files.h"
#include "producer_state_manager.h"
#include "segment.h"

namespace streamscope::log {

/// Writes the batches of an overflowed segment, whose last offsets do not fit 32 bits beyond its base offset and so no
/// index, into several that can be indexed: the work of a compaction by an old Kafka. Kafka:
/// LocalLog.splitOverflowedSegment, which may give the first part another base offset than the segment's; then a crash
/// could leave both.
class SegmentSplitter {
 public:
  /// `files` must outlive this object.
  SegmentSplitter(const LogFiles& files, int32_t indexIntervalBytes, base::TimestampMs nowMs)
      : m_files(files),
        m_cleanedFiles{files.storage, files.directory, kCleanedSuffix},
        m_indexIntervalBytes(indexIntervalBytes),
        m_nowMs(nowMs) {}

  /// `producers` is their state as of the segment's base offset, and everything before it is on stable storage. The
  /// parts are too then, named `.cleaned`, each but the first with its producer snapshot. Returns their base offsets,
  /// the first of which is the segment's; that part may be empty. CORRUPT_MESSAGE when something is not a batch.
  base::Result<std::vector<base::Offset>> split(const Segment& source, ProducerStateManager producers);

 private:
  base::Status begin(base::Offset baseOffset);
  base::Status finish();
  base::Status write();
  base::Status writeSnapshot(base::Offset offset, ProducerStateManager& producers);

  const LogFiles& m_files;
  const LogFiles m_cleanedFiles;
  int32_t m_indexIntervalBytes;
  base::TimestampMs m_nowMs;

  /// The part that is being written, and the batches that are not in its file yet.
  std::unique_ptr<Segment> m_part;
  base::Bytes m_bytes;
  std::vector<BatchHeader> m_headers;
};

}  // namespace streamscope::log
