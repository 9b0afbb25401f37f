#include "sender.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "api_versions_spoken.h"
#include "backoff.h"

namespace streamscope::client {

using base::ErrorCode;

Sender::Sender(world::NodeContext& context, const ProducerConfig& config, RecordAccumulator& accumulator,
               ClusterMetadata& metadata, ConnectionStates& connections, std::function<void()> onProgress)
    : m_context(context),
      m_config(config),
      m_accumulator(accumulator),
      m_metadata(metadata),
      m_connections(connections),
      m_onProgress(std::move(onProgress)),
      m_isIdempotent(config.enableIdempotence && config.acks == -1) {}

void Sender::run() {
  if (m_isIdempotent) {
    m_idempotence.maybeRaiseEpoch();
    if (!m_idempotence.hasProducerId()) requestProducerId();
  }
  sendReady();
  setExpiryAlarm();
}

void Sender::requestProducerId() {
  if (m_producerIdRequested) return;
  const base::BrokerId broker = m_metadata.anyBroker();
  m_producerIdRequested = true;
  protocol::InitProducerIdRequest request;
  request.transactionalId = std::nullopt;
  request.transactionTimeoutMs = std::numeric_limits<int32_t>::max();
  m_connections.onSent(broker);
  m_context.network.send(world::brokerAddress(broker), version::kInitProducerId, std::move(request),
                         m_config.requestTimeout, [this, broker](world::Response response) {
                           const auto* body = std::get_if<protocol::InitProducerIdResponse>(&response.body);
                           if (response.outcome == world::Response::Outcome::Received) {
                             m_connections.onAnswered(broker);
                             if (body != nullptr && body->errorCode == 0) {
                               m_producerIdRequested = false;
                               m_idempotence.setProducer({body->producerId, body->producerEpoch});
                               run();
                               return;
                             }
                           } else {
                             m_connections.onBroken(broker, m_context.clock.now());
                           }
                           m_context.timers.after(m_config.retryBackoff, [this] {
                             m_producerIdRequested = false;
                             run();
                           });
                         });
}

bool Sender::mayDrain(const ProducerBatch& first) const {
  if (m_isIdempotent) return m_idempotence.mayDrain(first);
  if (m_config.maxInFlightRequestsPerConnection > 1) return true;
  // One in flight keeps the order only if the partition waits for its answer (Kafka: muted).
  return std::none_of(m_inFlight.begin(), m_inFlight.end(),
                      [&](const ProducerBatchPtr& batch) { return batch->partition() == first.partition(); });
}

void Sender::sendReady() {
  const base::VirtualTime now = m_context.clock.now();
  if (m_isIdempotent && !m_idempotence.hasProducerId()) return;
  bool sent = true;
  base::VirtualTime nextCheck = base::kVirtualTimeMax;
  bool leaderUnknown = false;
  while (sent) {
    sent = false;
    const RecordAccumulator::Ready ready = m_accumulator.ready(m_metadata, now);
    nextCheck = ready.nextCheck;
    leaderUnknown = ready.leaderUnknown;
    for (const base::BrokerId broker : ready.brokers) {
      if (!m_connections.isReady(broker, now)) {
        nextCheck = std::min(nextCheck, m_connections.readyAt(broker, now));
        continue;
      }
      if (m_connections.inFlight(broker) >= m_config.maxInFlightRequestsPerConnection) continue;
      std::vector<ProducerBatchPtr> batches = m_accumulator.drain(
          broker, m_metadata, now, [this](const ProducerBatch& first) { return mayDrain(first); },
          [this](const ProducerBatchPtr& batch) {
            if (m_isIdempotent) m_idempotence.onDrained(batch);
          });
      if (batches.empty()) continue;
      sendTo(broker, std::move(batches));
      sent = true;
    }
  }
  if (leaderUnknown) m_metadata.requestUpdate();
  if (nextCheck != base::kVirtualTimeMax) setAlarm(nextCheck);
}

void Sender::sendTo(base::BrokerId broker, std::vector<ProducerBatchPtr> batches) {
  protocol::ProduceRequest request;
  request.acks = m_config.acks;
  request.timeoutMs =
      static_cast<int32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(m_config.requestTimeout).count());
  auto& topic = request.topicData.emplace_back();
  topic.topicId = m_metadata.topicId();
  for (const ProducerBatchPtr& batch : batches) {
    auto& partition = topic.partitionData.emplace_back();
    partition.index = batch->partition();
    partition.records = batch->records();
    ++batch->attempts;
    batch->leaderEpoch = m_metadata.leader(batch->partition()).epoch;
    m_inFlight.push_back(batch);
  }
  const bool expectResponse = m_config.acks != 0;
  if (expectResponse) m_connections.onSent(broker);
  m_context.network.send(
      world::brokerAddress(broker), version::kProduce, std::move(request), m_config.requestTimeout,
      [this, broker, batches](world::Response response) { onResponse(broker, batches, std::move(response)); },
      expectResponse);
  if (expectResponse) return;
  for (const ProducerBatchPtr& batch : batches) acknowledge(batch, base::kNoOffset);
  m_onProgress();
}

void Sender::onResponse(base::BrokerId broker, const std::vector<ProducerBatchPtr>& batches, world::Response response) {
  if (m_config.acks == 0) {
    // The batches were done when they left.
    m_metadata.requestUpdate();
    return;
  }
  const auto* produced = std::get_if<protocol::ProduceResponse>(&response.body);
  const bool received = response.outcome == world::Response::Outcome::Received && produced != nullptr;
  if (response.outcome == world::Response::Outcome::Received)
    m_connections.onAnswered(broker);
  else
    m_connections.onBroken(broker, m_context.clock.now());

  for (const ProducerBatchPtr& batch : batches) {
    PartitionOutcome outcome{ErrorCode::NETWORK_EXCEPTION, base::kNoOffset};
    if (received) {
      // Kafka: a partition the answer leaves out was not served.
      outcome.error = ErrorCode::UNKNOWN_SERVER_ERROR;
      for (const auto& topic : produced->responses)
        for (const auto& partition : topic.partitionResponses)
          if (partition.index == batch->partition())
            outcome = {static_cast<ErrorCode>(partition.errorCode), partition.baseOffset};
    }
    if (m_isIdempotent) m_idempotence.onAnswered(*batch);
    onOutcome(batch, outcome);
  }
  // After the outcomes, because a new leader makes the sender run at once.
  if (received) applyLeaderHints(*produced);
  m_onProgress();
  run();
}

void Sender::applyLeaderHints(const protocol::ProduceResponse& response) {
  for (const auto& topic : response.responses)
    for (const auto& partition : topic.partitionResponses)
      m_metadata.applyLeaderHint({0, partition.index}, partition.currentLeader.leaderId,
                                 partition.currentLeader.leaderEpoch);
}

void Sender::onOutcome(const ProducerBatchPtr& batch, PartitionOutcome outcome) {
  if (batch->isDone) return;
  if (base::refreshesMetadata(outcome.error)) m_metadata.requestUpdate();
  if (outcome.error == ErrorCode::NONE || outcome.error == ErrorCode::DUPLICATE_SEQUENCE_NUMBER) {
    acknowledge(batch, outcome.error == ErrorCode::NONE ? outcome.baseOffset : base::kNoOffset);
    return;
  }
  if (outcome.error == ErrorCode::MESSAGE_TOO_LARGE && batch->recordCount() > 1) {
    splitAndReenqueue(batch);
    return;
  }
  const bool retriable =
      m_isIdempotent ? m_idempotence.canRetry(*batch, outcome.error) : base::isRetriable(outcome.error);
  const bool inTime = batch->created() + m_config.deliveryTimeout > m_context.clock.now();
  if (retriable && inTime)
    retry(batch);
  else
    giveUp(batch, outcome.error);
}

void Sender::retry(const ProducerBatchPtr& batch) {
  m_statistics.retries += 1;
  m_inFlight.remove(batch);
  batch->retryAt = m_context.clock.now() + retryBackoff(m_config.retryBackoff, batch->attempts, m_context.random);
  m_accumulator.reenqueue(batch);
}

void Sender::splitAndReenqueue(const ProducerBatchPtr& batch) {
  // Halves at least, so that splitting ends when single records are left.
  const int32_t target = std::min(m_config.batchSize, static_cast<int32_t>(batch->sizeInBytes() / 2));
  const std::vector<ProducerBatchPtr> parts = batch->split(target);
  if (m_isIdempotent) m_idempotence.onSplit(batch, parts);
  m_inFlight.remove(batch);
  batch->isDone = true;
  for (const ProducerBatchPtr& part : parts) part->close();
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) m_accumulator.reenqueue(*part);
}

void Sender::acknowledge(const ProducerBatchPtr& batch, base::Offset baseOffset) {
  batch->isDone = true;
  m_inFlight.remove(batch);
  m_accumulator.deallocate(*batch);
  if (m_isIdempotent) m_idempotence.onAcknowledged(batch);
  m_statistics.recordsAcknowledged += batch->recordCount();
  m_statistics.bytesAcknowledged += static_cast<int64_t>(batch->sizeInBytes());
  m_context.trace.record(world::RecordsAcknowledged{
      m_context.self, {m_config.topic, batch->partition()}, baseOffset, batch->recordCount()});
}

void Sender::giveUp(const ProducerBatchPtr& batch, ErrorCode error) {
  batch->isDone = true;
  m_inFlight.remove(batch);
  m_accumulator.deallocate(*batch);
  if (m_isIdempotent && batch->hasSequence()) m_idempotence.onFailed(batch);
  m_statistics.recordsFailed += batch->recordCount();
  m_context.trace.record(world::RecordsFailed{
      m_context.self, {m_config.topic, batch->partition()}, batch->recordCount(), static_cast<int16_t>(error)});
}

void Sender::expire() {
  const base::VirtualTime now = m_context.clock.now();
  std::vector<ProducerBatchPtr> expired = m_accumulator.takeExpired(now);
  for (const ProducerBatchPtr& batch : m_inFlight)
    if (batch->created() + m_config.deliveryTimeout <= now) expired.push_back(batch);
  for (const ProducerBatchPtr& batch : expired) {
    if (m_isIdempotent) m_idempotence.onExpired(batch);
    batch->isDone = true;
    m_inFlight.remove(batch);
    m_accumulator.deallocate(*batch);
    m_statistics.recordsFailed += batch->recordCount();
    m_context.trace.record(world::RecordsFailed{m_context.self,
                                                {m_config.topic, batch->partition()},
                                                batch->recordCount(),
                                                static_cast<int16_t>(ErrorCode::REQUEST_TIMED_OUT)});
  }
  if (!expired.empty()) m_onProgress();
  run();
}

void Sender::setAlarm(base::VirtualTime due) {
  if (m_alarm != 0 && m_alarmDue <= due) return;
  m_context.timers.cancel(m_alarm);
  m_alarmDue = due;
  const base::VirtualTime now = m_context.clock.now();
  m_alarm = m_context.timers.after(std::max(due - now, base::Duration::zero()), [this] {
    m_alarm = 0;
    run();
  });
}

/// One alarm for the oldest batch. Most are long done when it rings; then it is set for the oldest of that moment.
void Sender::setExpiryAlarm() {
  if (m_expiryAlarm != 0) return;
  base::VirtualTime next = m_accumulator.nextExpiry();
  for (const ProducerBatchPtr& batch : m_inFlight) next = std::min(next, batch->created() + m_config.deliveryTimeout);
  if (next == base::kVirtualTimeMax) return;
  m_expiryAlarm = m_context.timers.after(std::max(next - m_context.clock.now(), base::Duration::zero()), [this] {
    m_expiryAlarm = 0;
    expire();
  });
}

}  // namespace streamscope::client
