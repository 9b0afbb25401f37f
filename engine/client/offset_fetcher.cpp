#include "offset_fetcher.h"

#include <algorithm>
#include <optional>
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
    byLeader[position.leader.broker].push_back({partition, position.jumps});
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

void OffsetFetcher::sendListOffsets(base::BrokerId leader, const std::vector<Asked>& partitions) {
  protocol::ListOffsetsRequest request;
  request.replicaId = kConsumerReplicaId;
  request.isolationLevel = static_cast<int8_t>(m_config.isolationLevel);
  request.timeoutMs =
      static_cast<int32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(m_config.requestTimeout).count());
  for (const Asked& asked : partitions) {
    Position& position = m_subscription.positions().at(asked.partition);
    position.isOffsetRequestInFlight = true;
    const std::string& name = m_metadata.topicName(asked.partition.topic);
    if (request.topics.empty() || request.topics.back().name != name) request.topics.emplace_back().name = name;
    auto& wanted = request.topics.back().partitions.emplace_back();
    wanted.partitionIndex = asked.partition.partition;
    wanted.currentLeaderEpoch = position.leader.epoch;
    wanted.timestamp = resetTimestamp(position);
  }
  m_connections.onSent(leader);
  m_context.network.send(world::brokerAddress(leader), version::kListOffsets, std::move(request),
                         m_config.requestTimeout, [this, leader, partitions](world::Response response) {
                           std::map<PartitionKey, Asked> unanswered;
                           for (const Asked& asked : partitions) unanswered[asked.partition] = asked;
                           const auto* body = std::get_if<protocol::ListOffsetsResponse>(&response.body);
                           if (wasAnswered(leader, response) && body != nullptr)
                             for (const auto& answered : body->topics)
                               for (const auto& found : answered.partitions)
                                 if (const auto asked = takeAsked(unanswered, answered.name, found.partitionIndex))
                                   onOffset(*asked, static_cast<ErrorCode>(found.errorCode), found.offset,
                                            found.leaderEpoch);
                           for (const auto& [key, asked] : unanswered)
                             onOffset(asked, ErrorCode::NETWORK_EXCEPTION, base::kNoOffset, base::kNoEpoch);
                           m_onProgress();
                         });
}

std::optional<OffsetFetcher::Asked> OffsetFetcher::takeAsked(std::map<PartitionKey, Asked>& unanswered,
                                                             const std::string& topic,
                                                             base::PartitionId partition) const {
  const std::optional<int32_t> index = m_metadata.findTopic(topic);
  const auto found = index ? unanswered.find({*index, partition}) : unanswered.end();
  if (found == unanswered.end()) return std::nullopt;
  const Asked asked = found->second;
  unanswered.erase(found);
  return asked;
}

int64_t OffsetFetcher::resetTimestamp(const Position& position) const {
  switch (m_config.autoOffsetReset) {
    case AutoOffsetReset::Earliest:
      return kEarliestTimestamp;
    case AutoOffsetReset::ByDuration: {
      const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(m_config.autoOffsetResetDuration);
      return position.isNothingYoungEnough ? kLatestTimestamp : m_context.clock.wallClockMs() - ago.count();
    }
    case AutoOffsetReset::Latest:
    case AutoOffsetReset::None:
      break;
  }
  return kLatestTimestamp;
}

void OffsetFetcher::onOffset(const Asked& asked, ErrorCode error, base::Offset offset, base::LeaderEpoch epoch) {
  Position* asking = m_subscription.find(asked.partition, asked.jumps);
  if (asking == nullptr) return;
  Position& position = *asking;
  position.isOffsetRequestInFlight = false;
  if (position.state != FetchState::AwaitReset) return;
  if (error == ErrorCode::NONE && offset < 0 && m_config.autoOffsetReset == AutoOffsetReset::ByDuration)
    position.isNothingYoungEnough = true;
  if (error != ErrorCode::NONE || offset < 0) {
    onFailure(position, error);
    return;
  }
  m_subscription.seek(position, offset, epoch);
}

void OffsetFetcher::sendOffsetForLeaderEpoch(base::BrokerId leader, const std::vector<Asked>& partitions) {
  protocol::OffsetForLeaderEpochRequest request;
  request.replicaId = kConsumerReplicaId;
  for (const Asked& asked : partitions) {
    Position& position = m_subscription.positions().at(asked.partition);
    position.isOffsetRequestInFlight = true;
    const std::string& name = m_metadata.topicName(asked.partition.topic);
    if (request.topics.empty() || request.topics.back().topic != name) request.topics.emplace_back().topic = name;
    auto& wanted = request.topics.back().partitions.emplace_back();
    wanted.partition = asked.partition.partition;
    wanted.currentLeaderEpoch = position.leader.epoch;
    wanted.leaderEpoch = position.fetchEpoch;
  }
  m_connections.onSent(leader);
  m_context.network.send(world::brokerAddress(leader), version::kOffsetForLeaderEpoch, std::move(request),
                         m_config.requestTimeout, [this, leader, partitions](world::Response response) {
                           std::map<PartitionKey, Asked> unanswered;
                           for (const Asked& asked : partitions) unanswered[asked.partition] = asked;
                           const auto* body = std::get_if<protocol::OffsetForLeaderEpochResponse>(&response.body);
                           if (wasAnswered(leader, response) && body != nullptr)
                             for (const auto& answered : body->topics)
                               for (const auto& end : answered.partitions)
                                 if (const auto asked = takeAsked(unanswered, answered.topic, end.partition))
                                   onEpochEnd(*asked, static_cast<ErrorCode>(end.errorCode), end.endOffset,
                                              end.leaderEpoch);
                           for (const auto& [key, asked] : unanswered)
                             onEpochEnd(asked, ErrorCode::NETWORK_EXCEPTION, base::kNoOffset, base::kNoEpoch);
                           m_onProgress();
                         });
}

void OffsetFetcher::onEpochEnd(const Asked& asked, ErrorCode error, base::Offset endOffset, base::LeaderEpoch epoch) {
  Position* asking = m_subscription.find(asked.partition, asked.jumps);
  if (asking == nullptr) return;
  Position& position = *asking;
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
