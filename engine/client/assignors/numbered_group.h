#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "group_subscription.h"

namespace streamscope::client {

/// A group with its members, topics and partitions by number, for the sticky assignors: members in the order of Kafka's
/// HashMap, topics by name, partitions by topic and number.
class NumberedGroup {
 public:
  using Member = size_t;
  using Partition = size_t;

  explicit NumberedGroup(const GroupSubscription& group);

  size_t memberCount() const { return m_members.size(); }
  const std::string& memberId(Member member) const { return m_members[member]; }
  const MemberSubscription& subscription(Member member) const { return *m_subscriptions[member]; }
  /// Place of the member's id among all, sorted.
  size_t rank(Member member) const { return m_ranks[member]; }
  Member memberOfRank(size_t rank) const { return m_byRank[rank]; }
  /// Topics that exist.
  const std::vector<size_t>& topicsOf(Member member) const { return m_topicsOf[member]; }
  bool subscribes(Member member, size_t topic) const;

  size_t topicCount() const { return m_topics.size(); }
  const std::vector<Member>& subscribers(size_t topic) const { return m_subscribers[topic]; }
  Partition firstOf(size_t topic) const { return m_firstPartitions[topic]; }
  Partition endOf(size_t topic) const { return m_firstPartitions[topic + 1]; }

  size_t partitionCount() const { return m_topicOf.size(); }
  size_t topicOf(Partition partition) const { return m_topicOf[partition]; }
  int32_t numberOf(Partition partition) const {
    return static_cast<int32_t>(partition - m_firstPartitions[m_topicOf[partition]]);
  }
  base::TopicPartition named(Partition partition) const {
    return {m_topics[m_topicOf[partition]], numberOf(partition)};
  }
  std::optional<Partition> find(const base::TopicPartition& partition) const;
  const PartitionRacks& racks(Partition partition) const { return *m_racks[partition]; }

 private:
  std::vector<std::string> m_members;
  std::vector<const MemberSubscription*> m_subscriptions;
  std::vector<size_t> m_ranks;
  std::vector<Member> m_byRank;
  std::vector<std::vector<size_t>> m_topicsOf;
  std::vector<std::string> m_topics;
  std::vector<std::vector<Member>> m_subscribers;
  std::vector<Partition> m_firstPartitions;
  std::vector<size_t> m_topicOf;
  std::vector<const PartitionRacks*> m_racks;
};

}  // namespace streamscope::client
