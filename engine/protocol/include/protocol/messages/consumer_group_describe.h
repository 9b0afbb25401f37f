#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for epochs, members and assignments of consumer groups (KIP-848).
struct ConsumerGroupDescribeRequest {
  static constexpr MessageInfo kInfo{"ConsumerGroupDescribeRequest", 69, 0, 1, 0};

  std::vector<std::string> groupIds;
  bool includeAuthorizedOperations = false;

  bool operator==(const ConsumerGroupDescribeRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupIds", &ConsumerGroupDescribeRequest::groupIds, since(0));
    visit("IncludeAuthorizedOperations", &ConsumerGroupDescribeRequest::includeAuthorizedOperations, since(0));
  }
};

/// The description of each group.
struct ConsumerGroupDescribeResponse {
  static constexpr MessageInfo kInfo{"ConsumerGroupDescribeResponse", 69, 0, 1, 0};

  struct TopicPartitions {
    base::Uuid topicId;
    std::string topicName;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartitions&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicPartitions::topicId, since(0));
      visit("TopicName", &TopicPartitions::topicName, since(0));
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

  struct DescribedGroup {
    struct Member {
      std::string memberId;
      std::optional<std::string> instanceId;
      std::optional<std::string> rackId;
      int32_t memberEpoch = 0;
      std::string clientId;
      std::string clientHost;
      std::vector<std::string> subscribedTopicNames;
      std::optional<std::string> subscribedTopicRegex;
      Assignment assignment;
      Assignment targetAssignment;
      int8_t memberType = -1;

      bool operator==(const Member&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("MemberId", &Member::memberId, since(0));
        visit("InstanceId", &Member::instanceId, since(0).nullable());
        visit("RackId", &Member::rackId, since(0).nullable());
        visit("MemberEpoch", &Member::memberEpoch, since(0));
        visit("ClientId", &Member::clientId, since(0));
        visit("ClientHost", &Member::clientHost, since(0));
        visit("SubscribedTopicNames", &Member::subscribedTopicNames, since(0));
        visit("SubscribedTopicRegex", &Member::subscribedTopicRegex, since(0).nullable());
        visit("Assignment", &Member::assignment, since(0));
        visit("TargetAssignment", &Member::targetAssignment, since(0));
        visit("MemberType", &Member::memberType, since(1));
      }
    };

    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;
    std::string groupId;
    std::string groupState;
    int32_t groupEpoch = 0;
    int32_t assignmentEpoch = 0;
    std::string assignorName;
    std::vector<Member> members;
    int32_t authorizedOperations = -2147483648;

    bool operator==(const DescribedGroup&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &DescribedGroup::errorCode, since(0));
      visit("ErrorMessage", &DescribedGroup::errorMessage, since(0).nullable());
      visit("GroupId", &DescribedGroup::groupId, since(0));
      visit("GroupState", &DescribedGroup::groupState, since(0));
      visit("GroupEpoch", &DescribedGroup::groupEpoch, since(0));
      visit("AssignmentEpoch", &DescribedGroup::assignmentEpoch, since(0));
      visit("AssignorName", &DescribedGroup::assignorName, since(0));
      visit("Members", &DescribedGroup::members, since(0));
      visit("AuthorizedOperations", &DescribedGroup::authorizedOperations, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<DescribedGroup> groups;

  bool operator==(const ConsumerGroupDescribeResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &ConsumerGroupDescribeResponse::throttleTimeMs, since(0));
    visit("Groups", &ConsumerGroupDescribeResponse::groups, since(0));
  }
};

}  // namespace streamscope::protocol
