#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for preferred or unclean elections (KIP-460).
struct ElectLeadersRequest {
  static constexpr MessageInfo kInfo{"ElectLeadersRequest", 43, 0, 2, 2};

  struct TopicPartitions {
    std::string topic;
    std::vector<int32_t> partitions;

    bool operator==(const TopicPartitions&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &TopicPartitions::topic, since(0));
      visit("Partitions", &TopicPartitions::partitions, since(0));
    }
  };

  int8_t electionType = 0;
  std::optional<std::vector<TopicPartitions>> topicPartitions;
  int32_t timeoutMs = 60000;

  bool operator==(const ElectLeadersRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ElectionType", &ElectLeadersRequest::electionType, since(1));
    visit("TopicPartitions", &ElectLeadersRequest::topicPartitions, since(0).nullable());
    visit("TimeoutMs", &ElectLeadersRequest::timeoutMs, since(0));
  }
};

/// What came of each partition.
struct ElectLeadersResponse {
  static constexpr MessageInfo kInfo{"ElectLeadersResponse", 43, 0, 2, 2};

  struct ReplicaElectionResult {
    struct PartitionResult {
      int32_t partitionId = 0;
      int16_t errorCode = 0;
      std::optional<std::string> errorMessage;

      bool operator==(const PartitionResult&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionId", &PartitionResult::partitionId, since(0));
        visit("ErrorCode", &PartitionResult::errorCode, since(0));
        visit("ErrorMessage", &PartitionResult::errorMessage, since(0).nullable());
      }
    };

    std::string topic;
    std::vector<PartitionResult> partitionResult;

    bool operator==(const ReplicaElectionResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &ReplicaElectionResult::topic, since(0));
      visit("PartitionResult", &ReplicaElectionResult::partitionResult, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::vector<ReplicaElectionResult> replicaElectionResults;

  bool operator==(const ElectLeadersResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &ElectLeadersResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &ElectLeadersResponse::errorCode, since(1));
    visit("ReplicaElectionResults", &ElectLeadersResponse::replicaElectionResults, since(0));
  }
};

}  // namespace streamscope::protocol
