#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Records of `__consumer_offsets` about share groups (KIP-932). A key's apiKey is the type number it begins with; a
// value has the number of its key.

/// A share group exists.
struct ShareGroupMetadataKey {
  static constexpr MessageInfo kInfo{"ShareGroupMetadataKey", 11, 0, 0};

  std::string groupId;

  bool operator==(const ShareGroupMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareGroupMetadataKey::groupId, since(0));
  }
};

/// The epoch of the group.
struct ShareGroupMetadataValue {
  static constexpr MessageInfo kInfo{"ShareGroupMetadataValue", 11, 0, 0, 0};

  int32_t epoch = 0;
  int64_t metadataHash = 0;

  bool operator==(const ShareGroupMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Epoch", &ShareGroupMetadataValue::epoch, since(0));
    visit("MetadataHash", &ShareGroupMetadataValue::metadataHash, since(0));
  }
};

/// A member of a share group.
struct ShareGroupMemberMetadataKey {
  static constexpr MessageInfo kInfo{"ShareGroupMemberMetadataKey", 10, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const ShareGroupMemberMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareGroupMemberMetadataKey::groupId, since(0));
    visit("MemberId", &ShareGroupMemberMetadataKey::memberId, since(0));
  }
};

/// What a member says about itself.
struct ShareGroupMemberMetadataValue {
  static constexpr MessageInfo kInfo{"ShareGroupMemberMetadataValue", 10, 0, 0, 0};

  std::optional<std::string> rackId;
  std::string clientId;
  std::string clientHost;
  std::vector<std::string> subscribedTopicNames;

  bool operator==(const ShareGroupMemberMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("RackId", &ShareGroupMemberMetadataValue::rackId, since(0).nullable());
    visit("ClientId", &ShareGroupMemberMetadataValue::clientId, since(0));
    visit("ClientHost", &ShareGroupMemberMetadataValue::clientHost, since(0));
    visit("SubscribedTopicNames", &ShareGroupMemberMetadataValue::subscribedTopicNames, since(0));
  }
};

/// The assignment a share group is moving to.
struct ShareGroupTargetAssignmentMetadataKey {
  static constexpr MessageInfo kInfo{"ShareGroupTargetAssignmentMetadataKey", 12, 0, 0};

  std::string groupId;

  bool operator==(const ShareGroupTargetAssignmentMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareGroupTargetAssignmentMetadataKey::groupId, since(0));
  }
};

/// The epoch of the target assignment.
struct ShareGroupTargetAssignmentMetadataValue {
  static constexpr MessageInfo kInfo{"ShareGroupTargetAssignmentMetadataValue", 12, 0, 0, 0};

  int32_t assignmentEpoch = 0;
  int64_t assignmentTimestamp = 0;

  bool operator==(const ShareGroupTargetAssignmentMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("AssignmentEpoch", &ShareGroupTargetAssignmentMetadataValue::assignmentEpoch, since(0));
    visit("AssignmentTimestamp", &ShareGroupTargetAssignmentMetadataValue::assignmentTimestamp, since(0).tag(0));
  }
};

/// What a member shall read.
struct ShareGroupTargetAssignmentMemberKey {
  static constexpr MessageInfo kInfo{"ShareGroupTargetAssignmentMemberKey", 13, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const ShareGroupTargetAssignmentMemberKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareGroupTargetAssignmentMemberKey::groupId, since(0));
    visit("MemberId", &ShareGroupTargetAssignmentMemberKey::memberId, since(0));
  }
};

/// Its partitions.
struct ShareGroupTargetAssignmentMemberValue {
  static constexpr MessageInfo kInfo{"ShareGroupTargetAssignmentMemberValue", 13, 0, 0, 0};

  struct TopicPartition {
    base::Uuid topicId;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicPartition::topicId, since(0));
      visit("Partitions", &TopicPartition::partitions, since(0));
    }
  };

  std::vector<TopicPartition> topicPartitions;

  bool operator==(const ShareGroupTargetAssignmentMemberValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TopicPartitions", &ShareGroupTargetAssignmentMemberValue::topicPartitions, since(0));
  }
};

/// What a member reads now.
struct ShareGroupCurrentMemberAssignmentKey {
  static constexpr MessageInfo kInfo{"ShareGroupCurrentMemberAssignmentKey", 14, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const ShareGroupCurrentMemberAssignmentKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareGroupCurrentMemberAssignmentKey::groupId, since(0));
    visit("MemberId", &ShareGroupCurrentMemberAssignmentKey::memberId, since(0));
  }
};

/// Its epoch and its partitions.
struct ShareGroupCurrentMemberAssignmentValue {
  static constexpr MessageInfo kInfo{"ShareGroupCurrentMemberAssignmentValue", 14, 0, 0, 0};

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

  int32_t memberEpoch = 0;
  int32_t previousMemberEpoch = 0;
  int8_t state = 0;
  std::vector<TopicPartitions> assignedPartitions;

  bool operator==(const ShareGroupCurrentMemberAssignmentValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("MemberEpoch", &ShareGroupCurrentMemberAssignmentValue::memberEpoch, since(0));
    visit("PreviousMemberEpoch", &ShareGroupCurrentMemberAssignmentValue::previousMemberEpoch, since(0));
    visit("State", &ShareGroupCurrentMemberAssignmentValue::state, since(0));
    visit("AssignedPartitions", &ShareGroupCurrentMemberAssignmentValue::assignedPartitions, since(0));
  }
};

/// Which partitions of a share group have a state in `__share_group_state`.
struct ShareGroupStatePartitionMetadataKey {
  static constexpr MessageInfo kInfo{"ShareGroupStatePartitionMetadataKey", 15, 0, 0};

  std::string groupId;

  bool operator==(const ShareGroupStatePartitionMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareGroupStatePartitionMetadataKey::groupId, since(0));
  }
};

/// Those that have, are getting and are losing it.
struct ShareGroupStatePartitionMetadataValue {
  static constexpr MessageInfo kInfo{"ShareGroupStatePartitionMetadataValue", 15, 0, 0, 0};

  struct TopicPartitionsInfo {
    base::Uuid topicId;
    std::string topicName;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartitionsInfo&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicPartitionsInfo::topicId, since(0));
      visit("TopicName", &TopicPartitionsInfo::topicName, since(0));
      visit("Partitions", &TopicPartitionsInfo::partitions, since(0));
    }
  };

  struct TopicInfo {
    base::Uuid topicId;
    std::string topicName;

    bool operator==(const TopicInfo&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicInfo::topicId, since(0));
      visit("TopicName", &TopicInfo::topicName, since(0));
    }
  };

  std::vector<TopicPartitionsInfo> initializingTopics;
  std::vector<TopicPartitionsInfo> initializedTopics;
  std::vector<TopicInfo> deletingTopics;

  bool operator==(const ShareGroupStatePartitionMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("InitializingTopics", &ShareGroupStatePartitionMetadataValue::initializingTopics, since(0));
    visit("InitializedTopics", &ShareGroupStatePartitionMetadataValue::initializedTopics, since(0));
    visit("DeletingTopics", &ShareGroupStatePartitionMetadataValue::deletingTopics, since(0));
  }
};

}  // namespace streamscope::protocol
