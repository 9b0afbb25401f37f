#include "heterogeneous_assignment.h"

#include <algorithm>
#include <tuple>

namespace streamscope::coordinator {

namespace {

/// Rounds over all topics before it is left as it is.
constexpr int kRoundsMax = 16;

/// Kafka's Uuid compares its halves as signed numbers.
auto signedHalves(const base::Uuid& id) {
  return std::pair(static_cast<int64_t>(id.mostSignificant), static_cast<int64_t>(id.leastSignificant));
}

}  // namespace

HeterogeneousAssignment::HeterogeneousAssignment(const ConsumerGroupSpec& group)
    : m_group(group), m_memberIds(group.memberIds()), m_loads(m_memberIds.size()) {
  for (size_t member = 0; member < m_memberIds.size(); ++member)
    for (const base::Uuid& topic : group.members.at(m_memberIds[member]).subscribedTopics)
      m_subscribers[topic].push_back(member);
  for (const auto& [topic, subscribers] : m_subscribers) {
    m_owners[topic] = Owners(static_cast<size_t>(group.partitionCounts.at(topic)), -1);
    m_sortedTopics.push_back(topic);
  }
  std::ranges::sort(m_sortedTopics, {}, [this](const base::Uuid& topic) {
    const size_t subscribers = m_subscribers.at(topic).size();
    const double share = static_cast<double>(m_owners.at(topic).size()) / static_cast<double>(subscribers);
    return std::tuple(-share, subscribers, signedHalves(topic));
  });
}

ConsumerGroupAssignment HeterogeneousAssignment::build() {
  keepAssigned();
  assignFree();
  balance();
  ConsumerGroupAssignment assignment;
  for (const std::string& memberId : m_memberIds) assignment[memberId];
  for (const auto& [topic, owners] : m_owners)
    for (size_t partition = 0; partition < owners.size(); ++partition)
      if (owners[partition] >= 0)
        assignment[m_memberIds[static_cast<size_t>(owners[partition])]][topic].insert(
            static_cast<base::PartitionId>(partition));
  return assignment;
}

void HeterogeneousAssignment::keepAssigned() {
  for (size_t member = 0; member < m_memberIds.size(); ++member) {
    const ConsumerGroupMemberSpec& spec = m_group.members.at(m_memberIds[member]);
    for (const auto& [topic, partitions] : spec.assigned) {
      if (!spec.subscribedTopics.contains(topic)) continue;
      for (const base::PartitionId partition : partitions)
        if (static_cast<size_t>(partition) < m_owners.at(topic).size())
          assign(topic, static_cast<size_t>(partition), member);
    }
  }
}

void HeterogeneousAssignment::assign(const base::Uuid& topic, size_t partition, size_t member) {
  int32_t& owner = m_owners.at(topic)[partition];
  if (owner >= 0) --m_loads[static_cast<size_t>(owner)];
  owner = static_cast<int32_t>(member);
  ++m_loads[member];
}

void HeterogeneousAssignment::assignFree() {
  for (const base::Uuid& topic : m_sortedTopics) {
    const Owners& owners = m_owners.at(topic);
    if (std::ranges::find(owners, -1) == owners.end()) continue;
    m_balancer.begin(m_subscribers.at(topic));
    for (size_t partition = 0; partition < owners.size(); ++partition)
      if (owners[partition] < 0) assign(topic, partition, m_balancer.nextLeastLoaded());
  }
}

void HeterogeneousAssignment::balance() {
  std::vector<base::Uuid> topics = m_sortedTopics;
  std::erase_if(topics, [this](const base::Uuid& topic) { return m_subscribers.at(topic).size() < 2; });
  std::optional<size_t> lastMoved;
  for (int round = 0; round < kRoundsMax; ++round)
    for (size_t index = 0; index < topics.size(); ++index) {
      if (index == lastMoved) return;
      if (balanceTopic(topics[index]) > 0 || !lastMoved) lastMoved = index;
    }
}

size_t HeterogeneousAssignment::balanceTopic(const base::Uuid& topic) {
  if (m_balancer.begin(m_subscribers.at(topic)) <= 1) return 0;
  std::map<size_t, std::vector<size_t>> partitionsOf;
  const Owners& owners = m_owners.at(topic);
  for (size_t partition = 0; partition < owners.size(); ++partition)
    partitionsOf[static_cast<size_t>(owners[partition])].push_back(partition);

  size_t moved = 0;
  while (!m_balancer.isBalanced()) {
    std::optional<size_t> giver = m_balancer.nextMostLoaded();
    while (giver && partitionsOf[*giver].empty()) {
      m_balancer.excludeMostLoaded();
      giver = m_balancer.nextMostLoaded();
    }
    if (!giver) break;
    const size_t partition = partitionsOf[*giver].back();
    partitionsOf[*giver].pop_back();
    const size_t taker = m_balancer.nextLeastLoaded();
    if (m_balancer.isBalanced()) break;
    assign(topic, partition, taker);
    ++moved;
  }
  return moved;
}

}  // namespace streamscope::coordinator
