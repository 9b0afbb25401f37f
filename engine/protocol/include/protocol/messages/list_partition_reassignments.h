#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks which partitions are on the way to other replicas.
struct ListPartitionReassignmentsRequest {
  static constexpr MessageInfo kInfo{"ListPartitionReassignmentsRequest", 46, 0, 0, 0};

  struct ListPartitionReassignmentsTopics {
    std::string name;
    std::vector<int32_t> partitionIndexes;

    bool operator==(const ListPartitionReassignmentsTopics&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &ListPartitionReassignmentsTopics::name, since(0));
      visit("PartitionIndexes", &ListPartitionReassignmentsTopics::partitionIndexes, since(0));
    }
  };

  int32_t timeoutMs = 60000;
  std::optional<std::vector<ListPartitionReassignmentsTopics>> topics;

  bool operator==(const ListPartitionReassignmentsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TimeoutMs", &ListPartitionReassignmentsRequest::timeoutMs, since(0));
    visit("Topics", &ListPartitionReassignmentsRequest::topics, since(0).nullable());
  }
};

/// The partitions on the way.
struct ListPartitionReassignmentsResponse {
  static constexpr MessageInfo kInfo{"ListPartitionReassignmentsResponse", 46, 0, 0, 0};

  struct OngoingTopicReassignment {
    struct OngoingPartitionReassignment {
      int32_t partitionIndex = 0;
      std::vector<int32_t> replicas;
      std::vector<int32_t> addingReplicas;
      std::vector<int32_t> removingReplicas;

      bool operator==(const OngoingPartitionReassignment&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &OngoingPartitionReassignment::partitionIndex, since(0));
        visit("Replicas", &OngoingPartitionReassignment::replicas, since(0));
        visit("AddingReplicas", &OngoingPartitionReassignment::addingReplicas, since(0));
        visit("RemovingReplicas", &OngoingPartitionReassignment::removingReplicas, since(0));
      }
    };

    std::string name;
    std::vector<OngoingPartitionReassignment> partitions;

    bool operator==(const OngoingTopicReassignment&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &OngoingTopicReassignment::name, since(0));
      visit("Partitions", &OngoingTopicReassignment::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::optional<std::string> errorMessage;
  std::vector<OngoingTopicReassignment> topics;

  bool operator==(const ListPartitionReassignmentsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &ListPartitionReassignmentsResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &ListPartitionReassignmentsResponse::errorCode, since(0));
    visit("ErrorMessage", &ListPartitionReassignmentsResponse::errorMessage, since(0).nullable());
    visit("Topics", &ListPartitionReassignmentsResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
