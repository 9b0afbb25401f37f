#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "client/consumer_config.h"
#include "cluster_metadata.h"
#include "group_subscription.h"
#include "protocol/message.h"

namespace streamscope::client {

/// The assignors of one consumer: what it tells of itself with each, and, when it leads its group, who gets what.
class GroupAssignor {
 public:
  explicit GroupAssignor(const ConsumerConfig& config) : m_config(config) {}

  /// All its assignors let members keep their partitions during a rebalance (Kafka: RebalanceProtocol.COOPERATIVE).
  bool isCooperative() const;
  /// For JoinGroup.
  std::vector<protocol::JoinGroupRequest::JoinGroupRequestProtocol> protocols(
      const std::vector<base::TopicPartition>& owned, int32_t generation) const;

  /// What all members told; refuses what is not in the consumer protocol.
  static base::Result<GroupSubscription> read(const protocol::JoinGroupResponse& response);
  /// In the consumer protocol, by member id. Topics are those that exist, by name.
  std::map<std::string, base::SharedBytes> assign(const std::string& assignor, const GroupSubscription& group) const;
  /// It was given these in that generation, by the assignor that the group chose.
  void onAssignment(const std::string& assignor, const std::vector<base::TopicPartition>& partitions,
                    int32_t generation);

 private:
  std::optional<base::SharedBytes> userData(AssignorKind assignor) const;

  const ConsumerConfig& m_config;
  /// What the sticky assignor remembers, and the generation that the cooperative one does.
  std::optional<std::vector<base::TopicPartition>> m_stickyAssignment;
  int32_t m_stickyGeneration = -1;
  int32_t m_cooperativeGeneration = -1;
};

}  // namespace streamscope::client
