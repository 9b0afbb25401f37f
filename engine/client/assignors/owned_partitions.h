#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "numbered_group.h"

namespace streamscope::client {

/// What a member says of its last assignment, and in which generation it was given that.
struct MemberData {
  std::vector<base::TopicPartition> partitions;
  std::optional<int32_t> generation;
};
using MemberDataOf = std::function<MemberData(const MemberSubscription&)>;

/// The generation of a member that does not tell.
inline constexpr int32_t kNoGeneration = -1;

/// Who may keep what, by what the members say (Kafka: AbstractStickyAssignor.allSubscriptionsEqual). Of two members
/// that claim a partition the one of the later generation is believed, of the same generation neither.
struct OwnedPartitions {
  OwnedPartitions(const NumberedGroup& group, const MemberDataOf& memberDataOf);

  bool areSubscriptionsEqual = true;
  int32_t generationMax = kNoGeneration;
  /// By member, in the order it told.
  std::vector<std::vector<NumberedGroup::Partition>> byMember;
  std::set<NumberedGroup::Partition> claimedTwice;
};

}  // namespace streamscope::client
