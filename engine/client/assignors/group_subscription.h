#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/topic_partition.h"

namespace streamscope::client {

/// What a member told the leader of its group (Kafka: ConsumerPartitionAssignor.Subscription).
struct MemberSubscription {
  std::vector<std::string> topics;
  std::optional<base::SharedBytes> userData;
  std::vector<base::TopicPartition> ownedPartitions;
  std::optional<int32_t> generationId;
  /// "" for none.
  std::string rackId;
  /// "" for a dynamic member.
  std::string groupInstanceId;
};

/// The racks of a partition's replicas, without those that have none.
using PartitionRacks = std::vector<std::string>;

/// What the leader of a group assigns from.
struct GroupSubscription {
  /// By member id, in the order of the JoinGroup response.
  std::vector<std::pair<std::string, MemberSubscription>> members;
  /// Of each topic that somebody subscribes to and that exists: its partitions, counted from 0.
  std::map<std::string, std::vector<PartitionRacks>> topics;
};

/// Every member's partitions by its id, sorted; a member without any is there, too.
using GroupAssignment = std::map<std::string, std::vector<base::TopicPartition>>;

/// Racks are looked at when some member is where some replica is, and not every partition is on every rack (KIP-881;
/// Kafka: AbstractPartitionAssignor.useRackAwareAssignment). `partitions` are those of the topics at hand.
bool usesRackAwareAssignment(const std::vector<std::string>& memberRacks,
                             const std::vector<const PartitionRacks*>& partitions);

/// Members in the order that range and round robin deal to: those with an instance id first, by it, then by member id.
std::vector<const std::pair<std::string, MemberSubscription>*> sortedMembers(const GroupSubscription& group);

}  // namespace streamscope::client
