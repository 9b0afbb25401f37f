#include "constrained_assignment.h"

#include <algorithm>
#include <utility>

namespace streamscope::client {

ConstrainedAssignment::ConstrainedAssignment(const NumberedGroup& group, const OwnedPartitions& owned)
    : m_group(group),
      m_owned(owned),
      m_racks(group),
      m_lowerQuota(group.partitionCount() / group.memberCount()),
      m_upperQuota(m_lowerQuota + (group.partitionCount() % group.memberCount() == 0 ? 0 : 1)),
      m_overLowerQuotaMax(group.partitionCount() % group.memberCount()) {
  m_assignment.byMember.resize(group.memberCount());
  m_assignment.transferred.emplace();
}

StickyAssignment ConstrainedAssignment::build() {
  for (Member member = 0; member < m_group.memberCount(); ++member) keepOwned(member);
  std::vector<Partition> rest = unassigned();
  const auto rank = [this](Member member) { return m_group.rank(member); };
  std::ranges::sort(m_belowQuota, {}, rank);
  std::ranges::sort(m_atLowerQuota, {}, rank);
  m_racks.sortByNearMembers(rest);
  if (m_racks.isUsed()) dealToNearMembers(rest);
  dealInTurn(rest);
  return std::move(m_assignment);
}

void ConstrainedAssignment::countOverLowerQuota() {
  ++m_overLowerQuota;
  if (!mayExceedLowerQuota()) m_atLowerQuota.clear();
}

void ConstrainedAssignment::keepOwned(Member member) {
  std::vector<Partition> owned;
  for (const Partition partition : m_owned.byMember[member]) {
    if (m_racks.mismatches(member, partition))
      m_givenUp[partition] = member;
    else if (!m_owned.claimedTwice.contains(partition))
      owned.push_back(partition);
  }
  std::ranges::sort(owned, {}, [this](Partition partition) {
    return std::pair(m_group.numberOf(partition), m_group.topicOf(partition));
  });
  size_t kept = owned.size();
  if (owned.size() < m_lowerQuota) {
    m_belowQuota.push_back(member);
  } else if (owned.size() >= m_upperQuota && mayExceedLowerQuota()) {
    countOverLowerQuota();
    kept = m_upperQuota;
  } else {
    kept = m_lowerQuota;
    if (mayExceedLowerQuota()) m_atLowerQuota.push_back(member);
  }
  for (size_t index = kept; index < owned.size(); ++index) m_givenUp[owned[index]] = member;
  owned.resize(kept);
  m_assignment.byMember[member] = std::move(owned);
}

std::vector<NumberedGroup::Partition> ConstrainedAssignment::unassigned() const {
  std::vector<bool> isKept(m_group.partitionCount());
  for (const std::vector<Partition>& kept : m_assignment.byMember)
    for (const Partition partition : kept) isKept[partition] = true;
  std::vector<Partition> rest;
  for (Partition partition = 0; partition < m_group.partitionCount(); ++partition)
    if (!isKept[partition]) rest.push_back(partition);
  return rest;
}

size_t ConstrainedAssignment::assign(Partition partition, Member member) {
  m_assignment.byMember[member].push_back(partition);
  const auto before = m_givenUp.find(partition);
  if ((before != m_givenUp.end() && before->second != member) || m_owned.claimedTwice.contains(partition))
    m_assignment.transferred->insert_or_assign(partition, member);
  return m_assignment.byMember[member].size();
}

size_t ConstrainedAssignment::nextNear(const std::vector<Member>& members, Partition partition, size_t begin) const {
  for (size_t tried = 0; tried < members.size(); ++tried) {
    const size_t index = (begin + tried) % members.size();
    if (m_racks.matches(members[index], partition)) return index;
  }
  return members.size();
}

void ConstrainedAssignment::dealToNearMembers(std::vector<Partition>& unassigned) {
  std::vector<Partition> rest;
  size_t next = 0;
  for (const Partition partition : unassigned) {
    if (const size_t below = nextNear(m_belowQuota, partition, next); below < m_belowQuota.size()) {
      const Member member = m_belowQuota[below];
      next = below;
      if (const size_t count = assign(partition, member); count < m_lowerQuota) {
        ++next;
      } else {
        m_belowQuota.erase(m_belowQuota.begin() + static_cast<ptrdiff_t>(below));
        if (count < m_upperQuota && mayExceedLowerQuota()) m_atLowerQuota.push_back(member);
      }
      next = m_belowQuota.empty() ? 0 : next % m_belowQuota.size();
    } else if (const size_t at = nextNear(m_atLowerQuota, partition, 0); at < m_atLowerQuota.size()) {
      const Member member = m_atLowerQuota[at];
      if (assign(partition, member) == m_upperQuota) {
        m_atLowerQuota.erase(m_atLowerQuota.begin() + static_cast<ptrdiff_t>(at));
        countOverLowerQuota();
      }
    } else {
      rest.push_back(partition);
    }
  }
  unassigned = std::move(rest);
}

void ConstrainedAssignment::dealInTurn(const std::vector<Partition>& unassigned) {
  size_t next = 0;
  for (const Partition partition : unassigned) {
    if (next == m_belowQuota.size()) next = 0;
    // Can only happen when members claim what nobody could have given them; Kafka's leader fails then.
    if (m_belowQuota.empty() && m_atLowerQuota.empty()) return;
    Member member = 0;
    if (m_belowQuota.empty()) {
      member = m_atLowerQuota.front();
      m_atLowerQuota.erase(m_atLowerQuota.begin());
    } else {
      member = m_belowQuota[next++];
    }
    const size_t count = assign(partition, member);
    if (count == m_lowerQuota) {
      m_belowQuota.erase(m_belowQuota.begin() + static_cast<ptrdiff_t>(--next));
      m_atLowerQuota.push_back(member);
    } else if (count == m_upperQuota) {
      ++m_overLowerQuota;
    }
  }
}

}  // namespace streamscope::client
