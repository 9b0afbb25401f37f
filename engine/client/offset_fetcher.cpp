#include "offset_fetcher.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "api_versions_spoken.h"
#include "backoff.h"

namespace streamscope::client {

using base::ErrorCode;
using FetchState = SubscriptionState::FetchState;
using Position = SubscriptionState::Position;

namespace {

constexpr int64_t kLatestTimestamp = -1;
constexpr int64_t kEarliestTimestamp = -2;
constexpr int32_t kConsumerReplicaId = -1;

}  // namespace

OffsetFetcher::OffsetFetcher(world::NodeContext& context, const ConsumerConfig& config, ClusterMetadata& metadata,
                             ConnectionStates& connections, SubscriptionState& subscription,
                             std::function<void()> onProgress)
    : m_context(context),
      m_config(config),
      m_metadata(metadata),
      m_connections(connections),
      m_subscription(subscription),
      m_onProgress(std::move(onProgress)) {}

OffsetFetcher::PartitionsByLeader OffsetFetcher::waiting(FetchState state) const {
  const base::VirtualTime now = m_context.clock.now();
  PartitionsByLeader byLeader;
  for (const auto& [partition, position] : m_subscription.positions()) {
    if (position.state != state || position.isOffsetRequestInFlight || position.retryAt > now) continue;
    if (position.leader.broker == base::kNoBroker || !m_connections.isReady(position.leader.broker, now)) continue;
    byLeader[position.leader.broker].push_back(partition);
  }
  return byLeader;
}

void OffsetFetcher::resetPositions() {
  for (const auto& [leader, partitions] : waiting(FetchState::AwaitReset)) sendListOffsets(leader, partitions);
}

void OffsetFetcher::validatePositions() {
  for (const auto& [leader, partitions] : waiting(FetchState::AwaitValidation))
    sendOffsetForLeaderEpoch(leader, partitions);
}

bool OffsetFetcher::wasAnswered(base::BrokerId leader, const world::Response& response) {
  if (response.outcome == world::Response::Outcome::Received) {
    m_connections.onAnswered(leader);
    return true;
  }
  m_connections.onBroken(leader, m_context.clock.now());
  return false;
}

void OffsetFetcher::sendListOffsets(base::BrokerId leader, const std::vector<base::PartitionId>& partitions) {
  protocol::ListOffsetsRequest request;
  request.replicaId = kConsumerReplicaId;
  request.isolationLevel = static_cast<int8_t>(m_config.isolationLevel);
  request.timeoutMs =
      static_cast<int32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(m_config.requestTimeout).count());
  auto& topic = request.topics.emplace_back();
  topic.name = m_config.topics.front();
  for (const base::PartitionId partition : partitions) {
    Position& position = m_subscription.at(partition);
    position.isOffsetRequestInFlight = true;
    auto& wanted = topic.partitions.emplace_back();
    wanted.partitionIndex = partition;
    wanted.currentLeaderEpoch = position.leader.epoch;
    wanted.timestamp = m_config.autoOffsetReset == AutoOffsetReset::Earliest ? kEarliestTimestamp : kLatestTimestamp;
  }
  m_connections.onSent(leader);
  m_context.network.send(world::brokerAddress(leader), version::kListOffsets, std::move(request),
                         m_config.requestTimeout, [this, leader, partitions](world::Response response) {
                           std::set<base::PartitionId> unanswered(partitions.begin(), partitions.end());
                           const auto* body = std::get_if<protocol::ListOffsetsResponse>(&response.body);
                           if (wasAnswered(leader, response) && body != nullptr)
                             for (const auto& answered : body->topics)
                               for (const auto& found : answered.partitions)
                                 if (unanswered.erase(found.partitionIndex) > 0)
                                   onOffset(found.partitionIndex, static_cast<ErrorCode>(found.errorCode), found.offset,
                                            found.leaderEpoch);
                           for (const base::PartitionId partition : unanswered)
                             onOffset(partition, ErrorCode::NETWORK_EXCEPTION, base::kNoOffset, base::kNoEpoch);
                           m_onProgress();
                         });
}

void OffsetFetcher::onOffset(base::PartitionId partition, ErrorCode error, base::Offset offset,
                             base::LeaderEpoch epoch) {
  Position& position = m_subscription.at(partition);
  position.isOffsetRequestInFlight = false;
  if (position.state != FetchState::AwaitReset) return;
  if (error != ErrorCode::NONE || offset < 0) {
    onFailure(position, error);
    return;
  }
  m_subscription.seek(position, offset, epoch);
}

void OffsetFetcher::sendOffsetForLeaderEpoch(base::BrokerId leader, const std::vector<base::PartitionId>& partitions) {
  protocol::OffsetForLeaderEpochRequest request;
  request.replicaId = kConsumerReplicaId;
  auto& topic = request.topics.emplace_back();
  topic.topic = m_config.topics.front();
  for (const base::PartitionId partition : partitions) {
    Position& position = m_subscription.at(partition);
    position.isOffsetRequestInFlight = true;
    auto& asked = topic.partitions.emplace_back();
    asked.partition = partition;
    asked.currentLeaderEpoch = position.leader.epoch;
    asked.leaderEpoch = position.fetchEpoch;
  }
  m_connections.onSent(leader);
  m_context.network.send(world::brokerAddress(leader), version::kOffsetForLeaderEpoch, std::move(request),
                         m_config.requestTimeout, [this, leader, partitions](world::Response response) {
                           std::set<base::PartitionId> unanswered(partitions.begin(), partitions.end());
                           const auto* body = std::get_if<protocol::OffsetForLeaderEpochResponse>(&response.body);
                           if (wasAnswered(leader, response) && body != nullptr)
                             for (const auto& answered : body->topics)
                               for (const auto& end : answered.partitions)
                                 if (unanswered.erase(end.partition) > 0)
                                   onEpochEnd(end.partition, static_cast<ErrorCode>(end.errorCode), end.endOffset,
                                              end.leaderEpoch);
                           for (const base::PartitionId partition : unanswered)
                             onEpochEnd(partition, ErrorCode::NETWORK_EXCEPTION, base::kNoOffset, base::kNoEpoch);
                           m_onProgress();
                         });
}

void OffsetFetcher::onEpochEnd(base::PartitionId partition, ErrorCode error, base::Offset endOffset,
                               base::LeaderEpoch epoch) {
  Position& position = m_subscription.at(partition);
  position.isOffsetRequestInFlight = false;
  if (position.state != FetchState::AwaitValidation) return;
  if (error != ErrorCode::NONE) {
    onFailure(position, error);
    return;
  }
  if (endOffset < 0 || epoch < 0) {
    // The leader knows nothing of the epoch we read in.
    m_subscription.requestReset(position);
  } else if (endOffset < position.fetchOffset) {
    // Records that we have read were cut: the log went another way from there on.
    m_subscription.seek(position, std::min(endOffset, position.position), epoch);
  } else {
    m_subscription.completeValidation(position);
  }
}

void OffsetFetcher::onFailure(Position& position, ErrorCode error) {
  position.retryAt = m_context.clock.now() + retryBackoff(m_config.retryBackoff, ++position.failures, m_context.random);
  if (base::refreshesMetadata(error) || error == ErrorCode::UNKNOWN_LEADER_EPOCH) m_metadata.requestUpdate();
}

}  // namespace streamscope::client
