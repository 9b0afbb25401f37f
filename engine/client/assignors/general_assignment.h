#pragma once

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "owned_partitions.h"
#include "partition_movements.h"
#include "rack_info.h"

namespace streamscope::client {

/// The sticky algorithm for members that subscribe to different topics: partitions move one by one from members that
/// have at least two more, until nobody gains by it (Kafka: AbstractStickyAssignor.GeneralAssignmentBuilder).
class GeneralAssignment {
 public:
  GeneralAssignment(const NumberedGroup& group, const OwnedPartitions& owned, const MemberDataOf& memberDataOf);

  /// By member.
  std::vector<std::vector<NumberedGroup::Partition>> build();

 private:
  using Member = NumberedGroup::Member;
  using Partition = NumberedGroup::Partition;
  using Owners = std::vector<std::optional<Member>>;

  /// Whom members had in mind when they spoke of an older generation than the last.
  void findPreviousOwners(const MemberDataOf& memberDataOf);
  void keepOwned();
  void assignUnassigned();
  /// Partitions of topics with one subscriber cannot move, nor can a member take part that has only such.
  void setAsideFixed();
  void balance();
  bool reassign(const std::vector<Partition>& partitions);
  bool reassignOne(Partition partition);
  void moveToLeastLoaded(Partition partition);
  void move(Partition partition, Member to);
  bool assignToLeastLoaded(Partition partition, bool onlyNear);
  void setOwner(Partition partition, std::optional<Member> member);
  bool isBalanced() const;
  bool canGain(Member member) const;
  bool canTakePart(Member member) const;
  bool isFixed(Partition partition) const { return m_group.subscribers(m_group.topicOf(partition)).size() < 2; }
  size_t subscribedPartitions(Member member) const;
  /// Sum of the differences between every two members that take part.
  size_t imbalance() const;

  const NumberedGroup& m_group;
  const OwnedPartitions& m_owned;
  const RackInfo m_racks;
  std::map<Partition, std::pair<Member, int32_t>> m_previousOwners;
  Owners m_owners;
  std::vector<size_t> m_counts;
  /// Members that take part, by how many partitions they have, then by id.
  std::set<std::pair<size_t, size_t>> m_byLoad;
  std::vector<bool> m_takesPart;
  /// Topics with the fewest subscribers first.
  std::vector<Partition> m_sortedPartitions;
  std::vector<Partition> m_unassigned;
  bool m_revocationRequired = false;
  PartitionMovements m_movements;
};

}  // namespace streamscope::client
