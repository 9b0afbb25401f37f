#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A member of a consumer group joins, goes on or leaves (KIP-848).
struct ConsumerGroupHeartbeatRequest {
  static constexpr MessageInfo kInfo{"ConsumerGroupHeartbeatRequest", 68, 0, 1, 0};

  struct TopicPartitions {
    base::Uuid topicId;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartitions&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicPartitions::topicId, since(0));
      visit("Partitions", &TopicPartitions::partitions, since(0));
    }
  };

  std::string groupId;
  std::string memberId;
  int32_t memberEpoch = 0;
  std::optional<std::string> instanceId;
  std::optional<std::string> rackId;
  int32_t rebalanceTimeoutMs = -1;
  std::optional<std::vector<std::string>> subscribedTopicNames;
  std::optional<std::string> subscribedTopicRegex;
  std::optional<std::string> serverAssignor;
  std::optional<std::vector<TopicPartitions>> topicPartitions;

  bool operator==(const ConsumerGroupHeartbeatRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupHeartbeatRequest::groupId, since(0));
    visit("MemberId", &ConsumerGroupHeartbeatRequest::memberId, since(0));
    visit("MemberEpoch", &ConsumerGroupHeartbeatRequest::memberEpoch, since(0));
    visit("InstanceId", &ConsumerGroupHeartbeatRequest::instanceId, since(0).nullable());
    visit("RackId", &ConsumerGroupHeartbeatRequest::rackId, since(0).nullable());
    visit("RebalanceTimeoutMs", &ConsumerGroupHeartbeatRequest::rebalanceTimeoutMs, since(0));
    visit("SubscribedTopicNames", &ConsumerGroupHeartbeatRequest::subscribedTopicNames, since(0).nullable());
    visit("SubscribedTopicRegex", &ConsumerGroupHeartbeatRequest::subscribedTopicRegex, since(1).nullable());
    visit("ServerAssignor", &ConsumerGroupHeartbeatRequest::serverAssignor, since(0).nullable());
    visit("TopicPartitions", &ConsumerGroupHeartbeatRequest::topicPartitions, since(0).nullable());
  }
};

/// Its epoch and, when it changed, what it shall own.
struct ConsumerGroupHeartbeatResponse {
  static constexpr MessageInfo kInfo{"ConsumerGroupHeartbeatResponse", 68, 0, 1, 0};

  struct TopicPartitions {
    base::Uuid topicId;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartitions&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicPartitions::topicId, since(0));
      visit("Partitions", &TopicPartitions::partitions, since(0));
    }
  };

  struct Assignment {
    std::vector<TopicPartitions> topicPartitions;

    bool operator==(const Assignment&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicPartitions", &Assignment::topicPartitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::optional<std::string> errorMessage;
  std::optional<std::string> memberId;
  int32_t memberEpoch = 0;
  int32_t heartbeatIntervalMs = 0;
  std::optional<Assignment> assignment;

  bool operator==(const ConsumerGroupHeartbeatResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &ConsumerGroupHeartbeatResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &ConsumerGroupHeartbeatResponse::errorCode, since(0));
    visit("ErrorMessage", &ConsumerGroupHeartbeatResponse::errorMessage, since(0).nullable());
    visit("MemberId", &ConsumerGroupHeartbeatResponse::memberId, since(0).nullable());
    visit("MemberEpoch", &ConsumerGroupHeartbeatResponse::memberEpoch, since(0));
    visit("HeartbeatIntervalMs", &ConsumerGroupHeartbeatResponse::heartbeatIntervalMs, since(0));
    visit("Assignment", &ConsumerGroupHeartbeatResponse::assignment, since(0).nullable());
  }
};

}  // namespace streamscope::protocol
