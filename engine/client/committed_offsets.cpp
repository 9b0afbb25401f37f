#include "committed_offsets.h"

#include <utility>
#include <variant>

#include "api_versions_spoken.h"

namespace streamscope::client {

using base::ErrorCode;

namespace {

CommittedOffsets::Outcome outcomeOf(ErrorCode error, bool isRetriable, std::string reason = {}) {
  if (reason.empty()) reason = std::string(base::errorName(error));
  return {error, isRetriable, std::move(reason)};
}

CommittedOffsets::Outcome noAnswer() {
  return outcomeOf(ErrorCode::NETWORK_EXCEPTION, true, "the coordinator did not answer");
}

}  // namespace

void CommittedOffsets::commit(const Offsets& offsets, std::function<void(const Outcome&)> done) {
  if (offsets.empty()) return done({});
  if (!m_coordinator.isKnown())
    return done(outcomeOf(ErrorCode::COORDINATOR_NOT_AVAILABLE, true, "the coordinator is not known"));
  if (m_membership.isRebalancing())
    return done(outcomeOf(ErrorCode::REBALANCE_IN_PROGRESS, false, "the consumer is in a rebalance"));
  if (m_membership.state() != GroupMembership::State::Stable)
    return done(outcomeOf(ErrorCode::UNKNOWN_MEMBER_ID, false, "the consumer is not part of an active group"));

  const Generation generation = m_membership.generation();
  protocol::OffsetCommitRequest request;
  request.groupId = m_config.groupId;
  request.generationIdOrMemberEpoch = generation.id;
  request.memberId = generation.memberId;
  if (!m_config.groupInstanceId.empty()) request.groupInstanceId = m_config.groupInstanceId;
  for (const auto& [key, committed] : offsets) {
    const std::string& name = m_metadata.topicName(key.topic);
    if (request.topics.empty() || request.topics.back().name != name) request.topics.emplace_back().name = name;
    auto& partition = request.topics.back().partitions.emplace_back();
    partition.partitionIndex = key.partition;
    partition.committedOffset = committed.offset;
    partition.committedLeaderEpoch = committed.leaderEpoch;
    partition.committedMetadata = "";
  }
  m_coordinator.send(version::kOffsetCommit, std::move(request), m_config.requestTimeout,
                     [this, generation, done = std::move(done)](const protocol::ResponseBody* body) {
                       const auto* response =
                           body == nullptr ? nullptr : std::get_if<protocol::OffsetCommitResponse>(body);
                       done(onCommitResponse(generation, response));
                     });
}

CommittedOffsets::Outcome CommittedOffsets::onCommitResponse(const Generation& sent,
                                                             const protocol::OffsetCommitResponse* response) {
  if (response == nullptr) return noAnswer();
  for (const auto& topic : response->topics)
    for (const auto& partition : topic.partitions)
      if (partition.errorCode != 0) return onCommitError(sent, static_cast<ErrorCode>(partition.errorCode));
  return {};
}

CommittedOffsets::Outcome CommittedOffsets::onCommitError(const Generation& sent, ErrorCode error) {
  switch (error) {
    case ErrorCode::COORDINATOR_LOAD_IN_PROGRESS:
    case ErrorCode::UNKNOWN_TOPIC_OR_PARTITION:
      return outcomeOf(error, true);
    case ErrorCode::COORDINATOR_NOT_AVAILABLE:
    case ErrorCode::NOT_COORDINATOR:
    case ErrorCode::REQUEST_TIMED_OUT:
      m_coordinator.giveUp();
      return outcomeOf(error, true);
    case ErrorCode::REBALANCE_IN_PROGRESS:
      m_membership.requestRejoin("offset commit failed since group is already rebalancing");
      return outcomeOf(error, false);
    case ErrorCode::UNKNOWN_MEMBER_ID:
    case ErrorCode::ILLEGAL_GENERATION:
      // A rebalance that goes on has found a newer generation already.
      if (m_membership.generation() == sent || m_membership.state() != GroupMembership::State::PreparingRebalance)
        m_membership.resetGeneration(
            "encountered " + std::string(base::errorName(error)) + " from OFFSET_COMMIT response",
            error != ErrorCode::ILLEGAL_GENERATION);
      return outcomeOf(error, false);
    default:
      return outcomeOf(error, false);
  }
}

void CommittedOffsets::fetch(const std::set<PartitionKey>& partitions, Fetched done) {
  protocol::OffsetFetchRequest request;
  request.requireStable = true;
  auto& group = request.groups.emplace_back();
  group.groupId = m_config.groupId;
  group.topics.emplace();
  for (const PartitionKey& key : partitions) {
    const std::string& name = m_metadata.topicName(key.topic);
    if (group.topics->empty() || group.topics->back().name != name) group.topics->emplace_back().name = name;
    group.topics->back().partitionIndexes.push_back(key.partition);
  }
  m_coordinator.send(version::kOffsetFetch, std::move(request), m_config.requestTimeout,
                     [this, done = std::move(done)](const protocol::ResponseBody* body) {
                       onFetchResponse(body == nullptr ? nullptr : std::get_if<protocol::OffsetFetchResponse>(body),
                                       done);
                     });
}

void CommittedOffsets::onFetchResponse(const protocol::OffsetFetchResponse* response, const Fetched& done) {
  if (response == nullptr || response->groups.size() != 1) return done(noAnswer(), {});
  const auto& group = response->groups.front();
  if (const auto error = static_cast<ErrorCode>(group.errorCode); error != ErrorCode::NONE) {
    if (error == ErrorCode::COORDINATOR_NOT_AVAILABLE || error == ErrorCode::NOT_COORDINATOR) m_coordinator.giveUp();
    return done(outcomeOf(error, base::isRetriable(error)), {});
  }
  Offsets offsets;
  bool isUnstable = false;
  for (const auto& topic : group.topics)
    for (const auto& partition : topic.partitions) {
      const auto error = static_cast<ErrorCode>(partition.errorCode);
      const std::optional<int32_t> index = m_metadata.findTopic(topic.name);
      if (error == ErrorCode::UNSTABLE_OFFSET_COMMIT)
        isUnstable = true;
      else if (error != ErrorCode::NONE)
        return done(outcomeOf(error, false), {});
      else if (index)
        offsets[{*index, partition.partitionIndex}] = {partition.committedOffset, partition.committedLeaderEpoch};
    }
  if (isUnstable) return done(outcomeOf(ErrorCode::UNSTABLE_OFFSET_COMMIT, true), {});
  done({}, offsets);
}

}  // namespace streamscope::client
