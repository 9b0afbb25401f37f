#include <algorithm>

#include "partition_log_impl.h"

// What readers with isolation.level=read_committed need to know of a log.

namespace streamscope::log {

base::Offset PartitionLog::lastStableOffset() const {
  const auto unstable = m_impl->producers.firstUnstableOffset();
  if (!unstable) return m_impl->highWatermark;
  return std::min(std::max(*unstable, m_impl->logStartOffset), m_impl->highWatermark);
}

std::optional<base::Offset> PartitionLog::firstUndecidedOffset() const {
  return m_impl->producers.firstUndecidedOffset();
}

base::Result<std::vector<AbortedTransaction>> PartitionLog::abortedTransactions(base::Offset from,
                                                                                base::Offset endExclusive) const {
  std::vector<AbortedTransaction> found;
  if (from >= endExclusive) return found;
  // A transaction is in the index of the segment that has its marker, which may be any later one.
  for (size_t i = m_impl->segmentIndexOf(from); i < m_impl->segments.size(); ++i) {
    const auto isComplete = m_impl->segments[i]->transactionIndex().collect(from, endExclusive, found);
    if (!isComplete) return base::fail(m_impl->failed(isComplete.error()));
    if (*isComplete) break;
  }
  return found;
}

}  // namespace streamscope::log
