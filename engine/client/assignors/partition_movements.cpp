#include "partition_movements.h"

namespace streamscope::client {

void PartitionMovements::remember(Partition partition, Way way) {
  m_ways[partition] = way;
  m_byTopic[m_group.topicOf(partition)][way].insert(m_group.named(partition));
}

PartitionMovements::Way PartitionMovements::forget(Partition partition) {
  const Way way = m_ways.at(partition);
  m_ways.erase(partition);
  auto& ways = m_byTopic[m_group.topicOf(partition)];
  auto& partitions = ways.at(way);
  partitions.erase(m_group.named(partition));
  if (partitions.empty()) ways.erase(way);
  return way;
}

void PartitionMovements::move(Partition partition, Member from, Member to) {
  if (!m_ways.contains(partition)) {
    remember(partition, {from, to});
    return;
  }
  const Member origin = forget(partition).first;
  if (origin != to) remember(partition, {origin, to});
}

NumberedGroup::Partition PartitionMovements::betterMove(Partition partition, Member from, Member to) const {
  const auto topic = m_byTopic.find(m_group.topicOf(partition));
  if (topic == m_byTopic.end()) return partition;
  const auto way = m_ways.find(partition);
  const Member origin = way == m_ways.end() ? from : way->second.first;
  const auto reverse = topic->second.find({to, origin});
  if (reverse == topic->second.end()) return partition;
  return m_group.find(reverse->second.first()).value();
}

}  // namespace streamscope::client
