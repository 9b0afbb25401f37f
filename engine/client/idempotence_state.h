#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <set>

#include "base/error_code.h"
#include "base/topic_partition.h"
#include "producer_batch.h"

namespace streamscope::client {

/// Producer id, epoch and sequences of an idempotent producer (the part of Kafka's TransactionManager that works
/// without transactions). A sequence is given when a batch is drained and stays with it over retries; after a batch is
/// lost for good the epoch is raised and the partition's sequences start at 0 again.
class IdempotenceState {
 public:
  const ProducerIdAndEpoch& producer() const { return m_producer; }
  bool hasProducerId() const { return m_producer.isValid(); }
  void setProducer(ProducerIdAndEpoch producer) { m_producer = producer; }

  /// The first batch waiting for a partition may go: no older epoch is in flight, no raise of the epoch is due, and on
  /// a retry it is the first of those unacknowledged.
  bool mayDrain(const ProducerBatch& first) const;
  /// Gives the batch its sequence unless a retry already has one, and counts it as in flight.
  void onDrained(const ProducerBatchPtr& batch);
  /// Its request was answered or broke.
  void onAnswered(const ProducerBatch& batch);

  void onAcknowledged(const ProducerBatchPtr& batch);
  /// The broker refused it for good: there is a gap now.
  void onFailed(const ProducerBatchPtr& batch);
  /// delivery.timeout.ms passed; whether the broker has it is unknown.
  void onExpired(const ProducerBatchPtr& batch);
  /// MESSAGE_TOO_LARGE: the parts take the sequences of the whole.
  void onSplit(const ProducerBatchPtr& whole, const std::vector<ProducerBatchPtr>& parts);

  bool canRetry(const ProducerBatch& batch, base::ErrorCode error);

  /// Raises the epoch when that is due and nothing of the partitions concerned is on its way. After the last epoch
  /// there is no producer id: a new one must be asked for.
  void maybeRaiseEpoch();

 private:
  struct PartitionState {
    /// Whose sequences these are; behind `m_producer` until the partition's next new batch.
    ProducerIdAndEpoch producer;
    int32_t nextSequence = 0;
    int32_t lastAckedSequence = -1;
    /// Drained at least once and not done, in the order of their sequences.
    std::list<ProducerBatchPtr> unacknowledged;
    int32_t requestsInFlight = 0;
    /// A batch expired whose fate is unknown.
    bool isSequenceUnresolved = false;
  };

  void restart(PartitionState& state);
  void remove(PartitionState& state, const ProducerBatchPtr& batch);

  ProducerIdAndEpoch m_producer;
  std::map<base::PartitionId, PartitionState> m_partitions;
  /// Partitions whose sequences must begin anew under the next epoch.
  std::set<base::PartitionId> m_restart;
};

}  // namespace streamscope::client
