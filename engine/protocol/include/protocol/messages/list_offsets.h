#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for an offset by timestamp; negative timestamps name the ends of the log.
struct ListOffsetsRequest {
  static constexpr MessageInfo kInfo{"ListOffsetsRequest", 2, 1, 11, 6};

  struct ListOffsetsPartition {
    int32_t partitionIndex = 0;
    int32_t currentLeaderEpoch = -1;
    int64_t timestamp = 0;

    bool operator==(const ListOffsetsPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &ListOffsetsPartition::partitionIndex, since(0));
      visit("CurrentLeaderEpoch", &ListOffsetsPartition::currentLeaderEpoch, since(4));
      visit("Timestamp", &ListOffsetsPartition::timestamp, since(0));
    }
  };

  struct ListOffsetsTopic {
    std::string name;
    std::vector<ListOffsetsPartition> partitions;

    bool operator==(const ListOffsetsTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &ListOffsetsTopic::name, since(0));
      visit("Partitions", &ListOffsetsTopic::partitions, since(0));
    }
  };

  int32_t replicaId = 0;
  int8_t isolationLevel = 0;
  std::vector<ListOffsetsTopic> topics;
  int32_t timeoutMs = 0;

  bool operator==(const ListOffsetsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ReplicaId", &ListOffsetsRequest::replicaId, since(0));
    visit("IsolationLevel", &ListOffsetsRequest::isolationLevel, since(2));
    visit("Topics", &ListOffsetsRequest::topics, since(0));
    visit("TimeoutMs", &ListOffsetsRequest::timeoutMs, since(10));
  }
};

/// The offset found, partition by partition.
struct ListOffsetsResponse {
  static constexpr MessageInfo kInfo{"ListOffsetsResponse", 2, 1, 11, 6};

  struct ListOffsetsPartitionResponse {
    int32_t partitionIndex = 0;
    int16_t errorCode = 0;
    int64_t timestamp = -1;
    int64_t offset = -1;
    int32_t leaderEpoch = -1;

    bool operator==(const ListOffsetsPartitionResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &ListOffsetsPartitionResponse::partitionIndex, since(0));
      visit("ErrorCode", &ListOffsetsPartitionResponse::errorCode, since(0));
      visit("Timestamp", &ListOffsetsPartitionResponse::timestamp, since(1));
      visit("Offset", &ListOffsetsPartitionResponse::offset, since(1));
      visit("LeaderEpoch", &ListOffsetsPartitionResponse::leaderEpoch, since(4));
    }
  };

  struct ListOffsetsTopicResponse {
    std::string name;
    std::vector<ListOffsetsPartitionResponse> partitions;

    bool operator==(const ListOffsetsTopicResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &ListOffsetsTopicResponse::name, since(0));
      visit("Partitions", &ListOffsetsTopicResponse::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<ListOffsetsTopicResponse> topics;

  bool operator==(const ListOffsetsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &ListOffsetsResponse::throttleTimeMs, since(2));
    visit("Topics", &ListOffsetsResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
