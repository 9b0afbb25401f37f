#pragma once

#include <map>
#include <vector>

#include "rack_info.h"
#include "sticky_assignment.h"

namespace streamscope::client {

/// The sticky algorithm for members with equal subscriptions: every member has the lower or the upper quota of
/// partitions in the end (Kafka: AbstractStickyAssignor.ConstrainedAssignmentBuilder).
class ConstrainedAssignment {
 public:
  ConstrainedAssignment(const NumberedGroup& group, const OwnedPartitions& owned);

  StickyAssignment build();

 private:
  using Member = NumberedGroup::Member;
  using Partition = NumberedGroup::Partition;

  void keepOwned(Member member);
  std::vector<Partition> unassigned() const;
  void dealToNearMembers(std::vector<Partition>& unassigned);
  void dealInTurn(const std::vector<Partition>& unassigned);
  /// The first of `members` from `begin` on, in turn, that is near to the partition; their number for none.
  size_t nextNear(const std::vector<Member>& members, Partition partition, size_t begin) const;
  /// How many the member has then.
  size_t assign(Partition partition, Member member);
  bool mayExceedLowerQuota() const { return m_overLowerQuota < m_overLowerQuotaMax; }
  void countOverLowerQuota();

  const NumberedGroup& m_group;
  const OwnedPartitions& m_owned;
  const RackInfo m_racks;
  const size_t m_lowerQuota;
  const size_t m_upperQuota;
  /// Members that have the upper quota, and how many may.
  size_t m_overLowerQuota = 0;
  const size_t m_overLowerQuotaMax;
  /// Members below the lower quota, and members exactly there that may take one more.
  std::vector<Member> m_belowQuota;
  std::vector<Member> m_atLowerQuota;
  /// Partitions that their owner does not keep.
  std::map<Partition, Member> m_givenUp;
  StickyAssignment m_assignment;
};

}  // namespace streamscope::client
