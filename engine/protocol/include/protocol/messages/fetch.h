#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Reads record batches from given offsets: a consumer for its records, a follower to replicate.
struct FetchRequest {
  static constexpr MessageInfo kInfo{"FetchRequest", 1, 4, 18, 12};

  struct ReplicaState {
    int32_t replicaId = -1;
    int64_t replicaEpoch = -1;

    bool operator==(const ReplicaState&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ReplicaId", &ReplicaState::replicaId, since(15));
      visit("ReplicaEpoch", &ReplicaState::replicaEpoch, since(15));
    }
  };

  struct FetchPartition {
    int32_t partition = 0;
    int32_t currentLeaderEpoch = -1;
    int64_t fetchOffset = 0;
    int32_t lastFetchedEpoch = -1;
    int64_t logStartOffset = -1;
    int32_t partitionMaxBytes = 0;
    base::Uuid replicaDirectoryId;
    int64_t highWatermark = std::numeric_limits<int64_t>::max();

    bool operator==(const FetchPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Partition", &FetchPartition::partition, since(0));
      visit("CurrentLeaderEpoch", &FetchPartition::currentLeaderEpoch, since(9));
      visit("FetchOffset", &FetchPartition::fetchOffset, since(0));
      visit("LastFetchedEpoch", &FetchPartition::lastFetchedEpoch, since(12));
      visit("LogStartOffset", &FetchPartition::logStartOffset, since(5));
      visit("PartitionMaxBytes", &FetchPartition::partitionMaxBytes, since(0));
      visit("ReplicaDirectoryId", &FetchPartition::replicaDirectoryId, since(17).tag(0));
      visit("HighWatermark", &FetchPartition::highWatermark, since(18).tag(1));
    }
  };

  struct FetchTopic {
    std::string topic;
    base::Uuid topicId;
    std::vector<FetchPartition> partitions;

    bool operator==(const FetchTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &FetchTopic::topic, versions(0, 12));
      visit("TopicId", &FetchTopic::topicId, since(13));
      visit("Partitions", &FetchTopic::partitions, since(0));
    }
  };

  struct ForgottenTopic {
    std::string topic;
    base::Uuid topicId;
    std::vector<int32_t> partitions;

    bool operator==(const ForgottenTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &ForgottenTopic::topic, versions(7, 12));
      visit("TopicId", &ForgottenTopic::topicId, since(13));
      visit("Partitions", &ForgottenTopic::partitions, since(7));
    }
  };

  std::optional<std::string> clusterId;
  int32_t replicaId = -1;
  ReplicaState replicaState;
  int32_t maxWaitMs = 0;
  int32_t minBytes = 0;
  int32_t maxBytes = std::numeric_limits<int32_t>::max();
  int8_t isolationLevel = 0;
  int32_t sessionId = 0;
  int32_t sessionEpoch = -1;
  std::vector<FetchTopic> topics;
  std::vector<ForgottenTopic> forgottenTopicsData;
  std::string rackId;

  bool operator==(const FetchRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ClusterId", &FetchRequest::clusterId, since(12).nullable().tag(0));
    visit("ReplicaId", &FetchRequest::replicaId, versions(0, 14));
    visit("ReplicaState", &FetchRequest::replicaState, since(15).tag(1));
    visit("MaxWaitMs", &FetchRequest::maxWaitMs, since(0));
    visit("MinBytes", &FetchRequest::minBytes, since(0));
    visit("MaxBytes", &FetchRequest::maxBytes, since(3));
    visit("IsolationLevel", &FetchRequest::isolationLevel, since(4));
    visit("SessionId", &FetchRequest::sessionId, since(7));
    visit("SessionEpoch", &FetchRequest::sessionEpoch, since(7));
    visit("Topics", &FetchRequest::topics, since(0));
    visit("ForgottenTopicsData", &FetchRequest::forgottenTopicsData, since(7));
    visit("RackId", &FetchRequest::rackId, since(11));
  }
};

/// Batches and log markers, partition by partition.
struct FetchResponse {
  static constexpr MessageInfo kInfo{"FetchResponse", 1, 4, 18, 12};

  struct EpochEndOffset {
    int32_t epoch = -1;
    int64_t endOffset = -1;

    bool operator==(const EpochEndOffset&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Epoch", &EpochEndOffset::epoch, since(12));
      visit("EndOffset", &EpochEndOffset::endOffset, since(12));
    }
  };

  struct LeaderIdAndEpoch {
    int32_t leaderId = -1;
    int32_t leaderEpoch = -1;

    bool operator==(const LeaderIdAndEpoch&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("LeaderId", &LeaderIdAndEpoch::leaderId, since(12));
      visit("LeaderEpoch", &LeaderIdAndEpoch::leaderEpoch, since(12));
    }
  };

  struct SnapshotId {
    int64_t endOffset = -1;
    int32_t epoch = -1;

    bool operator==(const SnapshotId&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("EndOffset", &SnapshotId::endOffset, since(0));
      visit("Epoch", &SnapshotId::epoch, since(0));
    }
  };

  struct AbortedTransaction {
    int64_t producerId = 0;
    int64_t firstOffset = 0;

    bool operator==(const AbortedTransaction&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ProducerId", &AbortedTransaction::producerId, since(4));
      visit("FirstOffset", &AbortedTransaction::firstOffset, since(4));
    }
  };

  struct PartitionData {
    int32_t partitionIndex = 0;
    int16_t errorCode = 0;
    int64_t highWatermark = 0;
    int64_t lastStableOffset = -1;
    int64_t logStartOffset = -1;
    EpochEndOffset divergingEpoch;
    LeaderIdAndEpoch currentLeader;
    SnapshotId snapshotId;
    std::optional<std::vector<AbortedTransaction>> abortedTransactions;
    int32_t preferredReadReplica = -1;
    std::optional<base::SharedBytes> records;

    bool operator==(const PartitionData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
      visit("ErrorCode", &PartitionData::errorCode, since(0));
      visit("HighWatermark", &PartitionData::highWatermark, since(0));
      visit("LastStableOffset", &PartitionData::lastStableOffset, since(4));
      visit("LogStartOffset", &PartitionData::logStartOffset, since(5));
      visit("DivergingEpoch", &PartitionData::divergingEpoch, since(12).tag(0));
      visit("CurrentLeader", &PartitionData::currentLeader, since(12).tag(1));
      visit("SnapshotId", &PartitionData::snapshotId, since(12).tag(2));
      visit("AbortedTransactions", &PartitionData::abortedTransactions, since(4).nullable());
      visit("PreferredReadReplica", &PartitionData::preferredReadReplica, since(11));
      visit("Records", &PartitionData::records, since(0).nullable());
    }
  };

  struct FetchableTopicResponse {
    std::string topic;
    base::Uuid topicId;
    std::vector<PartitionData> partitions;

    bool operator==(const FetchableTopicResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &FetchableTopicResponse::topic, versions(0, 12));
      visit("TopicId", &FetchableTopicResponse::topicId, since(13));
      visit("Partitions", &FetchableTopicResponse::partitions, since(0));
    }
  };

  struct NodeEndpoint {
    int32_t nodeId = 0;
    std::string host;
    int32_t port = 0;
    std::optional<std::string> rack;

    bool operator==(const NodeEndpoint&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("NodeId", &NodeEndpoint::nodeId, since(16));
      visit("Host", &NodeEndpoint::host, since(16));
      visit("Port", &NodeEndpoint::port, since(16));
      visit("Rack", &NodeEndpoint::rack, since(16).nullable());
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  int32_t sessionId = 0;
  std::vector<FetchableTopicResponse> responses;
  std::vector<NodeEndpoint> nodeEndpoints;

  bool operator==(const FetchResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &FetchResponse::throttleTimeMs, since(1));
    visit("ErrorCode", &FetchResponse::errorCode, since(7));
    visit("SessionId", &FetchResponse::sessionId, since(7));
    visit("Responses", &FetchResponse::responses, since(0));
    visit("NodeEndpoints", &FetchResponse::nodeEndpoints, since(16).tag(0));
  }
};

}  // namespace streamscope::protocol
