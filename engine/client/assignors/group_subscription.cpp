#include "group_subscription.h"

#include <algorithm>
#include <set>

namespace streamscope::client {

bool usesRackAwareAssignment(const std::vector<std::string>& memberRacks,
                             const std::vector<const PartitionRacks*>& partitions) {
  std::set<std::string> allRacks;
  for (const PartitionRacks* racks : partitions) allRacks.insert(racks->begin(), racks->end());
  const bool isAnyNear =
      std::ranges::any_of(memberRacks, [&](const std::string& rack) { return allRacks.contains(rack); });
  return isAnyNear && std::ranges::any_of(partitions, [&](const PartitionRacks* racks) {
           return std::set<std::string>(racks->begin(), racks->end()) != allRacks;
         });
}

std::vector<const std::pair<std::string, MemberSubscription>*> sortedMembers(const GroupSubscription& group) {
  std::vector<const std::pair<std::string, MemberSubscription>*> sorted;
  for (const auto& member : group.members) sorted.push_back(&member);
  std::ranges::sort(sorted, [](const auto* a, const auto* b) {
    const std::string& instanceA = a->second.groupInstanceId;
    const std::string& instanceB = b->second.groupInstanceId;
    if (instanceA.empty() != instanceB.empty()) return !instanceA.empty();
    return instanceA.empty() ? a->first < b->first : instanceA < instanceB;
  });
  return sorted;
}

}  // namespace streamscope::client
