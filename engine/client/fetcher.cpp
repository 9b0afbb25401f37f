#include "fetcher.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "aborted_transactions.h"
#include "api_versions_spoken.h"
#include "backoff.h"
#include "log/record_batch.h"

namespace streamscope::client {

using base::ErrorCode;
using FetchState = SubscriptionState::FetchState;

Fetcher::Fetcher(world::NodeContext& context, const ConsumerConfig& config, ClusterMetadata& metadata,
                 ConnectionStates& connections, SubscriptionState& subscription, std::function<void()> onProgress)
    : m_context(context),
      m_config(config),
      m_metadata(metadata),
      m_connections(connections),
      m_subscription(subscription),
      m_onProgress(std::move(onProgress)) {}

bool Fetcher::isBuffered(const PartitionKey& partition) const {
  return std::any_of(m_completed.begin(), m_completed.end(),
                     [&](const CompletedFetch& fetch) { return fetch.partition == partition; });
}

void Fetcher::sendFetches() {
  const base::VirtualTime now = m_context.clock.now();
  std::map<base::BrokerId, std::vector<PartitionKey>> byBroker;
  for (auto& [partition, position] : m_subscription.positions()) {
    if (position.state != FetchState::Fetching || position.isRevocationPending) continue;
    if (position.retryAt > now || isBuffered(partition)) continue;
    if (position.leader.broker == base::kNoBroker) continue;
    const base::BrokerId broker = readFrom(partition, position);
    if (m_brokersAsked.contains(broker) || !m_connections.isReady(broker, now)) continue;
    byBroker[broker].push_back(partition);
  }
  for (const auto& [broker, partitions] : byBroker) sendFetch(broker, partitions);
}

base::BrokerId Fetcher::readFrom(const PartitionKey& partition, Position& position) {
  if (position.readReplica == base::kNoBroker) return position.leader.broker;
  if (m_context.clock.now() > position.readReplicaUntil)
    setReadReplica(partition, position, base::kNoBroker, "metadata.max.age.ms is over");
  else if (position.leader != position.readReplicaNamedBy)
    setReadReplica(partition, position, base::kNoBroker, "the leader or its epoch changed");
  else if (!m_metadata.isReplicaOnline(partition, position.readReplica)) {
    m_metadata.requestUpdate();
    setReadReplica(partition, position, base::kNoBroker, "the metadata says that it is offline");
  }
  return position.readReplica == base::kNoBroker ? position.leader.broker : position.readReplica;
}

void Fetcher::setReadReplica(const PartitionKey& partition, Position& position, base::BrokerId replica,
                             const std::string& reason) {
  if (position.readReplica == replica) return;
  m_context.trace.record(
      world::ReadReplicaChanged{m_context.self, m_metadata.named(partition), position.readReplica, replica, reason});
  position.readReplica = replica;
  position.readReplicaNamedBy = position.leader;
  position.readReplicaUntil = m_context.clock.now() + m_config.metadataMaxAge;
}

void Fetcher::sendFetch(base::BrokerId broker, const std::vector<PartitionKey>& partitions) {
  protocol::FetchRequest request;
  request.maxWaitMs =
      static_cast<int32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(m_config.fetchMaxWait).count());
  request.minBytes = m_config.fetchMinBytes;
  request.maxBytes = m_config.fetchMaxBytes;
  request.rackId = m_config.clientRack;
  request.isolationLevel = static_cast<int8_t>(m_config.isolationLevel);
  std::vector<Asked> asked;
  int32_t topic = -1;
  for (const PartitionKey& partition : partitions) {
    const Position& position = m_subscription.positions().at(partition);
    if (partition.topic != topic) request.topics.emplace_back().topicId = m_metadata.topicId(partition.topic);
    topic = partition.topic;
    auto& wanted = request.topics.back().partitions.emplace_back();
    wanted.partition = partition.partition;
    wanted.currentLeaderEpoch = position.leader.epoch;
    wanted.fetchOffset = position.fetchOffset;
    wanted.partitionMaxBytes = m_config.maxPartitionFetchBytes;
    asked.push_back({partition, position.fetchOffset, position.jumps});
  }
  m_brokersAsked.insert(broker);
  m_connections.onSent(broker);
  m_context.network.send(world::brokerAddress(broker), version::kFetch, std::move(request), m_config.requestTimeout,
                         [this, broker, asked = std::move(asked)](world::Response response) {
                           onResponse(broker, asked, std::move(response));
                         });
}

void Fetcher::onResponse(base::BrokerId broker, const std::vector<Asked>& asked, world::Response response) {
  m_brokersAsked.erase(broker);
  const auto* body = std::get_if<protocol::FetchResponse>(&response.body);
  if (response.outcome != world::Response::Outcome::Received || body == nullptr) {
    m_connections.onBroken(broker, m_context.clock.now());
    for (const Asked& one : asked)
      if (Position* position = m_subscription.find(one.partition))
        setReadReplica(one.partition, *position, base::kNoBroker, "the fetch failed");
    m_metadata.requestUpdate();
    m_onProgress();
    return;
  }
  m_connections.onAnswered(broker);
  if (body->errorCode != 0) {
    if (base::refreshesMetadata(static_cast<ErrorCode>(body->errorCode))) m_metadata.requestUpdate();
    for (const Asked& one : asked)
      if (Position* position = m_subscription.find(one.partition)) backOff(*position);
  }
  for (const auto& topic : body->responses)
    for (const PartitionData& data : topic.partitions)
      for (const Asked& one : asked)
        if (one.partition.partition == data.partitionIndex && m_metadata.topicId(one.partition.topic) == topic.topicId)
          onPartition(one, data);
  m_onProgress();
}

void Fetcher::onPartition(const Asked& asked, const PartitionData& data) {
  Position* asking = m_subscription.find(asked.partition, asked.jumps);
  const bool isStale = asking == nullptr || asking->fetchOffset != asked.fetchOffset ||
                       asking->state != FetchState::Fetching || asking->isRevocationPending;
  if (isStale) return;
  Position& position = *asking;
  if (data.errorCode != 0) {
    onPartitionError(asked.partition, position, data);
    return;
  }
  position.failures = 0;
  position.highWatermark = std::max(position.highWatermark, data.highWatermark);
  if (data.preferredReadReplica != base::kNoBroker)
    setReadReplica(asked.partition, position, data.preferredReadReplica, "the leader prefers it for this rack");
  if (data.divergingEpoch.endOffset >= 0) {
    m_subscription.seek(position, std::min(data.divergingEpoch.endOffset, position.position),
                        data.divergingEpoch.epoch);
    return;
  }
  if (data.records && !data.records->empty()) bufferRecords(asked.partition, position, data);
}

void Fetcher::onPartitionError(const PartitionKey& key, Position& position, const PartitionData& data) {
  const auto error = static_cast<ErrorCode>(data.errorCode);
  const bool wasFollower = position.readReplica != base::kNoBroker;
  const bool isOutOfRange = error == ErrorCode::OFFSET_OUT_OF_RANGE;
  const bool refreshes = base::refreshesMetadata(error) || error == ErrorCode::UNKNOWN_LEADER_EPOCH;
  if (wasFollower && (isOutOfRange || refreshes))
    setReadReplica(key, position, base::kNoBroker, std::string(base::errorName(error)));
  // Only the leader knows that an offset is nowhere; a follower may be behind.
  if (isOutOfRange && wasFollower) return;
  if (isOutOfRange) return m_subscription.requestReset(position);
  if (refreshes) m_metadata.requestUpdate();
  backOff(position);
  // A hint to a newer leader clears the backoff through the change of leader.
  m_metadata.applyLeaderHint(key, data.currentLeader.leaderId, data.currentLeader.leaderEpoch);
}

void Fetcher::backOff(Position& position) {
  position.retryAt = m_context.clock.now() + retryBackoff(m_config.retryBackoff, ++position.failures, m_context.random);
}

void Fetcher::bufferRecords(const PartitionKey& key, Position& position, const PartitionData& data) {
  CompletedFetch fetch{key, position.jumps, {}};
  const bool isCommittedOnly = m_config.isolationLevel == IsolationLevel::ReadCommitted && data.abortedTransactions;
  AbortedTransactions aborted(isCommittedOnly ? *data.abortedTransactions
                                              : decltype(data.abortedTransactions)::value_type());
  base::ByteView rest = data.records->view();
  const auto reject = [&](const std::string& reason) {
    if (m_corruption.empty())
      m_corruption = "Records of " + m_metadata.named(key).toString() + " at offset " +
                     std::to_string(position.fetchOffset) + " are damaged: " + reason + ".";
    backOff(position);
  };
  while (!rest.empty()) {
    const log::BatchScan scan = log::scanBatch(rest, true);
    // Kafka cuts the last batch of an answer at the size limit; it comes whole next time.
    if (scan.end == log::BatchEnd::Torn) break;
    if (scan.end == log::BatchEnd::Damaged) return reject(scan.reason);
    const base::ByteView batch = rest.first(scan.header.sizeInBytes);
    rest = rest.subspan(scan.header.sizeInBytes);
    const bool isAborted = aborted.contains(scan.header, batch);
    if (scan.header.nextOffset() <= position.fetchOffset) continue;
    base::Offset next = position.fetchOffset;
    bool inOrder = true;
    if (!scan.header.isControl() && !isAborted) {
      const base::Status read = log::forEachRecord(batch, [&](const log::RecordView& record) {
        if (record.offset < position.fetchOffset) return true;
        inOrder = record.offset >= next;
        next = record.offset + 1;
        fetch.records.push_back({fetch.partition, record.offset, next, record.sizeInBytes, fetch.jumps});
        return inOrder;
      });
      if (!read) return reject(read.error().message);
      if (!inOrder) return reject("offsets go back");
    }
    position.fetchOffset = scan.header.nextOffset();
    position.fetchEpoch = scan.header.partitionLeaderEpoch;
  }
  if (fetch.records.empty()) {
    position.position = std::max(position.position, position.fetchOffset);
    return;
  }
  fetch.records.back().nextPosition = position.fetchOffset;
  m_completed.push_back(std::move(fetch));
}

std::deque<FetchedRecord> Fetcher::collect(size_t recordsMax) {
  std::deque<FetchedRecord> records;
  while (!m_completed.empty() && records.size() < recordsMax) {
    CompletedFetch& first = m_completed.front();
    const bool isStale = m_subscription.find(first.partition, first.jumps) == nullptr;
    while (!isStale && !first.records.empty() && records.size() < recordsMax) {
      records.push_back(first.records.front());
      first.records.pop_front();
    }
    if (isStale || first.records.empty()) m_completed.pop_front();
  }
  return records;
}

}  // namespace streamscope::client
