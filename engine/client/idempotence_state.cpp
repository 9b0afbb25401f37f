#include "idempotence_state.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"

namespace streamscope::client {

bool IdempotenceState::mayDrain(const ProducerBatch& first) const {
  if (!hasProducerId()) return false;
  if (m_restart.contains(first.partition())) return false;
  const auto found = m_partitions.find(first.partition());
  if (found == m_partitions.end()) return true;
  const PartitionState& state = found->second;
  if (state.isSequenceUnresolved) return false;
  if (state.unacknowledged.empty()) return true;
  const ProducerBatch& oldest = *state.unacknowledged.front();
  if (!first.hasSequence()) return oldest.producer() == m_producer;
  return first.baseSequence() == oldest.baseSequence();
}

void IdempotenceState::onDrained(const ProducerBatchPtr& batch) {
  PartitionState& state = m_partitions[batch->partition()];
  if (!batch->hasSequence()) {
    if (state.producer != m_producer) restart(state);
    batch->setProducerState(m_producer, state.nextSequence);
    state.nextSequence = incrementSequence(state.nextSequence, batch->recordCount());
    state.unacknowledged.push_back(batch);
  }
  ++state.requestsInFlight;
}

void IdempotenceState::onAnswered(const ProducerBatch& batch) {
  PartitionState& state = m_partitions[batch.partition()];
  STREAMSCOPE_ASSERT(state.requestsInFlight > 0);
  --state.requestsInFlight;
  // Nothing on its way any more and what expired is still not known to be in the log: begin anew.
  if (state.isSequenceUnresolved && state.requestsInFlight == 0) {
    state.isSequenceUnresolved = false;
    m_restart.insert(batch.partition());
  }
}

void IdempotenceState::onAcknowledged(const ProducerBatchPtr& batch) {
  PartitionState& state = m_partitions[batch->partition()];
  if (batch->producer() == state.producer) state.lastAckedSequence = batch->lastSequence();
  remove(state, batch);
}

void IdempotenceState::onFailed(const ProducerBatchPtr& batch) {
  remove(m_partitions[batch->partition()], batch);
  m_restart.insert(batch->partition());
}

void IdempotenceState::onExpired(const ProducerBatchPtr& batch) {
  if (!batch->hasSequence()) return;
  PartitionState& state = m_partitions[batch->partition()];
  remove(state, batch);
  if (state.requestsInFlight > 0)
    state.isSequenceUnresolved = true;
  else
    m_restart.insert(batch->partition());
}

void IdempotenceState::onSplit(const ProducerBatchPtr& whole, const std::vector<ProducerBatchPtr>& parts) {
  PartitionState& state = m_partitions[whole->partition()];
  const auto place = std::find(state.unacknowledged.begin(), state.unacknowledged.end(), whole);
  STREAMSCOPE_ASSERT(place != state.unacknowledged.end());
  int32_t sequence = whole->baseSequence();
  for (const ProducerBatchPtr& part : parts) {
    part->setProducerState(whole->producer(), sequence);
    sequence = incrementSequence(sequence, part->recordCount());
    state.unacknowledged.insert(place, part);
  }
  state.unacknowledged.erase(place);
}

bool IdempotenceState::canRetry(const ProducerBatch& batch, base::ErrorCode error) {
  if (error == base::ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER) {
    const PartitionState& state = m_partitions[batch.partition()];
    const int32_t expected = state.lastAckedSequence < 0 ? 0 : incrementSequence(state.lastAckedSequence, 1);
    // Not the next one: a batch before it failed and will go first. The next one: the broker has forgotten us.
    if (!batch.sequenceHasBeenReset() && batch.baseSequence() == expected) m_restart.insert(batch.partition());
    return true;
  }
  if (error == base::ErrorCode::UNKNOWN_PRODUCER_ID) {
    m_restart.insert(batch.partition());
    return true;
  }
  return base::isRetriable(error);
}

void IdempotenceState::maybeRaiseEpoch() {
  if (m_restart.empty() || !hasProducerId()) return;
  for (const base::PartitionId partition : m_restart)
    if (m_partitions[partition].requestsInFlight > 0) return;
  if (m_producer.epoch == std::numeric_limits<int16_t>::max()) {
    m_producer = {};
    return;
  }
  ++m_producer.epoch;
  for (const base::PartitionId partition : m_restart) restart(m_partitions[partition]);
  m_restart.clear();
}

void IdempotenceState::restart(PartitionState& state) {
  state.producer = m_producer;
  state.lastAckedSequence = -1;
  state.nextSequence = 0;
  for (const ProducerBatchPtr& batch : state.unacknowledged) {
    batch->setProducerState(m_producer, state.nextSequence);
    state.nextSequence = incrementSequence(state.nextSequence, batch->recordCount());
  }
}

void IdempotenceState::remove(PartitionState& state, const ProducerBatchPtr& batch) {
  const auto found = std::find(state.unacknowledged.begin(), state.unacknowledged.end(), batch);
  if (found != state.unacknowledged.end()) state.unacknowledged.erase(found);
}

}  // namespace streamscope::client
