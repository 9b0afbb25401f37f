#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

// Records of `__consumer_offsets` about streams groups (KIP-1071). A key's apiKey is the type number it begins with; a
// value has the number of its key.

/// A streams group exists.
struct StreamsGroupMetadataKey {
  static constexpr MessageInfo kInfo{"StreamsGroupMetadataKey", 17, 0, 0};

  std::string groupId;

  bool operator==(const StreamsGroupMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &StreamsGroupMetadataKey::groupId, since(0));
  }
};

/// The epoch of the group.
struct StreamsGroupMetadataValue {
  static constexpr MessageInfo kInfo{"StreamsGroupMetadataValue", 17, 0, 0, 0};

  struct LastAssignmentConfig {
    std::string key;
    std::string value;

    bool operator==(const LastAssignmentConfig&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Key", &LastAssignmentConfig::key, since(0));
      visit("Value", &LastAssignmentConfig::value, since(0));
    }
  };

  int32_t epoch = 0;
  int64_t metadataHash = 0;
  int32_t validatedTopologyEpoch = -1;
  /// Kafka's default, which is not written, is not null but empty.
  std::optional<std::vector<LastAssignmentConfig>> lastAssignmentConfigs = std::vector<LastAssignmentConfig>{};

  bool operator==(const StreamsGroupMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Epoch", &StreamsGroupMetadataValue::epoch, since(0));
    visit("MetadataHash", &StreamsGroupMetadataValue::metadataHash, since(0));
    visit("ValidatedTopologyEpoch", &StreamsGroupMetadataValue::validatedTopologyEpoch, since(0).tag(0));
    visit("LastAssignmentConfigs", &StreamsGroupMetadataValue::lastAssignmentConfigs, since(0).nullable().tag(1));
  }
};

/// A member of a streams group.
struct StreamsGroupMemberMetadataKey {
  static constexpr MessageInfo kInfo{"StreamsGroupMemberMetadataKey", 19, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const StreamsGroupMemberMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &StreamsGroupMemberMetadataKey::groupId, since(0));
    visit("MemberId", &StreamsGroupMemberMetadataKey::memberId, since(0));
  }
};

/// What a member says about itself.
struct StreamsGroupMemberMetadataValue {
  static constexpr MessageInfo kInfo{"StreamsGroupMemberMetadataValue", 19, 0, 0, 0};

  struct Endpoint {
    std::string host;
    uint16_t port = 0;

    bool operator==(const Endpoint&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Host", &Endpoint::host, since(0));
      visit("Port", &Endpoint::port, since(0));
    }
  };

  struct KeyValue {
    std::string key;
    std::string value;

    bool operator==(const KeyValue&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Key", &KeyValue::key, since(0));
      visit("Value", &KeyValue::value, since(0));
    }
  };

  std::optional<std::string> instanceId;
  std::optional<std::string> rackId;
  std::string clientId;
  std::string clientHost;
  int32_t rebalanceTimeoutMs = -1;
  int32_t topologyEpoch = 0;
  std::string processId;
  std::optional<Endpoint> userEndpoint;
  std::vector<KeyValue> clientTags;

  bool operator==(const StreamsGroupMemberMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("InstanceId", &StreamsGroupMemberMetadataValue::instanceId, since(0).nullable());
    visit("RackId", &StreamsGroupMemberMetadataValue::rackId, since(0).nullable());
    visit("ClientId", &StreamsGroupMemberMetadataValue::clientId, since(0));
    visit("ClientHost", &StreamsGroupMemberMetadataValue::clientHost, since(0));
    visit("RebalanceTimeoutMs", &StreamsGroupMemberMetadataValue::rebalanceTimeoutMs, since(0));
    visit("TopologyEpoch", &StreamsGroupMemberMetadataValue::topologyEpoch, since(0));
    visit("ProcessId", &StreamsGroupMemberMetadataValue::processId, since(0));
    visit("UserEndpoint", &StreamsGroupMemberMetadataValue::userEndpoint, since(0).nullable());
    visit("ClientTags", &StreamsGroupMemberMetadataValue::clientTags, since(0));
  }
};

/// The assignment a streams group is moving to.
struct StreamsGroupTargetAssignmentMetadataKey {
  static constexpr MessageInfo kInfo{"StreamsGroupTargetAssignmentMetadataKey", 20, 0, 0};

  std::string groupId;

  bool operator==(const StreamsGroupTargetAssignmentMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &StreamsGroupTargetAssignmentMetadataKey::groupId, since(0));
  }
};

/// The epoch of the target assignment.
struct StreamsGroupTargetAssignmentMetadataValue {
  static constexpr MessageInfo kInfo{"StreamsGroupTargetAssignmentMetadataValue", 20, 0, 0, 0};

  int32_t assignmentEpoch = 0;
  int64_t assignmentTimestamp = 0;

  bool operator==(const StreamsGroupTargetAssignmentMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("AssignmentEpoch", &StreamsGroupTargetAssignmentMetadataValue::assignmentEpoch, since(0));
    visit("AssignmentTimestamp", &StreamsGroupTargetAssignmentMetadataValue::assignmentTimestamp, since(0).tag(0));
  }
};

/// What a member shall run.
struct StreamsGroupTargetAssignmentMemberKey {
  static constexpr MessageInfo kInfo{"StreamsGroupTargetAssignmentMemberKey", 21, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const StreamsGroupTargetAssignmentMemberKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &StreamsGroupTargetAssignmentMemberKey::groupId, since(0));
    visit("MemberId", &StreamsGroupTargetAssignmentMemberKey::memberId, since(0));
  }
};

/// Its tasks.
struct StreamsGroupTargetAssignmentMemberValue {
  static constexpr MessageInfo kInfo{"StreamsGroupTargetAssignmentMemberValue", 21, 0, 0, 0};

  struct TaskIds {
    std::string subtopologyId;
    std::vector<int32_t> partitions;

    bool operator==(const TaskIds&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("SubtopologyId", &TaskIds::subtopologyId, since(0));
      visit("Partitions", &TaskIds::partitions, since(0));
    }
  };

  std::vector<TaskIds> activeTasks;
  std::vector<TaskIds> standbyTasks;
  std::vector<TaskIds> warmupTasks;

  bool operator==(const StreamsGroupTargetAssignmentMemberValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ActiveTasks", &StreamsGroupTargetAssignmentMemberValue::activeTasks, since(0));
    visit("StandbyTasks", &StreamsGroupTargetAssignmentMemberValue::standbyTasks, since(0));
    visit("WarmupTasks", &StreamsGroupTargetAssignmentMemberValue::warmupTasks, since(0));
  }
};

/// What a member runs now.
struct StreamsGroupCurrentMemberAssignmentKey {
  static constexpr MessageInfo kInfo{"StreamsGroupCurrentMemberAssignmentKey", 22, 0, 0};

  std::string groupId;
  std::string memberId;

  bool operator==(const StreamsGroupCurrentMemberAssignmentKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &StreamsGroupCurrentMemberAssignmentKey::groupId, since(0));
    visit("MemberId", &StreamsGroupCurrentMemberAssignmentKey::memberId, since(0));
  }
};

/// Its epoch, its tasks and those it has yet to give up.
struct StreamsGroupCurrentMemberAssignmentValue {
  static constexpr MessageInfo kInfo{"StreamsGroupCurrentMemberAssignmentValue", 22, 0, 0, 0};

  struct TaskIds {
    std::string subtopologyId;
    std::vector<int32_t> partitions;
    std::optional<std::vector<int32_t>> assignmentEpochs;

    bool operator==(const TaskIds&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("SubtopologyId", &TaskIds::subtopologyId, since(0));
      visit("Partitions", &TaskIds::partitions, since(0));
      visit("AssignmentEpochs", &TaskIds::assignmentEpochs, since(0).nullable().tag(0));
    }
  };

  int32_t memberEpoch = 0;
  int32_t previousMemberEpoch = 0;
  int8_t state = 0;
  std::vector<TaskIds> activeTasks;
  std::vector<TaskIds> standbyTasks;
  std::vector<TaskIds> warmupTasks;
  std::vector<TaskIds> activeTasksPendingRevocation;
  std::vector<TaskIds> standbyTasksPendingRevocation;
  std::vector<TaskIds> warmupTasksPendingRevocation;

  bool operator==(const StreamsGroupCurrentMemberAssignmentValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("MemberEpoch", &StreamsGroupCurrentMemberAssignmentValue::memberEpoch, since(0));
    visit("PreviousMemberEpoch", &StreamsGroupCurrentMemberAssignmentValue::previousMemberEpoch, since(0));
    visit("State", &StreamsGroupCurrentMemberAssignmentValue::state, since(0));
    visit("ActiveTasks", &StreamsGroupCurrentMemberAssignmentValue::activeTasks, since(0));
    visit("StandbyTasks", &StreamsGroupCurrentMemberAssignmentValue::standbyTasks, since(0));
    visit("WarmupTasks", &StreamsGroupCurrentMemberAssignmentValue::warmupTasks, since(0));
    visit("ActiveTasksPendingRevocation", &StreamsGroupCurrentMemberAssignmentValue::activeTasksPendingRevocation,
          since(0));
    visit("StandbyTasksPendingRevocation", &StreamsGroupCurrentMemberAssignmentValue::standbyTasksPendingRevocation,
          since(0));
    visit("WarmupTasksPendingRevocation", &StreamsGroupCurrentMemberAssignmentValue::warmupTasksPendingRevocation,
          since(0));
  }
};

/// The topology of a streams group.
struct StreamsGroupTopologyKey {
  static constexpr MessageInfo kInfo{"StreamsGroupTopologyKey", 23, 0, 0};

  std::string groupId;

  bool operator==(const StreamsGroupTopologyKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &StreamsGroupTopologyKey::groupId, since(0));
  }
};

/// Its subtopologies and their topics.
struct StreamsGroupTopologyValue {
  static constexpr MessageInfo kInfo{"StreamsGroupTopologyValue", 23, 0, 0, 0};

  struct TopicConfig {
    std::string key;
    std::string value;

    bool operator==(const TopicConfig&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Key", &TopicConfig::key, since(0));
      visit("Value", &TopicConfig::value, since(0));
    }
  };

  struct TopicInfo {
    std::string name;
    int32_t partitions = 0;
    int16_t replicationFactor = 0;
    std::vector<TopicConfig> topicConfigs;

    bool operator==(const TopicInfo&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &TopicInfo::name, since(0));
      visit("Partitions", &TopicInfo::partitions, since(0));
      visit("ReplicationFactor", &TopicInfo::replicationFactor, since(0));
      visit("TopicConfigs", &TopicInfo::topicConfigs, since(0));
    }
  };

  struct Subtopology {
    struct CopartitionGroup {
      std::vector<int16_t> sourceTopics;
      std::vector<int16_t> sourceTopicRegex;
      std::vector<int16_t> repartitionSourceTopics;

      bool operator==(const CopartitionGroup&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("SourceTopics", &CopartitionGroup::sourceTopics, since(0));
        visit("SourceTopicRegex", &CopartitionGroup::sourceTopicRegex, since(0));
        visit("RepartitionSourceTopics", &CopartitionGroup::repartitionSourceTopics, since(0));
      }
    };

    std::string subtopologyId;
    std::vector<std::string> sourceTopics;
    std::vector<std::string> sourceTopicRegex;
    std::vector<TopicInfo> stateChangelogTopics;
    std::vector<std::string> repartitionSinkTopics;
    std::vector<TopicInfo> repartitionSourceTopics;
    std::vector<CopartitionGroup> copartitionGroups;

    bool operator==(const Subtopology&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("SubtopologyId", &Subtopology::subtopologyId, since(0));
      visit("SourceTopics", &Subtopology::sourceTopics, since(0));
      visit("SourceTopicRegex", &Subtopology::sourceTopicRegex, since(0));
      visit("StateChangelogTopics", &Subtopology::stateChangelogTopics, since(0));
      visit("RepartitionSinkTopics", &Subtopology::repartitionSinkTopics, since(0));
      visit("RepartitionSourceTopics", &Subtopology::repartitionSourceTopics, since(0));
      visit("CopartitionGroups", &Subtopology::copartitionGroups, since(0));
    }
  };

  int32_t epoch = 0;
  std::vector<Subtopology> subtopologies;

  bool operator==(const StreamsGroupTopologyValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Epoch", &StreamsGroupTopologyValue::epoch, since(0));
    visit("Subtopologies", &StreamsGroupTopologyValue::subtopologies, since(0));
  }
};

}  // namespace streamscope::protocol
