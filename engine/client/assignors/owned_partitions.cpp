#include "owned_partitions.h"

#include <algorithm>
#include <map>
#include <string>

namespace streamscope::client {

OwnedPartitions::OwnedPartitions(const NumberedGroup& group, const MemberDataOf& memberDataOf) {
  std::set<std::string> subscribed;
  std::map<NumberedGroup::Partition, NumberedGroup::Member> owners;
  byMember.resize(group.memberCount());
  for (NumberedGroup::Member member = 0; member < group.memberCount(); ++member) {
    const MemberSubscription& subscription = group.subscription(member);
    const std::set<std::string> topics(subscription.topics.begin(), subscription.topics.end());
    if (subscribed.empty())
      subscribed = topics;
    else if (topics != subscribed)
      areSubscriptionsEqual = false;

    const MemberData data = memberDataOf(subscription);
    const int32_t generation = data.generation.value_or(kNoGeneration);
    generationMax = std::max(generationMax, generation);
    for (const base::TopicPartition& claimed : data.partitions) {
      const std::optional<NumberedGroup::Partition> partition = group.find(claimed);
      if (!partition) continue;
      const auto owner = owners.find(*partition);
      if (owner == owners.end()) {
        byMember[member].push_back(*partition);
        owners.emplace(*partition, member);
        continue;
      }
      // Kafka takes the other one's generation from its subscription, not from its user data.
      const int32_t otherGeneration = group.subscription(owner->second).generationId.value_or(kNoGeneration);
      if (generation < otherGeneration) continue;
      if (generation == otherGeneration)
        claimedTwice.insert(*partition);
      else
        byMember[member].push_back(*partition);
      std::erase(byMember[owner->second], *partition);
      owner->second = member;
    }
  }
}

}  // namespace streamscope::client
