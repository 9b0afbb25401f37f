#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks where the log of a leader epoch ends; how replicas and consumers find where they diverge.
struct OffsetForLeaderEpochRequest {
  static constexpr MessageInfo kInfo{"OffsetForLeaderEpochRequest", 23, 0, 4, 4};

  struct OffsetForLeaderPartition {
    int32_t partition = 0;
    int32_t currentLeaderEpoch = -1;
    int32_t leaderEpoch = 0;

    bool operator==(const OffsetForLeaderPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Partition", &OffsetForLeaderPartition::partition, since(0));
      visit("CurrentLeaderEpoch", &OffsetForLeaderPartition::currentLeaderEpoch, since(2));
      visit("LeaderEpoch", &OffsetForLeaderPartition::leaderEpoch, since(0));
    }
  };

  struct OffsetForLeaderTopic {
    std::string topic;
    std::vector<OffsetForLeaderPartition> partitions;

    bool operator==(const OffsetForLeaderTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &OffsetForLeaderTopic::topic, since(0));
      visit("Partitions", &OffsetForLeaderTopic::partitions, since(0));
    }
  };

  int32_t replicaId = -2;
  std::vector<OffsetForLeaderTopic> topics;

  bool operator==(const OffsetForLeaderEpochRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ReplicaId", &OffsetForLeaderEpochRequest::replicaId, since(3));
    visit("Topics", &OffsetForLeaderEpochRequest::topics, since(0));
  }
};

/// The end offset of the epoch asked for, or of the largest one below it.
struct OffsetForLeaderEpochResponse {
  static constexpr MessageInfo kInfo{"OffsetForLeaderEpochResponse", 23, 0, 4, 4};

  struct EpochEndOffset {
    int16_t errorCode = 0;
    int32_t partition = 0;
    int32_t leaderEpoch = -1;
    int64_t endOffset = -1;

    bool operator==(const EpochEndOffset&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &EpochEndOffset::errorCode, since(0));
      visit("Partition", &EpochEndOffset::partition, since(0));
      visit("LeaderEpoch", &EpochEndOffset::leaderEpoch, since(1));
      visit("EndOffset", &EpochEndOffset::endOffset, since(0));
    }
  };

  struct OffsetForLeaderTopicResult {
    std::string topic;
    std::vector<EpochEndOffset> partitions;

    bool operator==(const OffsetForLeaderTopicResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &OffsetForLeaderTopicResult::topic, since(0));
      visit("Partitions", &OffsetForLeaderTopicResult::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<OffsetForLeaderTopicResult> topics;

  bool operator==(const OffsetForLeaderEpochResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &OffsetForLeaderEpochResponse::throttleTimeMs, since(2));
    visit("Topics", &OffsetForLeaderEpochResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
