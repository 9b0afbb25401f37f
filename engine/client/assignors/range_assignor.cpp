#include "range_assignor.h"

#include <algorithm>
#include <functional>
#include <set>

namespace streamscope::client {

namespace {

using base::PartitionId;

/// What is left to assign of one topic.
class TopicRange {
 public:
  struct Subscriber {
    std::string memberId;
    std::string rack;
    bool operator==(const Subscriber&) const = default;
    auto operator<=>(const Subscriber&) const = default;
  };

  TopicRange(const std::string& topic, const std::vector<PartitionRacks>& partitions,
             const std::vector<const std::pair<std::string, MemberSubscription>*>& members)
      : m_topic(topic), m_partitions(partitions) {
    std::vector<std::string> racks;
    for (const auto* member : members) {
      if (std::ranges::find(member->second.topics, topic) == member->second.topics.end()) continue;
      m_subscribers.push_back({member->first, member->second.rackId});
      if (!member->second.rackId.empty()) racks.push_back(member->second.rackId);
    }
    for (PartitionId partition = 0; partition < partitionCount(); ++partition) m_unassigned.insert(partition);
    m_assigned.resize(m_subscribers.size());
    if (m_subscribers.empty()) return;
    m_quota = partitions.size() / m_subscribers.size();
    m_withOneMore = partitions.size() % m_subscribers.size();
    m_hasRacks = !racks.empty();
    std::vector<const PartitionRacks*> all;
    for (const PartitionRacks& each : partitions) all.push_back(&each);
    m_needsRackAwareAssignment = usesRackAwareAssignment(racks, all);
  }

  const std::vector<Subscriber>& subscribers() const { return m_subscribers; }
  PartitionId partitionCount() const { return static_cast<PartitionId>(m_partitions.size()); }
  /// Topics are assigned together only with others of which the racks are known.
  PartitionId rackedPartitionCount() const { return m_hasRacks ? partitionCount() : 0; }
  bool needsRackAwareAssignment() const { return m_needsRackAwareAssignment; }

  bool isNear(size_t subscriber, PartitionId partition) const {
    const std::string& rack = m_subscribers[subscriber].rack;
    const PartitionRacks& racks = m_partitions[static_cast<size_t>(partition)];
    return rack.empty() || std::ranges::find(racks, rack) != racks.end();
  }
  size_t room(size_t subscriber) const {
    const size_t most = m_quota + (m_withOneMore > 0 ? 1 : 0);
    const size_t has = m_assigned[subscriber].size();
    return most > has ? most - has : 0;
  }
  void assign(size_t subscriber, const std::vector<PartitionId>& partitions) {
    for (const PartitionId partition : partitions) {
      m_assigned[subscriber].push_back(partition);
      m_unassigned.erase(partition);
    }
    if (m_assigned[subscriber].size() > m_quota && m_withOneMore > 0) --m_withOneMore;
  }
  /// Fills each subscriber up to its quota with partitions that suit it.
  void assignRanges(const std::function<bool(size_t, PartitionId)>& suits) {
    for (size_t subscriber = 0; subscriber < m_subscribers.size() && !m_unassigned.empty(); ++subscriber) {
      std::vector<PartitionId> range;
      const size_t most = room(subscriber);
      for (const PartitionId partition : m_unassigned)
        if (range.size() < most && suits(subscriber, partition)) range.push_back(partition);
      if (!range.empty()) assign(subscriber, range);
    }
  }
  void addTo(GroupAssignment& assignment) const {
    for (size_t subscriber = 0; subscriber < m_subscribers.size(); ++subscriber)
      for (const PartitionId partition : m_assigned[subscriber])
        assignment[m_subscribers[subscriber].memberId].push_back({m_topic, partition});
  }

 private:
  const std::string& m_topic;
  const std::vector<PartitionRacks>& m_partitions;
  std::vector<Subscriber> m_subscribers;
  std::set<PartitionId> m_unassigned;
  std::vector<std::vector<PartitionId>> m_assigned;
  size_t m_quota = 0;
  size_t m_withOneMore = 0;
  bool m_hasRacks = false;
  bool m_needsRackAwareAssignment = false;
};

/// Equal partition numbers of all these topics go to one member, where one is near to all of them and has room.
void assignTogether(const std::vector<TopicRange*>& topics) {
  std::vector<size_t> remaining(topics.front()->subscribers().size());
  for (size_t index = 0; index < remaining.size(); ++index) remaining[index] = index;
  for (PartitionId partition = 0; partition < topics.front()->rackedPartitionCount(); ++partition) {
    const auto found = std::ranges::find_if(remaining, [&](size_t subscriber) {
      return std::ranges::all_of(topics, [&](const TopicRange* topic) {
        return topic->isNear(subscriber, partition) && topic->room(subscriber) > 0;
      });
    });
    if (found == remaining.end()) continue;
    const size_t subscriber = *found;
    for (TopicRange* topic : topics) topic->assign(subscriber, {partition});
    if (std::ranges::any_of(topics, [&](const TopicRange* topic) { return topic->room(subscriber) > 0; })) continue;
    remaining.erase(found);
    if (remaining.empty()) return;
  }
}

void assignNear(std::vector<TopicRange>& topics) {
  std::map<std::pair<std::vector<TopicRange::Subscriber>, PartitionId>, std::vector<TopicRange*>> together;
  for (TopicRange& topic : topics) together[{topic.subscribers(), topic.rackedPartitionCount()}].push_back(&topic);
  for (const auto& [alike, group] : together) {
    if (group.size() > 1)
      assignTogether(group);
    else if (TopicRange& topic = *group.front(); topic.needsRackAwareAssignment())
      topic.assignRanges([&](size_t subscriber, PartitionId partition) { return topic.isNear(subscriber, partition); });
  }
}

}  // namespace

GroupAssignment assignRanges(const GroupSubscription& group) {
  const auto members = sortedMembers(group);
  std::vector<TopicRange> topics;
  for (const auto& [topic, partitions] : group.topics)
    if (!partitions.empty()) topics.emplace_back(topic, partitions, members);
  if (std::ranges::any_of(topics, &TopicRange::needsRackAwareAssignment)) assignNear(topics);
  GroupAssignment assignment;
  for (const auto& [memberId, subscription] : group.members) assignment[memberId];
  for (TopicRange& topic : topics) {
    topic.assignRanges([](size_t, PartitionId) { return true; });
    topic.addTo(assignment);
  }
  for (auto& [memberId, partitions] : assignment) std::ranges::sort(partitions);
  return assignment;
}

}  // namespace streamscope::client
