#include <chrono>

#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

using base::ErrorCode;
using Partition = protocol::DescribeQuorumResponse::TopicData::PartitionData;
using Replica = Partition::ReplicaState;
using Progress = LeaderState::ReplicaProgress;

/// A moment on the world's calendar; -1 for never.
int64_t timestampOf(const world::Clock& clock, const std::optional<base::VirtualTime>& time) {
  if (!time) return -1;
  return clock.wallClockMs() - std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - *time).count();
}

Replica describe(const world::Clock& clock, int32_t id, const Progress& progress) {
  Replica replica;
  replica.replicaId = id;
  replica.logEndOffset = progress.endOffset.value_or(-1);
  replica.lastFetchTimestamp = timestampOf(clock, progress.lastFetch);
  replica.lastCaughtUpTimestamp = timestampOf(clock, progress.lastCaughtUp);
  return replica;
}

/// Kafka: RaftUtil.singletonDescribeQuorumResponse.
void describeTo(Partition& partition, const QuorumController& controller, const LeaderState& leader) {
  const world::Clock& clock = controller.clock();
  partition.leaderId = *leader.leaderId();
  partition.leaderEpoch = leader.epoch();
  partition.highWatermark = leader.highWatermark().value_or(-1);
  for (const auto& [voter, progress] : leader.voters()) {
    Replica& replica = partition.currentVoters.emplace_back(describe(clock, voter, progress));
    if (voter == partition.leaderId) replica.lastFetchTimestamp = replica.lastCaughtUpTimestamp = clock.wallClockMs();
  }
  for (const auto& [observer, progress] : leader.observers(clock.now()))
    partition.observers.push_back(describe(clock, observer, progress));
}

}  // namespace

protocol::DescribeQuorumResponse handleDescribeQuorum(const QuorumController& controller,
                                                      const protocol::DescribeQuorumRequest& request) {
  protocol::DescribeQuorumResponse response;
  const LeaderState* leader = controller.raft() == nullptr ? nullptr : controller.raft()->quorum().as<LeaderState>();
  for (const auto& asked : request.topics) {
    auto& topic = response.topics.emplace_back();
    topic.topicName = asked.topicName;
    for (const auto& askedPartition : asked.partitions) {
      Partition& partition = topic.partitions.emplace_back();
      partition.partitionIndex = askedPartition.partitionIndex;
      const bool isMetadataLog = asked.topicName == kMetadataTopicName && askedPartition.partitionIndex == 0;
      if (!isMetadataLog)
        partition.errorCode = wireCode(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
      else if (leader == nullptr)
        partition.errorCode = wireCode(ErrorCode::NOT_LEADER_OR_FOLLOWER);
      else
        describeTo(partition, controller, *leader);
    }
  }
  // Their addresses would be those of controllers that have registered (KIP-919); none here has a listener.
  if (leader != nullptr)
    for (const auto& [voter, progress] : leader->voters()) response.nodes.push_back({voter, {}});
  return response;
}

}  // namespace streamscope::controller
