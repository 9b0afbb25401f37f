#pragma once

#include <map>
#include <utility>

#include "base/java_hash_order.h"
#include "numbered_group.h"

namespace streamscope::client {

/// Which partitions went from whom to whom while a balance was sought, so that a later move rather undoes an earlier
/// one of the same topic (Kafka: AbstractStickyAssignor.PartitionMovements).
class PartitionMovements {
 public:
  using Member = NumberedGroup::Member;
  using Partition = NumberedGroup::Partition;

  explicit PartitionMovements(const NumberedGroup& group) : m_group(group) {}

  void move(Partition partition, Member from, Member to);
  /// Which partition of the same topic is better moved when this one is to go from one member to another.
  Partition betterMove(Partition partition, Member from, Member to) const;

 private:
  using Way = std::pair<Member, Member>;

  void remember(Partition partition, Way way);
  /// The way it came, which is forgotten.
  Way forget(Partition partition);

  const NumberedGroup& m_group;
  std::map<Partition, Way> m_ways;
  std::map<size_t, std::map<Way, base::JavaHashOrder<base::TopicPartition>>> m_byTopic;
};

}  // namespace streamscope::client
