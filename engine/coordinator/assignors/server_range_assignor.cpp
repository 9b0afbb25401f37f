#include "server_range_assignor.h"

#include <algorithm>
#include <vector>

namespace streamscope::coordinator {

namespace {

using Member = std::pair<const std::string, ConsumerGroupMemberSpec>;

/// Members with an instance id first, by it, then by member id.
std::vector<const Member*> sortedMembers(const ConsumerGroupSpec& group) {
  std::vector<const Member*> sorted;
  for (const Member& member : group.members) sorted.push_back(&member);
  std::ranges::stable_sort(sorted, [](const Member* a, const Member* b) {
    const std::string& instanceA = a->second.instanceId;
    const std::string& instanceB = b->second.instanceId;
    if (instanceA.empty() != instanceB.empty()) return !instanceA.empty();
    return instanceA < instanceB;
  });
  return sorted;
}

}  // namespace

ConsumerGroupAssignment assignRanges(const ConsumerGroupSpec& group) {
  const std::vector<const Member*> members = sortedMembers(group);
  ConsumerGroupAssignment assignment;
  for (const Member* member : members) assignment[member->first];
  for (const auto& [topic, partitions] : group.partitionCounts) {
    std::vector<const Member*> subscribers;
    for (const Member* member : members)
      if (member->second.subscribedTopics.contains(topic)) subscribers.push_back(member);
    if (subscribers.empty()) continue;
    const auto count = static_cast<int32_t>(subscribers.size());
    int32_t next = 0;
    for (int32_t index = 0; index < count; ++index) {
      const int32_t end = next + partitions / count + (index < partitions % count ? 1 : 0);
      for (; next < end; ++next) assignment[subscribers[static_cast<size_t>(index)]->first][topic].insert(next);
    }
  }
  return assignment;
}

}  // namespace streamscope::coordinator
