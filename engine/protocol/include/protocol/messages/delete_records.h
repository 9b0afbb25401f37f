#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks a leader to make the records below an offset unreadable, on all replicas.
struct DeleteRecordsRequest {
  static constexpr MessageInfo kInfo{"DeleteRecordsRequest", 21, 0, 2, 2};

  struct DeleteRecordsPartition {
    int32_t partitionIndex = 0;
    int64_t offset = 0;

    bool operator==(const DeleteRecordsPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &DeleteRecordsPartition::partitionIndex, since(0));
      visit("Offset", &DeleteRecordsPartition::offset, since(0));
    }
  };

  struct DeleteRecordsTopic {
    std::string name;
    std::vector<DeleteRecordsPartition> partitions;

    bool operator==(const DeleteRecordsTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &DeleteRecordsTopic::name, since(0));
      visit("Partitions", &DeleteRecordsTopic::partitions, since(0));
    }
  };

  std::vector<DeleteRecordsTopic> topics;
  int32_t timeoutMs = 0;

  bool operator==(const DeleteRecordsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &DeleteRecordsRequest::topics, since(0));
    visit("TimeoutMs", &DeleteRecordsRequest::timeoutMs, since(0));
  }
};

/// The lowest log start offset of the live replicas, partition by partition.
struct DeleteRecordsResponse {
  static constexpr MessageInfo kInfo{"DeleteRecordsResponse", 21, 0, 2, 2};

  struct DeleteRecordsPartitionResult {
    int32_t partitionIndex = 0;
    int64_t lowWatermark = 0;
    int16_t errorCode = 0;

    bool operator==(const DeleteRecordsPartitionResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &DeleteRecordsPartitionResult::partitionIndex, since(0));
      visit("LowWatermark", &DeleteRecordsPartitionResult::lowWatermark, since(0));
      visit("ErrorCode", &DeleteRecordsPartitionResult::errorCode, since(0));
    }
  };

  struct DeleteRecordsTopicResult {
    std::string name;
    std::vector<DeleteRecordsPartitionResult> partitions;

    bool operator==(const DeleteRecordsTopicResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &DeleteRecordsTopicResult::name, since(0));
      visit("Partitions", &DeleteRecordsTopicResult::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<DeleteRecordsTopicResult> topics;

  bool operator==(const DeleteRecordsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &DeleteRecordsResponse::throttleTimeMs, since(0));
    visit("Topics", &DeleteRecordsResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
