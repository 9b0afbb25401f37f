#include "partitioner.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "murmur2.h"

namespace streamscope::client {

base::PartitionId partitionForKey(base::ByteView key, int32_t partitionCount) {
  STREAMSCOPE_ASSERT(partitionCount > 0);
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

void StickyPartitioner::update(int32_t partitionCount, std::vector<base::PartitionId> available,
                               std::vector<int32_t> queueLengths) {
  m_partitionCount = partitionCount;
  m_available = std::move(available);
  m_queueLengths = std::move(queueLengths);
}

base::PartitionId StickyPartitioner::current() {
  if (!m_current) m_current = next();
  return *m_current;
}

void StickyPartitioner::onAppended(int32_t bytes, bool hasIncompleteBatch) {
  m_bytesToCurrent += bytes;
  const bool wholeBatches = m_bytesToCurrent >= m_batchSize && !hasIncompleteBatch;
  if (!wholeBatches && m_bytesToCurrent < int64_t{2} * m_batchSize) return;
  m_current = next();
  m_bytesToCurrent = 0;
}

base::PartitionId StickyPartitioner::next() {
  STREAMSCOPE_ASSERT(m_partitionCount > 0);
  const auto [shortest, longest] = std::minmax_element(m_queueLengths.begin(), m_queueLengths.end());
  if (m_queueLengths.size() < 2 || *shortest == *longest) {
    if (m_available.empty())
      return static_cast<base::PartitionId>(m_random.below(static_cast<uint64_t>(m_partitionCount)));
    return m_available[m_random.below(m_available.size())];
  }
  // A partition's chance is longest + 1 - its own queue.
  uint64_t total = 0;
  for (const int32_t length : m_queueLengths) total += static_cast<uint64_t>(*longest + 1 - length);
  uint64_t drawn = m_random.below(total);
  for (size_t partition = 0; partition < m_queueLengths.size(); ++partition) {
    const uint64_t weight = static_cast<uint64_t>(*longest + 1 - m_queueLengths[partition]);
    if (drawn < weight) return static_cast<base::PartitionId>(partition);
    drawn -= weight;
  }
  base::assertionFailed("a partition was drawn", __FILE__, __LINE__);
}

}  // namespace streamscope::client
