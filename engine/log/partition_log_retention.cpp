#include <algorithm>

#include "partition_log_impl.h"

// What a log gives up: old segments, and the files that wait to be unlinked. Kafka: UnifiedLog.deleteOldSegments,
// LocalLog.removeAndDeleteSegments.

namespace streamscope::log {

base::Result<bool> PartitionLog::incrementLogStartOffset(base::Offset offset) {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return base::fail(std::move(status).error());
  if (offset > impl.highWatermark)
    return base::fail(base::ErrorCode::OFFSET_OUT_OF_RANGE, "The log of " + impl.name + " cannot start at " +
                                                                std::to_string(offset) + ", above its high watermark " +
                                                                std::to_string(impl.highWatermark) +
                                                                "; only replicated records can be deleted.");
  if (offset <= impl.logStartOffset) return false;
  impl.logStartOffset = offset;
  impl.recoveryPoint = std::max(impl.recoveryPoint, offset);
  if (auto status = impl.statusOf(impl.epochs.truncateFromStart(offset)); !status)
    return base::fail(std::move(status).error());
  return true;
}

// Old segments.

base::Result<RetentionOutcome> PartitionLog::deleteOldSegments(base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return base::fail(std::move(status).error());
  RetentionOutcome outcome;
  for (const RetentionRule rule :
       {RetentionRule::LogStartOffset, RetentionRule::RetentionBytes, RetentionRule::RetentionMs}) {
    if (rule != RetentionRule::LogStartOffset && !impl.config.cleanupDelete) break;
    const auto count = impl.countDeletable(rule, nowMs);
    if (!count) return base::fail(impl.failed(count.error()));
    if (auto status = impl.deleteOldest(*this, *count, rule, nowMs, outcome); !status)
      return base::fail(std::move(status).error());
  }
  return outcome;
}

base::Offset PartitionLog::Impl::endOffsetOf(size_t index) const {
  return index + 1 < segments.size() ? segments[index + 1]->baseOffset() : logEndOffset;
}

/// How many segments, from the oldest on, the rule takes.
base::Result<size_t> PartitionLog::Impl::countDeletable(RetentionRule rule, base::TimestampMs nowMs) const {
  int64_t bytesTooMany = 0;
  if (rule == RetentionRule::RetentionBytes) {
    if (config.retentionBytes < 0) return size_t{0};
    for (const auto& segment : segments) bytesTooMany += static_cast<int64_t>(segment->sizeInBytes());
    bytesTooMany -= config.retentionBytes;
  }
  if (rule == RetentionRule::RetentionMs && config.retentionMs < 0) return size_t{0};

  const auto matches = [&](size_t index) -> base::Result<bool> {
    const Segment& segment = *segments[index];
    if (rule == RetentionRule::LogStartOffset)
      return index + 1 < segments.size() && segments[index + 1]->baseOffset() <= logStartOffset;
    if (rule == RetentionRule::RetentionBytes) {
      bytesTooMany -= static_cast<int64_t>(segment.sizeInBytes());
      return bytesTooMany >= 0;
    }
    const auto largest = segment.largestTimestamp();
    if (!largest) return base::fail(largest.error());
    return nowMs - *largest > config.retentionMs;
  };
  size_t count = 0;
  for (; count < segments.size(); ++count) {
    const bool isEmptyActive = count + 1 == segments.size() && segments[count]->sizeInBytes() == 0;
    if (isEmptyActive || endOffsetOf(count) > highWatermark) break;
    const auto isMatch = matches(count);
    if (!isMatch) return base::fail(isMatch.error());
    if (!*isMatch) break;
  }
  return count;
}

base::Status PartitionLog::Impl::deleteOldest(PartitionLog& log, size_t count, RetentionRule rule,
                                              base::TimestampMs nowMs, RetentionOutcome& outcome) {
  if (count == 0) return {};
  if (count == segments.size()) {
    if (auto status = roll(logEndOffset, nowMs); !status) return status;
    // Or a crash leaves no segment at all, and the log begins anew at offsets it has used.
    if (auto status = syncNames(); !status) return status;
    outcome.rolledTo = logEndOffset;
  }
  // Nobody may read there any more before it goes.
  const auto moved = log.incrementLogStartOffset(segments[count]->baseOffset());
  if (!moved) return base::fail(moved.error());
  cursors = {};
  openInactive = nullptr;
  uint64_t logBytes = log.sizeInBytes();
  for (size_t i = 0; i < count; ++i) {
    const Segment& oldest = *segments.front();
    const auto largest = oldest.largestTimestamp();
    if (!largest) return base::fail(failed(largest.error()));
    const base::Offset baseOffset = oldest.baseOffset();
    outcome.deleted.push_back({baseOffset, endOffsetOf(0), oldest.sizeInBytes(), *largest, rule, logBytes});
    logBytes -= oldest.sizeInBytes();
    segments.erase(segments.begin());
    if (auto status = deleteFiles(baseOffset, nowMs); !status) return status;
  }
  return {};
}

size_t PartitionLog::removeExpiredProducers(base::TimestampMs nowMs) {
  const size_t before = m_impl->producers.producers().size();
  m_impl->producers.removeExpired(nowMs, m_impl->config.producerIdExpirationMs);
  return before - m_impl->producers.producers().size();
}

// Deleted files.

std::optional<base::TimestampMs> PartitionLog::nextFileRemoval() const {
  return m_impl->deletedSegments.nextRemoval();
}

base::Result<std::vector<std::string>> PartitionLog::removeDeletedFiles(base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return base::fail(std::move(status).error());
  auto removed = impl.deletedSegments.removeDue(nowMs);
  if (!removed) return base::fail(impl.failed(removed.error()));
  if (!removed->empty()) impl.namesChanged = true;
  return std::move(*removed);
}

}  // namespace streamscope::log
