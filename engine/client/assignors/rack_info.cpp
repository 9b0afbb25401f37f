#include "rack_info.h"

#include <algorithm>
#include <set>

namespace streamscope::client {

RackInfo::RackInfo(const NumberedGroup& group) : m_group(group) {
  std::vector<std::string> memberRacks;
  for (size_t member = 0; member < group.memberCount(); ++member)
    if (const std::string& rack = group.subscription(member).rackId; !rack.empty()) memberRacks.push_back(rack);
  std::vector<const PartitionRacks*> partitions;
  for (size_t partition = 0; partition < group.partitionCount(); ++partition)
    partitions.push_back(&group.racks(partition));
  m_isAnywhere = !memberRacks.empty();
  m_isUsed = m_isAnywhere && usesRackAwareAssignment(memberRacks, partitions);
}

bool RackInfo::hasReplicaAt(NumberedGroup::Partition partition, const std::string& rack) const {
  return std::ranges::find(m_group.racks(partition), rack) != m_group.racks(partition).end();
}

bool RackInfo::mismatches(NumberedGroup::Member member, NumberedGroup::Partition partition) const {
  const std::string& rack = m_group.subscription(member).rackId;
  return m_isUsed && !rack.empty() && !hasReplicaAt(partition, rack);
}

bool RackInfo::matches(NumberedGroup::Member member, NumberedGroup::Partition partition) const {
  const std::string& rack = m_group.subscription(member).rackId;
  return m_isUsed && !rack.empty() && hasReplicaAt(partition, rack);
}

void RackInfo::sortByNearMembers(std::vector<NumberedGroup::Partition>& partitions) const {
  if (!m_isAnywhere) return;
  std::map<std::string, size_t> membersAt;
  for (size_t member = 0; member < m_group.memberCount(); ++member)
    if (const std::string& rack = m_group.subscription(member).rackId; !rack.empty()) ++membersAt[rack];
  const auto nearMembers = [&](NumberedGroup::Partition partition) {
    size_t count = 0;
    for (const std::string& rack :
         std::set<std::string>(m_group.racks(partition).begin(), m_group.racks(partition).end()))
      if (const auto found = membersAt.find(rack); found != membersAt.end()) count += found->second;
    return count;
  };
  std::ranges::stable_sort(partitions, {}, nearMembers);
}

}  // namespace streamscope::client
