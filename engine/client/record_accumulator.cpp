#include "record_accumulator.h"

#include <algorithm>
#include <utility>

namespace streamscope::client {

RecordAccumulator::Append RecordAccumulator::append(base::PartitionId partition, base::TimestampMs timestamp,
                                                    std::optional<base::ByteView> key,
                                                    std::optional<base::ByteView> value, base::VirtualTime now) {
  Queue& queue = queueOf(partition);
  const size_t bytes = recordSizeUpperBound(key, value);
  if (!queue.empty() && queue.back()->hasRoomFor(bytes, m_options.batchSize)) {
    queue.back()->append(timestamp, key, value);
    return Append::ToOpenBatch;
  }
  const int64_t bufferBytes =
      std::max(int64_t{m_options.batchSize}, static_cast<int64_t>(log::batch_layout::kRecords + bytes));
  if (bufferBytes > bufferAvailable()) {
    m_isExhausted = true;
    return Append::BufferExhausted;
  }
  m_isExhausted = false;
  m_bufferUsed += bufferBytes;
  queue.push_back(std::make_shared<ProducerBatch>(partition, now, bufferBytes));
  queue.back()->append(timestamp, key, value);
  return Append::ToNewBatch;
}

base::VirtualTime RecordAccumulator::readyAt(const Queue& queue, base::LeaderEpoch leaderEpoch) const {
  const ProducerBatch& first = *queue.front();
  if (first.attempts > 0) return leaderEpoch > first.leaderEpoch ? first.created() : first.retryAt;
  const bool isFull =
      queue.size() > 1 || !first.isOpen() || first.sizeInBytes() >= static_cast<size_t>(m_options.batchSize);
  if (isFull || m_isExhausted || m_isFlushing) return first.created();
  return first.created() + m_options.linger;
}

RecordAccumulator::Ready RecordAccumulator::ready(const ClusterMetadata& metadata, base::VirtualTime now) const {
  Ready ready;
  for (size_t index = 0; index < m_queues.size(); ++index) {
    const Queue& queue = m_queues[index];
    if (queue.empty()) continue;
    const ClusterMetadata::Leader leader = metadata.leader(static_cast<base::PartitionId>(index));
    const base::VirtualTime at = readyAt(queue, leader.epoch);
    if (leader.broker == base::kNoBroker)
      ready.leaderUnknown = true;
    else if (at <= now)
      ready.brokers.insert(leader.broker);
    else
      ready.nextCheck = std::min(ready.nextCheck, at);
  }
  return ready;
}

std::vector<ProducerBatchPtr> RecordAccumulator::drain(base::BrokerId broker, const ClusterMetadata& metadata,
                                                       base::VirtualTime now,
                                                       const std::function<bool(const ProducerBatch&)>& mayDrain,
                                                       const std::function<void(const ProducerBatchPtr&)>& onDrain) {
  std::vector<ProducerBatchPtr> batches;
  size_t requestBytes = 0;
  const size_t start = m_drainIndex;
  for (size_t step = 0; step < m_queues.size(); ++step) {
    const size_t index = (start + step) % m_queues.size();
    Queue& queue = m_queues[index];
    const ClusterMetadata::Leader leader = metadata.leader(static_cast<base::PartitionId>(index));
    if (queue.empty() || leader.broker != broker) continue;
    const ProducerBatch& first = *queue.front();
    const bool isBackingOff = first.attempts > 0 && readyAt(queue, leader.epoch) > now;
    if (isBackingOff || !mayDrain(first)) continue;
    if (!batches.empty() && requestBytes + first.sizeInBytes() > static_cast<size_t>(m_options.maxRequestSize)) {
      m_drainIndex = index;
      break;
    }
    m_drainIndex = (index + 1) % m_queues.size();
    batches.push_back(std::move(queue.front()));
    queue.pop_front();
    onDrain(batches.back());
    batches.back()->close();
    requestBytes += batches.back()->sizeInBytes();
  }
  return batches;
}

void RecordAccumulator::reenqueue(const ProducerBatchPtr& batch) {
  Queue& queue = queueOf(batch->partition());
  if (!batch->hasSequence()) {
    queue.push_front(batch);
    return;
  }
  auto place = queue.begin();
  // Sequences of one partition in one queue span far less than half their range, so that their difference orders them.
  while (place != queue.end() && (*place)->hasSequence() &&
         static_cast<int32_t>(static_cast<uint32_t>((*place)->baseSequence()) -
                              static_cast<uint32_t>(batch->baseSequence())) < 0)
    ++place;
  queue.insert(place, batch);
}

std::vector<ProducerBatchPtr> RecordAccumulator::takeExpired(base::VirtualTime now) {
  std::vector<ProducerBatchPtr> expired;
  for (Queue& queue : m_queues)
    while (!queue.empty() && queue.front()->created() + m_options.deliveryTimeout <= now) {
      queue.front()->close();
      expired.push_back(std::move(queue.front()));
      queue.pop_front();
    }
  return expired;
}

base::VirtualTime RecordAccumulator::nextExpiry() const {
  base::VirtualTime next = base::kVirtualTimeMax;
  for (const Queue& queue : m_queues)
    if (!queue.empty()) next = std::min(next, queue.front()->created() + m_options.deliveryTimeout);
  return next;
}

bool RecordAccumulator::hasBatches() const {
  return std::any_of(m_queues.begin(), m_queues.end(), [](const Queue& queue) { return !queue.empty(); });
}

bool RecordAccumulator::hasIncompleteBatch(base::PartitionId partition) const {
  const auto index = static_cast<size_t>(partition);
  if (index >= m_queues.size() || m_queues[index].empty()) return false;
  const ProducerBatch& last = *m_queues[index].back();
  return last.isOpen() && last.sizeInBytes() < static_cast<size_t>(m_options.batchSize);
}

std::vector<int32_t> RecordAccumulator::queueLengths(int32_t partitionCount) const {
  if (static_cast<size_t>(partitionCount) > m_queues.size()) return {};
  std::vector<int32_t> lengths;
  for (const Queue& queue : m_queues) lengths.push_back(static_cast<int32_t>(queue.size()));
  return lengths;
}

RecordAccumulator::Queue& RecordAccumulator::queueOf(base::PartitionId partition) {
  const auto index = static_cast<size_t>(partition);
  if (index >= m_queues.size()) m_queues.resize(index + 1);
  return m_queues[index];
}

}  // namespace streamscope::client
