#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "cluster_metadata.h"
#include "producer_batch.h"

namespace streamscope::client {

/// Records waiting to be sent: a deque of batches for each partition of one topic, within buffer.memory (Kafka:
/// RecordAccumulator and BufferPool).
class RecordAccumulator {
 public:
  struct Options {
    int32_t batchSize = 0;
    base::Duration linger{};
    int64_t bufferMemory = 0;
    int32_t maxRequestSize = 0;
    base::Duration deliveryTimeout{};
  };
  explicit RecordAccumulator(Options options) : m_options(options) {}

  enum class Append : uint8_t {
    ToOpenBatch,
    /// The sender has something new to wait for, or to send: the batch before it is full.
    ToNewBatch,
    /// buffer.memory is used up; nothing was appended. Kafka's `send` blocks here.
    BufferExhausted,
  };
  Append append(base::PartitionId partition, base::TimestampMs timestamp, std::optional<base::ByteView> key,
                std::optional<base::ByteView> value, base::VirtualTime now);

  struct Ready {
    /// Leaders with a partition that may be sent now.
    std::set<base::BrokerId> brokers;
    /// When the next one will be, by linger or backoff.
    base::VirtualTime nextCheck = base::kVirtualTimeMax;
    bool leaderUnknown = false;
  };
  Ready ready(const ClusterMetadata& metadata, base::VirtualTime now) const;

  /// At most one batch of each partition that `broker` leads, up to max.request.size; each is closed. `mayDrain` may
  /// hold a partition back; `onDrain` sees a batch before its bytes are final.
  std::vector<ProducerBatchPtr> drain(base::BrokerId broker, const ClusterMetadata& metadata, base::VirtualTime now,
                                      const std::function<bool(const ProducerBatch&)>& mayDrain,
                                      const std::function<void(const ProducerBatchPtr&)>& onDrain);

  /// Puts a batch back for a retry: by its sequence, without one at the front.
  void reenqueue(const ProducerBatchPtr& batch);
  /// The batch is done; its memory is free again.
  void deallocate(const ProducerBatch& batch) { m_bufferUsed -= batch.bufferBytes(); }

  /// Takes out the batches waiting for longer than delivery.timeout.ms.
  std::vector<ProducerBatchPtr> takeExpired(base::VirtualTime now);
  /// When the oldest one waiting expires.
  base::VirtualTime nextExpiry() const;

  /// From now on nothing lingers.
  void flush() { m_isFlushing = true; }
  bool hasBatches() const;
  bool hasIncompleteBatch(base::PartitionId partition) const;
  /// Batches waiting for each partition; empty while some of `partitionCount` has had none.
  std::vector<int32_t> queueLengths(int32_t partitionCount) const;
  int64_t bufferAvailable() const { return m_options.bufferMemory - m_bufferUsed; }

  int32_t batchSize() const { return m_options.batchSize; }

 private:
  using Queue = std::deque<ProducerBatchPtr>;

  base::VirtualTime readyAt(const Queue& queue, base::LeaderEpoch leaderEpoch) const;
  Queue& queueOf(base::PartitionId partition);

  Options m_options;
  std::vector<Queue> m_queues;
  int64_t m_bufferUsed = 0;
  /// Somebody was refused memory; everything waiting is ready, so that some comes free.
  bool m_isExhausted = false;
  bool m_isFlushing = false;
  /// Where the next drain begins, so that no partition starves.
  size_t m_drainIndex = 0;
};

}  // namespace streamscope::client
