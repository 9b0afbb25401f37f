#include <algorithm>

#include "log/record_batch.h"
#include "partition.h"

// The copy of a replica in another log directory (KIP-113). Kafka: Partition's futureLog. The copy reads the log itself
// and in the same thread, so that it is cut with the log, where Kafka's fetcher asks for the end of its epoch.

namespace streamscope::broker {

base::Status Partition::setFutureLog(log::PartitionLog* future) {
  m_futureLog = future;
  if (future == nullptr) return {};
  // The log may have been cut while the copy's directory was away.
  const base::LeaderEpoch epoch = future->latestEpoch();
  const log::PartitionLog::EpochEnd end = m_log->endOffsetForEpoch(epoch);
  const bool isEmpty = future->logEndOffset() == future->logStartOffset();
  const bool isPrefix = end.epoch == epoch && future->logEndOffset() <= end.endOffset;
  if (isEmpty || isPrefix) return {};
  auto begun = future->truncateFullyAndStartAt(m_log->logStartOffset(), m_context.node.clock.wallClockMs());
  if (!begun) m_futureLog = nullptr;
  return begun;
}

base::Result<size_t> Partition::copyToFutureLog(size_t bytesMax) {
  log::PartitionLog& future = *m_futureLog;
  const base::TimestampMs nowMs = m_context.node.clock.wallClockMs();
  if (future.logEndOffset() < m_log->logStartOffset())
    if (auto begun = future.truncateFullyAndStartAt(m_log->logStartOffset(), nowMs); !begun)
      return base::fail(std::move(begun).error());
  size_t bytes = 0;
  if (future.logEndOffset() < m_log->logEndOffset()) {
    const auto read = m_log->read(future.logEndOffset(), m_log->logEndOffset(), bytesMax, true);
    if (!read) return base::fail(read.error());
    bytes = read->records.size();
    const base::Offset first = log::scanBatch(read->records.view(), false).header.baseOffset;
    // The log starts in the middle of a batch (DeleteRecords).
    if (first < future.logEndOffset())
      if (auto begun = future.truncateFullyAndStartAt(first, nowMs); !begun)
        return base::fail(std::move(begun).error());
    if (const auto appended = future.appendAsFollower(read->records, nowMs); !appended)
      return base::fail(appended.error());
  }
  future.setHighWatermark(m_log->highWatermark());
  if (const base::Offset start = m_log->logStartOffset(); start <= future.highWatermark())
    if (const auto moved = future.incrementLogStartOffset(start); !moved) return base::fail(moved.error());
  return bytes;
}

void Partition::replaceLog(log::PartitionLog& promoted) {
  m_log = &promoted;
  m_futureLog = nullptr;
}

}  // namespace streamscope::broker
