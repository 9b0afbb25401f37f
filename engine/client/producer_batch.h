#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "log/record_batch.h"

namespace streamscope::client {

/// Who writes, as the broker checks it. id -1: not idempotent, or not known yet.
struct ProducerIdAndEpoch {
  int64_t id = -1;
  int16_t epoch = -1;
  bool isValid() const { return id >= 0; }
  bool operator==(const ProducerIdAndEpoch&) const = default;
};

/// Records of one partition that travel together (Kafka: ProducerBatch). Open while records are appended; closed when
/// it is drained for the first time, after which the same bytes are sent again on a retry.
class ProducerBatch {
 public:
  ProducerBatch(base::PartitionId partition, base::VirtualTime created, int64_t bufferBytes);

  base::PartitionId partition() const { return m_partition; }
  base::VirtualTime created() const { return m_created; }
  /// Taken from buffer.memory for this batch.
  int64_t bufferBytes() const { return m_bufferBytes; }
  int32_t recordCount() const { return m_recordCount; }
  size_t sizeInBytes() const { return m_builder ? m_builder->sizeInBytes() : m_records.size(); }
  bool isOpen() const { return m_builder.has_value(); }

  /// The batch has room for one more record of this size within `batchSize`; the first record always fits.
  bool hasRoomFor(size_t recordBytes, int32_t batchSize) const;
  void append(base::TimestampMs timestamp, std::optional<base::ByteView> key, std::optional<base::ByteView> value);

  /// Takes no more records, has its final bytes from now on.
  void close();
  const base::SharedBytes& records() const { return m_records; }

  // Idempotence.

  bool hasSequence() const { return m_baseSequence >= 0; }
  int32_t baseSequence() const { return m_baseSequence; }
  int32_t lastSequence() const;
  const ProducerIdAndEpoch& producer() const { return m_producer; }
  /// The first sequence, before `close`; or a new one after the producer's epoch was raised, which rewrites the bytes.
  void setProducerState(ProducerIdAndEpoch producer, int32_t baseSequence);
  bool sequenceHasBeenReset() const { return m_sequenceHasBeenReset; }

  /// The same records in batches of at most `batchSize` bytes, without sequences; for MESSAGE_TOO_LARGE.
  std::vector<std::shared_ptr<ProducerBatch>> split(int32_t batchSize) const;

  // Delivery, kept by the sender.

  int32_t attempts = 0;
  /// Of the leader it was last sent to; a newer one is tried without waiting (KIP-951).
  base::LeaderEpoch leaderEpoch = base::kNoEpoch;
  /// Not sent again before.
  base::VirtualTime retryAt{};
  /// Acknowledged or given up: a late answer changes nothing.
  bool isDone = false;

 private:
  void rewrite();

  const base::PartitionId m_partition;
  const base::VirtualTime m_created;
  const int64_t m_bufferBytes;
  std::optional<log::RecordBatchBuilder> m_builder;
  base::SharedBytes m_records;
  int32_t m_recordCount = 0;
  ProducerIdAndEpoch m_producer;
  int32_t m_baseSequence = -1;
  bool m_sequenceHasBeenReset = false;
};

using ProducerBatchPtr = std::shared_ptr<ProducerBatch>;

/// The sequence `count` records after `sequence`; wraps past 2^31-1 to 0 (Kafka: DefaultRecordBatch.incrementSequence).
int32_t incrementSequence(int32_t sequence, int32_t count);

/// An upper bound of what one record takes in a batch (Kafka: DefaultRecordBatch.estimateBatchSizeUpperBound less the
/// batch header).
size_t recordSizeUpperBound(std::optional<base::ByteView> key, std::optional<base::ByteView> value);

}  // namespace streamscope::client
