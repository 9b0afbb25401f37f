#include "cooperative_sticky_assignor.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "sticky_assignment.h"

namespace streamscope::client {

namespace {

MemberData memberDataOf(const MemberSubscription& subscription) {
  if (subscription.generationId) return {subscription.ownedPartitions, subscription.generationId};
  if (!subscription.userData) return {subscription.ownedPartitions, std::nullopt};
  base::ByteReader reader(subscription.userData->view());
  const int32_t generation = reader.readInt32();
  return {subscription.ownedPartitions, reader.failed() ? kNoGeneration : generation};
}

/// Partitions that somebody has now and somebody else is to have, with the new owner.
std::map<base::TopicPartition, std::string> transferred(const GroupSubscription& group,
                                                        const GroupAssignment& assignment) {
  std::map<base::TopicPartition, std::string> added;
  std::set<base::TopicPartition> revoked;
  for (const auto& [memberId, subscription] : group.members) {
    const std::set<base::TopicPartition> owned(subscription.ownedPartitions.begin(),
                                               subscription.ownedPartitions.end());
    const std::vector<base::TopicPartition>& assigned = assignment.at(memberId);
    for (const base::TopicPartition& partition : assigned)
      if (!owned.contains(partition)) added[partition] = memberId;
    for (const base::TopicPartition& partition : owned)
      if (!std::ranges::binary_search(assigned, partition)) revoked.insert(partition);
  }
  std::erase_if(added, [&](const auto& each) { return !revoked.contains(each.first); });
  return added;
}

}  // namespace

GroupAssignment assignCooperativeSticky(const GroupSubscription& group) {
  const NumberedGroup numbered(group);
  const StickyAssignment sticky = assignSticky(numbered, memberDataOf);
  GroupAssignment assignment = namedAssignment(numbered, sticky);
  if (sticky.transferred) {
    for (const auto& [partition, member] : *sticky.transferred)
      std::erase(assignment.at(numbered.memberId(member)), numbered.named(partition));
  } else {
    for (const auto& [partition, memberId] : transferred(group, assignment))
      std::erase(assignment.at(memberId), partition);
  }
  return assignment;
}

base::SharedBytes cooperativeStickyUserData(int32_t generation) {
  base::ByteWriter writer;
  writer.writeInt32(generation);
  return writer.take();
}

}  // namespace streamscope::client
