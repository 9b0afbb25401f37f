#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A voter asks another for its vote in an election of the metadata quorum: as candidate of the epoch it is in, or
/// first without obligation (a pre-vote, KIP-996).
struct VoteRequest {
  static constexpr MessageInfo kInfo{"VoteRequest", 52, 0, 2, 0};

  struct TopicData {
    struct PartitionData {
      int32_t partitionIndex = 0;
      int32_t replicaEpoch = 0;
      int32_t replicaId = 0;
      base::Uuid replicaDirectoryId;
      base::Uuid voterDirectoryId;
      int32_t lastOffsetEpoch = 0;
      int64_t lastOffset = 0;
      bool preVote = false;

      bool operator==(const PartitionData&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
        visit("ReplicaEpoch", &PartitionData::replicaEpoch, since(0));
        visit("ReplicaId", &PartitionData::replicaId, since(0));
        visit("ReplicaDirectoryId", &PartitionData::replicaDirectoryId, since(1));
        visit("VoterDirectoryId", &PartitionData::voterDirectoryId, since(1));
        visit("LastOffsetEpoch", &PartitionData::lastOffsetEpoch, since(0));
        visit("LastOffset", &PartitionData::lastOffset, since(0));
        visit("PreVote", &PartitionData::preVote, since(2));
      }
    };

    std::string topicName;
    std::vector<PartitionData> partitions;

    bool operator==(const TopicData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicName", &TopicData::topicName, since(0));
      visit("Partitions", &TopicData::partitions, since(0));
    }
  };

  std::optional<std::string> clusterId;
  int32_t voterId = -1;
  std::vector<TopicData> topics;

  bool operator==(const VoteRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ClusterId", &VoteRequest::clusterId, since(0).nullable());
    visit("VoterId", &VoteRequest::voterId, since(1));
    visit("Topics", &VoteRequest::topics, since(0));
  }
};

/// Granted or not, and the leader if there is one.
struct VoteResponse {
  static constexpr MessageInfo kInfo{"VoteResponse", 52, 0, 2, 0};

  struct TopicData {
    struct PartitionData {
      int32_t partitionIndex = 0;
      int16_t errorCode = 0;
      int32_t leaderId = 0;
      int32_t leaderEpoch = 0;
      bool voteGranted = false;

      bool operator==(const PartitionData&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
        visit("ErrorCode", &PartitionData::errorCode, since(0));
        visit("LeaderId", &PartitionData::leaderId, since(0));
        visit("LeaderEpoch", &PartitionData::leaderEpoch, since(0));
        visit("VoteGranted", &PartitionData::voteGranted, since(0));
      }
    };

    std::string topicName;
    std::vector<PartitionData> partitions;

    bool operator==(const TopicData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicName", &TopicData::topicName, since(0));
      visit("Partitions", &TopicData::partitions, since(0));
    }
  };

  struct NodeEndpoint {
    int32_t nodeId = 0;
    std::string host;
    uint16_t port = 0;

    bool operator==(const NodeEndpoint&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("NodeId", &NodeEndpoint::nodeId, since(1));
      visit("Host", &NodeEndpoint::host, since(1));
      visit("Port", &NodeEndpoint::port, since(1));
    }
  };

  int16_t errorCode = 0;
  std::vector<TopicData> topics;
  std::vector<NodeEndpoint> nodeEndpoints;

  bool operator==(const VoteResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ErrorCode", &VoteResponse::errorCode, since(0));
    visit("Topics", &VoteResponse::topics, since(0));
    visit("NodeEndpoints", &VoteResponse::nodeEndpoints, since(1).tag(0));
  }
};

}  // namespace streamscope::protocol
