#include "sticky_assignment.h"

#include <algorithm>

#include "constrained_assignment.h"
#include "general_assignment.h"

namespace streamscope::client {

StickyAssignment assignSticky(const NumberedGroup& group, const MemberDataOf& memberDataOf) {
  if (group.memberCount() == 0) return {};
  const OwnedPartitions owned(group, memberDataOf);
  if (owned.areSubscriptionsEqual) return ConstrainedAssignment(group, owned).build();
  return {GeneralAssignment(group, owned, memberDataOf).build(), std::nullopt};
}

GroupAssignment namedAssignment(const NumberedGroup& group, const StickyAssignment& assignment) {
  GroupAssignment named;
  for (NumberedGroup::Member member = 0; member < assignment.byMember.size(); ++member) {
    std::vector<base::TopicPartition>& partitions = named[group.memberId(member)];
    for (const NumberedGroup::Partition partition : assignment.byMember[member])
      partitions.push_back(group.named(partition));
    std::ranges::sort(partitions);
  }
  return named;
}

}  // namespace streamscope::client
