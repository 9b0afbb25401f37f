#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Gives partitions other replicas, or stops that (KIP-455).
struct AlterPartitionReassignmentsRequest {
  static constexpr MessageInfo kInfo{"AlterPartitionReassignmentsRequest", 45, 0, 1, 0};

  struct ReassignableTopic {
    struct ReassignablePartition {
      int32_t partitionIndex = 0;
      std::optional<std::vector<int32_t>> replicas;

      bool operator==(const ReassignablePartition&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &ReassignablePartition::partitionIndex, since(0));
        visit("Replicas", &ReassignablePartition::replicas, since(0).nullable());
      }
    };

    std::string name;
    std::vector<ReassignablePartition> partitions;

    bool operator==(const ReassignableTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &ReassignableTopic::name, since(0));
      visit("Partitions", &ReassignableTopic::partitions, since(0));
    }
  };

  int32_t timeoutMs = 60000;
  bool allowReplicationFactorChange = true;
  std::vector<ReassignableTopic> topics;

  bool operator==(const AlterPartitionReassignmentsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TimeoutMs", &AlterPartitionReassignmentsRequest::timeoutMs, since(0));
    visit("AllowReplicationFactorChange", &AlterPartitionReassignmentsRequest::allowReplicationFactorChange, since(1));
    visit("Topics", &AlterPartitionReassignmentsRequest::topics, since(0));
  }
};

/// What came of each partition.
struct AlterPartitionReassignmentsResponse {
  static constexpr MessageInfo kInfo{"AlterPartitionReassignmentsResponse", 45, 0, 1, 0};

  struct ReassignableTopicResponse {
    struct ReassignablePartitionResponse {
      int32_t partitionIndex = 0;
      int16_t errorCode = 0;
      std::optional<std::string> errorMessage;

      bool operator==(const ReassignablePartitionResponse&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &ReassignablePartitionResponse::partitionIndex, since(0));
        visit("ErrorCode", &ReassignablePartitionResponse::errorCode, since(0));
        visit("ErrorMessage", &ReassignablePartitionResponse::errorMessage, since(0).nullable());
      }
    };

    std::string name;
    std::vector<ReassignablePartitionResponse> partitions;

    bool operator==(const ReassignableTopicResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &ReassignableTopicResponse::name, since(0));
      visit("Partitions", &ReassignableTopicResponse::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  bool allowReplicationFactorChange = true;
  int16_t errorCode = 0;
  std::optional<std::string> errorMessage;
  std::vector<ReassignableTopicResponse> responses;

  bool operator==(const AlterPartitionReassignmentsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &AlterPartitionReassignmentsResponse::throttleTimeMs, since(0));
    visit("AllowReplicationFactorChange", &AlterPartitionReassignmentsResponse::allowReplicationFactorChange, since(1));
    visit("ErrorCode", &AlterPartitionReassignmentsResponse::errorCode, since(0));
    visit("ErrorMessage", &AlterPartitionReassignmentsResponse::errorMessage, since(0).nullable());
    visit("Responses", &AlterPartitionReassignmentsResponse::responses, since(0));
  }
};

}  // namespace streamscope::protocol
