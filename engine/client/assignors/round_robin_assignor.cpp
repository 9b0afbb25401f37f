#include "round_robin_assignor.h"

#include <algorithm>

namespace streamscope::client {

GroupAssignment assignRoundRobin(const GroupSubscription& group) {
  const auto members = sortedMembers(group);
  GroupAssignment assignment;
  for (const auto* member : members) assignment[member->first];
  size_t next = 0;
  for (const auto& [topic, partitions] : group.topics) {
    const auto subscribes = [&topic = topic](const auto* member) {
      return std::ranges::find(member->second.topics, topic) != member->second.topics.end();
    };
    if (std::ranges::none_of(members, subscribes)) continue;
    for (size_t partition = 0; partition < partitions.size(); ++partition) {
      while (!subscribes(members[next % members.size()])) ++next;
      assignment[members[next++ % members.size()]->first].push_back({topic, static_cast<base::PartitionId>(partition)});
    }
  }
  return assignment;
}

}  // namespace streamscope::client
