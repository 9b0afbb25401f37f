#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Records of `__consumer_offsets` about consumer groups (KIP-848). A key's apiKey is the type number it begins with; a
// value has the number of its key.

/// A consumer group exists.
struct ConsumerGroupMetadataKey {
  static constexpr MessageInfo kInfo{"ConsumerGroupMetadataKey", 3, 0, 0};

  std::string groupId;

  bool operator==(const ConsumerGroupMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupMetadataKey::groupId, since(0));
  }
};

/// The epoch of the group.
struct ConsumerGroupMetadataValue {
  static constexpr MessageInfo kInfo{"ConsumerGroupMetadataValue", 3, 0, 0, 0};

  int32_t epoch = 0;
  int64_t metadataHash = 0;

  bool operator==(const ConsumerGroupMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Epoch", &ConsumerGroupMetadataValue::epoch, since(0));
    visit("MetadataHash", &ConsumerGroupMetadataValue::metadataHash, since(0).tag(0));
  }
};

/// Partitions of the subscribed topics, as brokers before 4.1 wrote them.
struct ConsumerGroupPartitionMetadataKey {
  static constexpr MessageInfo kInfo{"ConsumerGroupPartitionMetadataKey", 4, 0, 0};

  std::string groupId;

  bool operator==(const ConsumerGroupPartitionMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupPartitionMetadataKey::groupId, since(0));
  }
};

/// The value of ConsumerGroupPartitionMetadataKey.
struct ConsumerGroupPartitionMetadataValue {
  static constexpr MessageInfo kInfo{"ConsumerGroupPartitionMetadataValue", 4, 0, 0, 0};

  struct TopicMetadata {
    struct PartitionMetadata {
      int32_t partition = 0;
      std::vector<std::string> racks;

      bool operator==(const PartitionMetadata&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Partition", &PartitionMetadata::partition, since(0));
        visit("Racks", &PartitionMetadata::racks, since(0));
      }
    };

    base::Uuid topicId;
    std::string topicName;
    int32_t numPartitions = 0;
    std::vector<PartitionMetadata> partitionMetadata;

    bool operator==(const TopicMetadata&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicMetadata::topicId, since(0));
      visit("TopicName", &TopicMetadata::topicName, since(0));
      visit("NumPartitions", &TopicMetadata::numPartitions, since(0));
      visit("PartitionMetadata", &TopicMetadata::partitionMetadata, since(0));
    }
  };

  std::vector<TopicMetadata> topics;

  bool operator==(const ConsumerGroupPartitionMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &ConsumerGroupPartitionMetadataValue::topics, since(0));
  }
};

/// A member of a group.
struct ConsumerGroupMemberMetadataKey {
  static constexpr MessageInfo kInfo{"ConsumerGroupMemberMetadataKey", 5, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const ConsumerGroupMemberMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupMemberMetadataKey::groupId, since(0));
    visit("MemberId", &ConsumerGroupMemberMetadataKey::memberId, since(0));
  }
};

/// What a member says about itself.
struct ConsumerGroupMemberMetadataValue {
  static constexpr MessageInfo kInfo{"ConsumerGroupMemberMetadataValue", 5, 0, 0, 0};

  struct ClassicMemberMetadata {
    struct ClassicProtocol {
      std::string name;
      base::SharedBytes metadata;

      bool operator==(const ClassicProtocol&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Name", &ClassicProtocol::name, since(0));
        visit("Metadata", &ClassicProtocol::metadata, since(0));
      }
    };

    int32_t sessionTimeoutMs = 0;
    std::vector<ClassicProtocol> supportedProtocols;

    bool operator==(const ClassicMemberMetadata&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("SessionTimeoutMs", &ClassicMemberMetadata::sessionTimeoutMs, since(0));
      visit("SupportedProtocols", &ClassicMemberMetadata::supportedProtocols, since(0));
    }
  };

  std::optional<std::string> instanceId;
  std::optional<std::string> rackId;
  std::string clientId;
  std::string clientHost;
  std::vector<std::string> subscribedTopicNames;
  std::optional<std::string> subscribedTopicRegex;
  int32_t rebalanceTimeoutMs = -1;
  std::optional<std::string> serverAssignor;
  /// Null of a member that speaks the consumer protocol. Kafka's default, which is not written, is not null.
  std::optional<ClassicMemberMetadata> classicMemberMetadata = ClassicMemberMetadata{};

  bool operator==(const ConsumerGroupMemberMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("InstanceId", &ConsumerGroupMemberMetadataValue::instanceId, since(0).nullable());
    visit("RackId", &ConsumerGroupMemberMetadataValue::rackId, since(0).nullable());
    visit("ClientId", &ConsumerGroupMemberMetadataValue::clientId, since(0));
    visit("ClientHost", &ConsumerGroupMemberMetadataValue::clientHost, since(0));
    visit("SubscribedTopicNames", &ConsumerGroupMemberMetadataValue::subscribedTopicNames, since(0));
    visit("SubscribedTopicRegex", &ConsumerGroupMemberMetadataValue::subscribedTopicRegex, since(0).nullable());
    visit("RebalanceTimeoutMs", &ConsumerGroupMemberMetadataValue::rebalanceTimeoutMs, since(0));
    visit("ServerAssignor", &ConsumerGroupMemberMetadataValue::serverAssignor, since(0).nullable());
    visit("ClassicMemberMetadata", &ConsumerGroupMemberMetadataValue::classicMemberMetadata,
          since(0).nullable().tag(0));
  }
};

/// The assignment a group is moving to.
struct ConsumerGroupTargetAssignmentMetadataKey {
  static constexpr MessageInfo kInfo{"ConsumerGroupTargetAssignmentMetadataKey", 6, 0, 0};

  std::string groupId;

  bool operator==(const ConsumerGroupTargetAssignmentMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupTargetAssignmentMetadataKey::groupId, since(0));
  }
};

/// The epoch of the target assignment.
struct ConsumerGroupTargetAssignmentMetadataValue {
  static constexpr MessageInfo kInfo{"ConsumerGroupTargetAssignmentMetadataValue", 6, 0, 0, 0};

  int32_t assignmentEpoch = 0;
  int64_t assignmentTimestamp = 0;

  bool operator==(const ConsumerGroupTargetAssignmentMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("AssignmentEpoch", &ConsumerGroupTargetAssignmentMetadataValue::assignmentEpoch, since(0));
    visit("AssignmentTimestamp", &ConsumerGroupTargetAssignmentMetadataValue::assignmentTimestamp, since(0).tag(0));
  }
};

/// What a member shall own.
struct ConsumerGroupTargetAssignmentMemberKey {
  static constexpr MessageInfo kInfo{"ConsumerGroupTargetAssignmentMemberKey", 7, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const ConsumerGroupTargetAssignmentMemberKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupTargetAssignmentMemberKey::groupId, since(0));
    visit("MemberId", &ConsumerGroupTargetAssignmentMemberKey::memberId, since(0));
  }
};

/// Its partitions.
struct ConsumerGroupTargetAssignmentMemberValue {
  static constexpr MessageInfo kInfo{"ConsumerGroupTargetAssignmentMemberValue", 7, 0, 0, 0};

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

  bool operator==(const ConsumerGroupTargetAssignmentMemberValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TopicPartitions", &ConsumerGroupTargetAssignmentMemberValue::topicPartitions, since(0));
  }
};

/// What a member owns now.
struct ConsumerGroupCurrentMemberAssignmentKey {
  static constexpr MessageInfo kInfo{"ConsumerGroupCurrentMemberAssignmentKey", 8, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const ConsumerGroupCurrentMemberAssignmentKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupCurrentMemberAssignmentKey::groupId, since(0));
    visit("MemberId", &ConsumerGroupCurrentMemberAssignmentKey::memberId, since(0));
  }
};

/// Its epoch, its partitions and those it has yet to give up.
struct ConsumerGroupCurrentMemberAssignmentValue {
  static constexpr MessageInfo kInfo{"ConsumerGroupCurrentMemberAssignmentValue", 8, 0, 0, 0};

  struct TopicPartitions {
    base::Uuid topicId;
    std::vector<int32_t> partitions;
    std::optional<std::vector<int32_t>> assignmentEpochs;

    bool operator==(const TopicPartitions&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicPartitions::topicId, since(0));
      visit("Partitions", &TopicPartitions::partitions, since(0));
      visit("AssignmentEpochs", &TopicPartitions::assignmentEpochs, since(0).nullable().tag(0));
    }
  };

  int32_t memberEpoch = 0;
  int32_t previousMemberEpoch = 0;
  /// Number of Kafka's MemberState.
  int8_t state = 0;
  std::vector<TopicPartitions> assignedPartitions;
  std::vector<TopicPartitions> partitionsPendingRevocation;

  bool operator==(const ConsumerGroupCurrentMemberAssignmentValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("MemberEpoch", &ConsumerGroupCurrentMemberAssignmentValue::memberEpoch, since(0));
    visit("PreviousMemberEpoch", &ConsumerGroupCurrentMemberAssignmentValue::previousMemberEpoch, since(0));
    visit("State", &ConsumerGroupCurrentMemberAssignmentValue::state, since(0));
    visit("AssignedPartitions", &ConsumerGroupCurrentMemberAssignmentValue::assignedPartitions, since(0));
    visit("PartitionsPendingRevocation", &ConsumerGroupCurrentMemberAssignmentValue::partitionsPendingRevocation,
          since(0));
  }
};

/// A regular expression members subscribed with.
struct ConsumerGroupRegularExpressionKey {
  static constexpr MessageInfo kInfo{"ConsumerGroupRegularExpressionKey", 16, 0, 0};

  std::string groupId;
  std::string regularExpression;

  bool operator==(const ConsumerGroupRegularExpressionKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ConsumerGroupRegularExpressionKey::groupId, since(0));
    visit("RegularExpression", &ConsumerGroupRegularExpressionKey::regularExpression, since(0));
  }
};

/// The topics it stands for.
struct ConsumerGroupRegularExpressionValue {
  static constexpr MessageInfo kInfo{"ConsumerGroupRegularExpressionValue", 16, 0, 0, 0};

  std::vector<std::string> topics;
  int64_t version = 0;
  int64_t timestamp = 0;

  bool operator==(const ConsumerGroupRegularExpressionValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &ConsumerGroupRegularExpressionValue::topics, since(0));
    visit("Version", &ConsumerGroupRegularExpressionValue::version, since(0));
    visit("Timestamp", &ConsumerGroupRegularExpressionValue::timestamp, since(0));
  }
};

}  // namespace streamscope::protocol
