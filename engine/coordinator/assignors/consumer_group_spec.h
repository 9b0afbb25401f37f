#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/uuid.h"

namespace streamscope::coordinator {

/// Partitions by topic; no topic without partitions.
using TopicPartitions = std::map<base::Uuid, std::set<base::PartitionId>>;

/// What the coordinator knows of a member when it computes a target assignment (Kafka:
/// MemberSubscriptionAndAssignment).
struct ConsumerGroupMemberSpec {
  /// "" for a dynamic member.
  std::string instanceId;
  /// Only topics that exist.
  std::set<base::Uuid> subscribedTopics;
  /// Its target so far.
  TopicPartitions assigned;
};

/// A consumer group of KIP-848 before an assignor sees it (Kafka: GroupSpec, SubscribedTopicDescriber).
struct ConsumerGroupSpec {
  std::map<std::string, ConsumerGroupMemberSpec> members;
  /// Of every subscribed topic.
  std::map<base::Uuid, int32_t> partitionCounts;

  /// Every member subscribes to the same topics (Kafka: SubscriptionType.HOMOGENEOUS).
  bool isHomogeneous() const;
  /// Member ids in the order of Kafka's HashMap, by which the uniform assignor goes.
  std::vector<std::string> memberIds() const;
};

/// The new target of every member.
using ConsumerGroupAssignment = std::map<std::string, TopicPartitions>;

}  // namespace streamscope::coordinator
