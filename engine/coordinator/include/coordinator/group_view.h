#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"

namespace streamscope::coordinator {

/// A member of a group as its coordinator knows it, for the lab's snapshot.
struct GroupMemberView {
  std::string memberId;
  /// Empty unless it is a static member.
  std::string groupInstanceId;
  std::string clientId, clientHost;
  bool isLeader = false;
  /// Of a consumer group, else -1.
  int32_t memberEpoch = -1;
  std::vector<std::string> subscribedTopics;
  std::vector<base::TopicPartition> assignment;
  /// Of a consumer group.
  std::vector<base::TopicPartition> targetAssignment;
};

struct CommittedOffsetView {
  base::TopicPartition partition;
  base::Offset offset = 0;
  base::TimestampMs commitTimestamp = 0;
  std::string metadata;
};

struct GroupView {
  std::string id;
  /// Of `__consumer_offsets`.
  base::PartitionId coordinatorPartition = 0;
  /// "Classic" or "Consumer", "Stable" and the like, as Kafka's tools write them.
  std::string type, state;
  std::string protocolType;
  /// The assignor, "" until one is chosen.
  std::string protocol;
  /// The epoch of a consumer group.
  int32_t generation = 0;
  /// In the order of their ids.
  std::vector<GroupMemberView> members;
  /// Those replicated, sorted by partition.
  std::vector<CommittedOffsetView> offsets;
};

}  // namespace streamscope::coordinator
