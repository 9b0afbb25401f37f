#include <algorithm>

#include "base/assert.h"
#include "cleaner.h"
#include "partition_log_impl.h"
#include "segment_replacement.h"

// What compaction needs of a log: how much may be cleaned, and new segments in place of old ones. Kafka:
// LogCleanerManager.cleanableOffsets.

namespace streamscope::log {
base::Result<LogToClean> PartitionLog::examineForCleaning(std::optional<base::Offset> checkpoint,
                                                          base::TimestampMs nowMs) const {
  const Impl& impl = *m_impl;
  LogToClean range;
  range.partition = impl.partition;
  range.firstDirtyOffset = checkpoint.value_or(impl.logStartOffset);
  if (range.firstDirtyOffset < impl.logStartOffset || range.firstDirtyOffset > impl.logEndOffset) {
    range.firstDirtyOffset = impl.logStartOffset;
    range.isCheckpointInvalid = true;
  }
  const size_t firstDirty = impl.segmentIndexOf(range.firstDirtyOffset);
  const size_t active = impl.segments.size() - 1;

  base::Offset uncleanable = std::min(lastStableOffset(), impl.active().baseOffset());
  const int64_t lagMinMs = std::max<int64_t>(impl.config.minCompactionLagMs, 0);
  for (size_t i = firstDirty; lagMinMs > 0 && i < active; ++i) {
    const auto largest = impl.segments[i]->maxTimestamp();
    if (!largest) return base::fail(impl.failed(largest.error()));
    if (largest->timestamp <= nowMs - lagMinMs) continue;
    uncleanable = std::min(uncleanable, impl.segments[i]->baseOffset());
    break;
  }
  uncleanable = std::max(uncleanable, range.firstDirtyOffset);
  const size_t firstUncleanable = impl.segmentIndexOf(uncleanable);
  range.firstUncleanableOffset = impl.segments[firstUncleanable]->baseOffset();

  for (const auto& segment : impl.segments)
    if (segment->baseOffset() < range.firstDirtyOffset) range.cleanBytes += segment->sizeInBytes();
  for (size_t i = firstDirty; i < firstUncleanable; ++i) range.cleanableBytes += impl.segments[i]->sizeInBytes();

  // An endless lag is never over, and then no file has to be opened.
  const int64_t lagMaxMs = std::max<int64_t>(impl.config.maxCompactionLagMs, 0);
  for (size_t i = firstDirty; lagMaxMs < INT64_MAX && i < active && !range.needsCompactionNow; ++i) {
    const Segment& segment = *impl.segments[i];
    const auto first = segment.firstBatchTimestamp();
    if (&segment != impl.openInactive) segment.closeFile();
    if (!first) return base::fail(impl.failed(first.error()));
    range.needsCompactionNow = *first > 0 && *first < nowMs - lagMaxMs;
  }
  return range;
}

base::Result<CleanerStats> PartitionLog::clean(const LogToClean& range, const CleanerConfig& config,
                                               base::TimestampMs nowMs) {
  if (auto status = m_impl->checkWritable(); !status) return base::fail(std::move(status).error());
  // Cleaning leaves gaps, which recovery must not take for holes.
  if (auto status = flushEndedSegments(); !status) return base::fail(std::move(status).error());
  return Cleaner(*this, *m_impl, config, nowMs).clean(range);
}

base::Status PartitionLog::Impl::replaceSegments(size_t first, size_t count,
                                                 const std::vector<std::unique_ptr<Segment>>& cleaned,
                                                 base::TimestampMs nowMs) {
  STREAMSCOPE_ASSERT(first + count < segments.size(), name);
  forgetReads();
  SegmentReplacement replacement;
  replacement.removeAtMs = removalTime(nowMs, config.fileDeleteDelayMs);
  for (size_t i = first; i < first + count; ++i) {
    segments[i]->closeFile();
    replacement.oldSegments.push_back(segments[i]->baseOffset());
  }
  for (const auto& segment : cleaned) replacement.newSegments.push_back(segment->baseOffset());
  namesChanged = true;
  if (auto status = statusOf(log::replaceSegments(files, replacement, deletedSegments, snapshots)); !status)
    return status;
  namesChanged = false;
  wereNamesSynced = true;

  const auto begin = segments.begin() + static_cast<std::ptrdiff_t>(first);
  auto at = segments.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  for (const auto& segment : cleaned) {
    at = segments.insert(at, std::make_unique<Segment>(files, segment->baseOffset(), nowMs, segment->sizes()));
    ++at;
  }
  if (directoryState->filesAwaitRemoval) directoryState->filesAwaitRemoval(replacement.removeAtMs);
  return {};
}

}  // namespace streamscope::log
