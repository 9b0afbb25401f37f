#pragma once

#include <map>
#include <vector>

#include "consumer_group_spec.h"
#include "member_balancer.h"

namespace streamscope::coordinator {

/// The uniform assignor when members subscribe to different topics: what is free goes to the subscriber with the fewest
/// partitions, then each topic's partitions move from those with the most to those with the fewest until an entire
/// round over the topics moves nothing (Kafka: UniformHeterogeneousAssignmentBuilder).
class HeterogeneousAssignment {
 public:
  explicit HeterogeneousAssignment(const ConsumerGroupSpec& group);

  ConsumerGroupAssignment build();

 private:
  /// By partition: the place of its owner among the members, -1 for nobody.
  using Owners = std::vector<int32_t>;

  void keepAssigned();
  void assignFree();
  void balance();
  /// How many partitions it moved.
  size_t balanceTopic(const base::Uuid& topic);
  void assign(const base::Uuid& topic, size_t partition, size_t member);

  const ConsumerGroupSpec& m_group;
  const std::vector<std::string> m_memberIds;
  std::map<base::Uuid, std::vector<size_t>> m_subscribers;
  std::map<base::Uuid, Owners> m_owners;
  std::vector<int32_t> m_loads;
  MemberBalancer m_balancer{m_loads};
  /// Topics with the most partitions for each subscriber first, then with the fewest subscribers, then by id.
  std::vector<base::Uuid> m_sortedTopics;
};

}  // namespace streamscope::coordinator
