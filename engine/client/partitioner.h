#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/topic_partition.h"

namespace streamscope::client {

/// The partition of a record with a key: over all partitions, available or not (`BuiltInPartitioner.partitionForKey`).
base::PartitionId partitionForKey(base::ByteView key, int32_t partitionCount);

/// Partitions for records without a key: stays with one partition until a batch worth of bytes went to it, then moves
/// on, rather to a partition with a short queue (KIP-480, KIP-794; Kafka: BuiltInPartitioner). One for each topic.
class StickyPartitioner {
 public:
  StickyPartitioner(base::Random& random, int32_t batchSize) : m_random(random), m_batchSize(batchSize) {}

  /// What the next choice knows. `queueLengths` holds batches waiting for each partition, empty while some partition
  /// has had none.
  void update(int32_t partitionCount, std::vector<base::PartitionId> available, std::vector<int32_t> queueLengths);

  /// The partition to append to now.
  base::PartitionId current();

  /// `bytes` went to the current partition. Moves on after batch.size bytes when the partition's queue has no
  /// incomplete batch, and after twice that in any case.
  void onAppended(int32_t bytes, bool hasIncompleteBatch);

 private:
  base::PartitionId next();

  base::Random& m_random;
  const int32_t m_batchSize;
  int32_t m_partitionCount = 0;
  std::vector<base::PartitionId> m_available;
  std::vector<int32_t> m_queueLengths;
  std::optional<base::PartitionId> m_current;
  int64_t m_bytesToCurrent = 0;
};

}  // namespace streamscope::client
