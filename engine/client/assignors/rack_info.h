#pragma once

#include <string>
#include <vector>

#include "numbered_group.h"

namespace streamscope::client {

/// Which members are near to which partitions, for the sticky assignors (Kafka: AbstractStickyAssignor.RackInfo).
class RackInfo {
 public:
  explicit RackInfo(const NumberedGroup& group);

  /// Racks count in this group.
  bool isUsed() const { return m_isUsed; }
  /// The member is somewhere, and no replica is there.
  bool mismatches(NumberedGroup::Member member, NumberedGroup::Partition partition) const;
  /// The member is somewhere, and a replica is there.
  bool matches(NumberedGroup::Member member, NumberedGroup::Partition partition) const;
  /// Partitions with the fewest members near to them come first, as soon as any member is somewhere.
  void sortByNearMembers(std::vector<NumberedGroup::Partition>& partitions) const;

 private:
  bool hasReplicaAt(NumberedGroup::Partition partition, const std::string& rack) const;

  const NumberedGroup& m_group;
  bool m_isAnywhere = false;
  bool m_isUsed = false;
};

}  // namespace streamscope::client
