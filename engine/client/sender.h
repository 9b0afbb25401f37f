#pragma once

#include <cstdint>
#include <functional>
#include <list>

#include "client/producer_node.h"
#include "cluster_metadata.h"
#include "connection_states.h"
#include "idempotence_state.h"
#include "record_accumulator.h"
#include "world/node.h"

namespace streamscope::client {

/// Sends what the accumulator holds, one Produce request for each broker that leads ready partitions, at most
/// max.in.flight.requests.per.connection of them, and decides what an answer means: acknowledged, again, split, given
/// up. Order within a partition holds over retries. Kafka: Sender.
class Sender {
 public:
  /// `onProgress` runs after batches were done: there may be memory again.
  Sender(world::NodeContext& context, const ProducerConfig& config, RecordAccumulator& accumulator,
         ClusterMetadata& metadata, ConnectionStates& connections, std::function<void()> onProgress);

  /// Sends what is ready now and sets an alarm for what will be. Call when something was appended or learnt.
  void run();

  /// Nothing waits and nothing is on its way.
  bool isIdle() const { return !m_accumulator.hasBatches() && m_inFlight.empty(); }

  struct Statistics {
    int64_t recordsAcknowledged = 0, recordsFailed = 0, retries = 0, bytesAcknowledged = 0;
  };
  const Statistics& statistics() const { return m_statistics; }
  const ProducerIdAndEpoch& producer() const { return m_idempotence.producer(); }

 private:
  void requestProducerId();
  void sendReady();
  void sendTo(base::BrokerId broker, std::vector<ProducerBatchPtr> batches);
  void setAlarm(base::VirtualTime due);
  void setExpiryAlarm();

  struct PartitionOutcome {
    base::ErrorCode error = base::ErrorCode::NONE;
    base::Offset baseOffset = base::kNoOffset;
  };
  void onResponse(base::BrokerId broker, const std::vector<ProducerBatchPtr>& batches, world::Response response);
  void applyLeaderHints(const protocol::ProduceResponse& response);
  void onOutcome(const ProducerBatchPtr& batch, PartitionOutcome outcome);
  void retry(const ProducerBatchPtr& batch);
  void splitAndReenqueue(const ProducerBatchPtr& batch);
  void acknowledge(const ProducerBatchPtr& batch, base::Offset baseOffset);
  void giveUp(const ProducerBatchPtr& batch, base::ErrorCode error);
  void expire();

  bool mayDrain(const ProducerBatch& first) const;

  world::NodeContext& m_context;
  const ProducerConfig& m_config;
  RecordAccumulator& m_accumulator;
  ClusterMetadata& m_metadata;
  ConnectionStates& m_connections;
  const std::function<void()> m_onProgress;
  /// Kafka turns idempotence off by itself unless acks=all.
  const bool m_isIdempotent;

  IdempotenceState m_idempotence;
  bool m_producerIdRequested = false;
  std::list<ProducerBatchPtr> m_inFlight;
  Statistics m_statistics;

  world::TimerId m_alarm = 0;
  base::VirtualTime m_alarmDue{};
  world::TimerId m_expiryAlarm = 0;
};

}  // namespace streamscope::client
