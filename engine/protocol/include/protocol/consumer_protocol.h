#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// What consumers of classic groups hand each other through the coordinator; an int16 version stands before it.

/// What a member wants to read.
struct ConsumerProtocolSubscription {
  static constexpr MessageInfo kInfo{"ConsumerProtocolSubscription", -1, 0, 3};

  struct TopicPartition {
    std::string topic;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &TopicPartition::topic, since(1));
      visit("Partitions", &TopicPartition::partitions, since(1));
    }
  };

  std::vector<std::string> topics;
  std::optional<base::SharedBytes> userData;
  std::vector<TopicPartition> ownedPartitions;
  int32_t generationId = -1;
  std::optional<std::string> rackId;

  bool operator==(const ConsumerProtocolSubscription&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &ConsumerProtocolSubscription::topics, since(0));
    visit("UserData", &ConsumerProtocolSubscription::userData, since(0).nullable());
    visit("OwnedPartitions", &ConsumerProtocolSubscription::ownedPartitions, since(1));
    visit("GenerationId", &ConsumerProtocolSubscription::generationId, since(2));
    visit("RackId", &ConsumerProtocolSubscription::rackId, since(3).nullable());
  }
};

/// What the leader of the group gave a member.
struct ConsumerProtocolAssignment {
  static constexpr MessageInfo kInfo{"ConsumerProtocolAssignment", -1, 0, 3};

  struct TopicPartition {
    std::string topic;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &TopicPartition::topic, since(0));
      visit("Partitions", &TopicPartition::partitions, since(0));
    }
  };

  std::vector<TopicPartition> assignedPartitions;
  std::optional<base::SharedBytes> userData;

  bool operator==(const ConsumerProtocolAssignment&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("AssignedPartitions", &ConsumerProtocolAssignment::assignedPartitions, since(0));
    visit("UserData", &ConsumerProtocolAssignment::userData, since(0).nullable());
  }
};

}  // namespace streamscope::protocol
