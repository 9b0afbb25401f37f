#include "uniform_assignor.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/java_hash_order.h"
#include "heterogeneous_assignment.h"

namespace streamscope::coordinator {

namespace {

using TopicPartition = std::pair<base::Uuid, base::PartitionId>;

/// Java's HashSet made from a list.
std::vector<int32_t> inHashSetOrder(const std::set<base::PartitionId>& partitions) {
  base::JavaHashOrder<int32_t> order(std::max<size_t>(16, partitions.size() * 4 / 3 + 1));
  for (const base::PartitionId partition : partitions) order.insert(partition);
  return order.keys();
}

/// Topics in the order in which Kafka goes through a HashMap or HashSet of them.
template <class Topics, class TopicOf>
std::vector<base::Uuid> inHashOrder(const Topics& topics, TopicOf topicOf) {
  base::JavaHashOrder<base::Uuid> order;
  for (const auto& each : topics) order.insert(topicOf(each));
  return order.keys();
}

class HomogeneousAssignment {
 public:
  explicit HomogeneousAssignment(const ConsumerGroupSpec& group)
      : m_group(group), m_topics(group.members.begin()->second.subscribedTopics) {}

  ConsumerGroupAssignment build() {
    findUnassigned();
    const std::vector<std::string> memberIds = m_group.memberIds();
    for (size_t index = 0; index < memberIds.size(); ++index) keepAssigned(memberIds[index], memberIds.size() - index);
    assignRest();
    return std::move(m_assignment);
  }

 private:
  void findUnassigned() {
    std::set<TopicPartition> assigned;
    for (const auto& [memberId, member] : m_group.members)
      for (const auto& [topic, partitions] : member.assigned)
        for (const base::PartitionId partition : partitions) assigned.insert({topic, partition});
    size_t total = 0;
    for (const base::Uuid& topic : inHashOrder(m_topics, [](const base::Uuid& id) { return id; })) {
      const int32_t count = m_group.partitionCounts.at(topic);
      total += static_cast<size_t>(count);
      for (base::PartitionId partition = 0; partition < count; ++partition)
        if (!assigned.contains({topic, partition})) m_unassigned.push_back({topic, partition});
    }
    m_quota = total / m_group.members.size();
    m_withOneMore = total % m_group.members.size();
  }

  /// `membersLeft`: this one and those behind it.
  void keepAssigned(const std::string& memberId, size_t membersLeft) {
    const TopicPartitions& assigned = m_group.members.at(memberId).assigned;
    TopicPartitions& kept = m_assignment[memberId];
    bool hasOneMore = m_withOneMore > 0;
    size_t room = m_quota + (hasOneMore ? 1 : 0);
    for (const base::Uuid& topic : inHashOrder(assigned, [](const auto& each) { return each.first; })) {
      if (!m_topics.contains(topic)) continue;
      for (const base::PartitionId partition : inHashSetOrder(assigned.at(topic))) {
        if (room > 0) {
          --room;
          kept[topic].insert(partition);
        } else {
          m_unassigned.push_back({topic, partition});
        }
      }
    }
    // The one more is left to somebody who has it already, while there are enough of those behind.
    if (room > 0 && hasOneMore && membersLeft > m_withOneMore) {
      --room;
      hasOneMore = false;
    }
    if (room > 0) m_unfilled.push_back({memberId, room});
    if (hasOneMore) --m_withOneMore;
  }

  void assignRest() {
    auto next = m_unassigned.begin();
    for (const auto& [memberId, room] : m_unfilled)
      for (size_t taken = 0; taken < room && next != m_unassigned.end(); ++taken, ++next)
        m_assignment[memberId][next->first].insert(next->second);
    STREAMSCOPE_ASSERT(next == m_unassigned.end());
  }

  const ConsumerGroupSpec& m_group;
  const std::set<base::Uuid>& m_topics;
  std::vector<TopicPartition> m_unassigned;
  size_t m_quota = 0;
  size_t m_withOneMore = 0;
  std::vector<std::pair<std::string, size_t>> m_unfilled;
  ConsumerGroupAssignment m_assignment;
};

}  // namespace

ConsumerGroupAssignment assignUniformlyToEquals(const ConsumerGroupSpec& group) {
  return HomogeneousAssignment(group).build();
}

ConsumerGroupAssignment assignUniformly(const ConsumerGroupSpec& group) {
  const bool hasTopics =
      std::ranges::any_of(group.members, [](const auto& member) { return !member.second.subscribedTopics.empty(); });
  if (!hasTopics) {
    ConsumerGroupAssignment none;
    for (const auto& [memberId, member] : group.members) none[memberId];
    return none;
  }
  return group.isHomogeneous() ? assignUniformlyToEquals(group) : HeterogeneousAssignment(group).build();
}

}  // namespace streamscope::coordinator
