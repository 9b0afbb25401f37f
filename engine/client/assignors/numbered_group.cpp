#include "numbered_group.h"

#include <algorithm>

#include "base/java_hash_order.h"

namespace streamscope::client {

NumberedGroup::NumberedGroup(const GroupSubscription& group) {
  std::map<std::string, const MemberSubscription*> subscriptions;
  base::JavaHashOrder<std::string> order;
  for (const auto& [memberId, subscription] : group.members)
    if (subscriptions.emplace(memberId, &subscription).second) order.insert(memberId);
  m_members = order.keys();
  for (const std::string& member : m_members) m_subscriptions.push_back(subscriptions.at(member));

  for (Member member = 0; member < memberCount(); ++member) m_byRank.push_back(member);
  std::ranges::sort(m_byRank, {}, [this](Member member) { return m_members[member]; });
  m_ranks.resize(memberCount());
  for (size_t rank = 0; rank < memberCount(); ++rank) m_ranks[m_byRank[rank]] = rank;

  m_topicsOf.resize(memberCount());
  for (const auto& [topic, partitions] : group.topics) {
    const size_t number = m_topics.size();
    std::vector<Member> subscribers;
    for (Member member = 0; member < memberCount(); ++member)
      if (std::ranges::find(subscription(member).topics, topic) != subscription(member).topics.end())
        subscribers.push_back(member);
    if (subscribers.empty()) continue;
    for (const Member member : subscribers) m_topicsOf[member].push_back(number);
    m_topics.push_back(topic);
    m_subscribers.push_back(std::move(subscribers));
    m_firstPartitions.push_back(partitionCount());
    for (const PartitionRacks& racks : partitions) {
      m_topicOf.push_back(number);
      m_racks.push_back(&racks);
    }
  }
  m_firstPartitions.push_back(partitionCount());
}

bool NumberedGroup::subscribes(Member member, size_t topic) const {
  return std::ranges::binary_search(m_topicsOf[member], topic);
}

std::optional<NumberedGroup::Partition> NumberedGroup::find(const base::TopicPartition& partition) const {
  const auto topic = std::ranges::lower_bound(m_topics, partition.topic);
  if (topic == m_topics.end() || *topic != partition.topic || partition.partition < 0) return std::nullopt;
  const auto number = static_cast<size_t>(topic - m_topics.begin());
  const Partition found = firstOf(number) + static_cast<size_t>(partition.partition);
  return found < endOf(number) ? std::optional(found) : std::nullopt;
}

}  // namespace streamscope::client
