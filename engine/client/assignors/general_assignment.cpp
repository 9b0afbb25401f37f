#include "general_assignment.h"

#include <algorithm>
#include <utility>

namespace streamscope::client {

namespace {

/// Looks at a partition before it stays where it is.
constexpr size_t kLooksPerPartitionMax = 200;

}  // namespace

GeneralAssignment::GeneralAssignment(const NumberedGroup& group, const OwnedPartitions& owned,
                                     const MemberDataOf& memberDataOf)
    : m_group(group),
      m_owned(owned),
      m_racks(group),
      m_owners(group.partitionCount()),
      m_counts(group.memberCount()),
      m_takesPart(group.memberCount(), true),
      m_movements(group) {
  for (Member member = 0; member < group.memberCount(); ++member) m_byLoad.insert({0, group.rank(member)});
  std::vector<size_t> topics(group.topicCount());
  for (size_t topic = 0; topic < topics.size(); ++topic) topics[topic] = topic;
  std::ranges::stable_sort(topics, {}, [&](size_t topic) { return group.subscribers(topic).size(); });
  for (const size_t topic : topics)
    for (Partition partition = group.firstOf(topic); partition < group.endOf(topic); ++partition)
      m_sortedPartitions.push_back(partition);
  findPreviousOwners(memberDataOf);
}

void GeneralAssignment::findPreviousOwners(const MemberDataOf& memberDataOf) {
  for (Member member = 0; member < m_group.memberCount(); ++member) {
    const MemberData data = memberDataOf(m_group.subscription(member));
    const int32_t generation = data.generation.value_or(kNoGeneration);
    if (generation >= m_owned.generationMax) continue;
    for (const base::TopicPartition& claimed : data.partitions) {
      const std::optional<Partition> partition = m_group.find(claimed);
      if (!partition) continue;
      const auto before = m_previousOwners.find(*partition);
      if (before == m_previousOwners.end() || generation > before->second.second)
        m_previousOwners[*partition] = {member, generation};
    }
  }
}

std::vector<std::vector<NumberedGroup::Partition>> GeneralAssignment::build() {
  keepOwned();
  for (const Partition partition : m_sortedPartitions)
    if (!m_owners[partition]) m_unassigned.push_back(partition);
  balance();
  std::vector<std::vector<Partition>> byMember(m_group.memberCount());
  for (Partition partition = 0; partition < m_group.partitionCount(); ++partition)
    if (m_owners[partition]) byMember[*m_owners[partition]].push_back(partition);
  return byMember;
}

void GeneralAssignment::keepOwned() {
  for (Member member = 0; member < m_group.memberCount(); ++member)
    for (const Partition partition : m_owned.byMember[member]) {
      if (m_group.subscribes(member, m_group.topicOf(partition)) && !m_racks.mismatches(member, partition))
        setOwner(partition, member);
      else
        m_revocationRequired = true;
    }
}

void GeneralAssignment::setOwner(Partition partition, std::optional<Member> member) {
  const auto change = [this](Member whose, bool more) {
    if (m_takesPart[whose]) m_byLoad.erase({m_counts[whose], m_group.rank(whose)});
    more ? ++m_counts[whose] : --m_counts[whose];
    if (m_takesPart[whose]) m_byLoad.insert({m_counts[whose], m_group.rank(whose)});
  };
  if (m_owners[partition]) change(*m_owners[partition], false);
  m_owners[partition] = member;
  if (member) change(*member, true);
}

bool GeneralAssignment::assignToLeastLoaded(Partition partition, bool onlyNear) {
  for (const auto& [count, rank] : m_byLoad) {
    const Member member = m_group.memberOfRank(rank);
    if (!m_group.subscribes(member, m_group.topicOf(partition))) continue;
    if (onlyNear && m_racks.mismatches(member, partition)) continue;
    setOwner(partition, member);
    return true;
  }
  return false;
}

void GeneralAssignment::assignUnassigned() {
  std::vector<Partition> rest = m_unassigned;
  if (m_racks.isUsed())
    std::erase_if(rest, [this](Partition partition) { return assignToLeastLoaded(partition, true); });
  for (const Partition partition : rest) assignToLeastLoaded(partition, false);
}

void GeneralAssignment::setAsideFixed() {
  const auto isFixedPartition = [this](Partition partition) { return isFixed(partition); };
  std::erase_if(m_sortedPartitions, isFixedPartition);
  std::erase_if(m_unassigned, isFixedPartition);
  for (Member member = 0; member < m_group.memberCount(); ++member) {
    if (canTakePart(member)) continue;
    m_takesPart[member] = false;
    m_byLoad.erase({m_counts[member], m_group.rank(member)});
  }
}

void GeneralAssignment::balance() {
  const bool isFirst = m_byLoad.rbegin()->first == 0;
  assignUnassigned();
  setAsideFixed();
  const Owners before = m_owners;
  const size_t imbalanceBefore = imbalance();
  if (!m_revocationRequired) reassign(m_unassigned);
  const bool wasReassigned = reassign(m_sortedPartitions);
  // What gained nothing is not worth a move.
  if (!isFirst && wasReassigned && imbalance() >= imbalanceBefore) m_owners = before;
}

bool GeneralAssignment::reassign(const std::vector<Partition>& partitions) {
  bool wasReassigned = false;
  bool isModified = true;
  // Moves that undo others can turn in a circle, in Kafka without an end.
  size_t looksLeft = kLooksPerPartitionMax * m_group.partitionCount();
  while (isModified && looksLeft > 0) {
    isModified = false;
    for (const Partition partition : partitions) {
      if (isBalanced() || looksLeft == 0) break;
      --looksLeft;
      if (reassignOne(partition)) isModified = true;
    }
    if (isModified) wasReassigned = true;
  }
  return wasReassigned;
}

bool GeneralAssignment::reassignOne(Partition partition) {
  const Member owner = m_owners[partition].value();
  const auto previous = m_previousOwners.find(partition);
  if (previous != m_previousOwners.end()) {
    const Member earlier = previous->second.first;
    if (m_takesPart[earlier] && m_counts[owner] > m_counts[earlier] + 1) {
      move(m_movements.betterMove(partition, owner, earlier), earlier);
      return true;
    }
  }
  // With racks Kafka first looks for one near to the partition, and then moves it to whoever has least all the same.
  for (const Member other : m_group.subscribers(m_group.topicOf(partition)))
    if (m_counts[owner] > m_counts[other] + 1) {
      moveToLeastLoaded(partition);
      return true;
    }
  return false;
}

void GeneralAssignment::moveToLeastLoaded(Partition partition) {
  for (const auto& [count, rank] : m_byLoad) {
    const Member member = m_group.memberOfRank(rank);
    if (!m_group.subscribes(member, m_group.topicOf(partition))) continue;
    move(m_movements.betterMove(partition, m_owners[partition].value(), member), member);
    return;
  }
}

void GeneralAssignment::move(Partition partition, Member to) {
  m_movements.move(partition, m_owners[partition].value(), to);
  setOwner(partition, to);
}

bool GeneralAssignment::isBalanced() const {
  if (m_byLoad.empty() || m_byLoad.begin()->first + 1 >= m_byLoad.rbegin()->first) return true;
  return std::ranges::none_of(m_byLoad,
                              [this](const auto& load) { return canGain(m_group.memberOfRank(load.second)); });
}

/// Somebody has at least two more partitions, and one of these could be the member's.
bool GeneralAssignment::canGain(Member member) const {
  for (const size_t topic : m_group.topicsOf(member))
    for (Partition partition = m_group.firstOf(topic); partition < m_group.endOf(topic); ++partition)
      if (const std::optional<Member> owner = m_owners[partition]; owner && m_counts[member] + 1 < m_counts[*owner])
        return true;
  return false;
}

size_t GeneralAssignment::subscribedPartitions(Member member) const {
  size_t count = 0;
  for (const size_t topic : m_group.topicsOf(member)) count += m_group.endOf(topic) - m_group.firstOf(topic);
  return count;
}

bool GeneralAssignment::canTakePart(Member member) const {
  if (m_counts[member] < subscribedPartitions(member)) return true;
  for (Partition partition = 0; partition < m_group.partitionCount(); ++partition)
    if (m_owners[partition] == member && !isFixed(partition)) return true;
  return false;
}

size_t GeneralAssignment::imbalance() const {
  size_t sum = 0;
  for (Member a = 0; a < m_group.memberCount(); ++a)
    for (Member b = a + 1; b < m_group.memberCount(); ++b)
      if (m_takesPart[a] && m_takesPart[b])
        sum += m_counts[a] > m_counts[b] ? m_counts[a] - m_counts[b] : m_counts[b] - m_counts[a];
  return sum;
}

}  // namespace streamscope::client
