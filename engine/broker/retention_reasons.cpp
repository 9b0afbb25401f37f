#include "retention_reasons.h"

namespace streamscope::broker {

std::string whyRolled(log::RollReason reason, const log::LogConfig& config) {
  switch (reason) {
    case log::RollReason::SegmentBytes:
      return "segment.bytes=" + std::to_string(config.segmentBytes);
    case log::RollReason::SegmentMs:
      return config.maxSegmentMs() < config.segmentMs
                 ? "max.compaction.lag.ms=" + std::to_string(config.maxCompactionLagMs)
                 : "segment.ms=" + std::to_string(config.segmentMs);
    case log::RollReason::IndexFull:
      return "segment.index.bytes=" + std::to_string(config.segmentIndexBytes);
    case log::RollReason::OffsetRange:
      return "the offset is more than 2147483647 above the segment's base";
    case log::RollReason::Retention:
      return "retention takes all segments";
  }
  return {};
}

std::string whyDeleted(const log::DeletedSegment& segment, const log::LogConfig& config,
                       base::Offset logStartOffsetBefore, base::TimestampMs nowMs) {
  switch (segment.rule) {
    case log::RetentionRule::LogStartOffset:
      return "it ends at " + std::to_string(segment.endOffset) + ", the log starts at " +
             std::to_string(logStartOffsetBefore);
    case log::RetentionRule::RetentionBytes:
      return "retention.bytes=" + std::to_string(config.retentionBytes) + ", the log had " +
             std::to_string(segment.logBytesBefore) + " bytes";
    case log::RetentionRule::RetentionMs:
      return "retention.ms=" + std::to_string(config.retentionMs) + ", its newest record is " +
             std::to_string(nowMs - segment.largestTimestamp) + " ms old";
  }
  return {};
}

}  // namespace streamscope::broker
