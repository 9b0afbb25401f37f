#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// The leader of the metadata quorum resigns and names who should stand for election, first the best.
struct EndQuorumEpochRequest {
  static constexpr MessageInfo kInfo{"EndQuorumEpochRequest", 54, 0, 1, 1};

  struct TopicData {
    struct PartitionData {
      struct ReplicaInfo {
        int32_t candidateId = 0;
        base::Uuid candidateDirectoryId;

        bool operator==(const ReplicaInfo&) const = default;

        template <class Visitor>
        static void fields(Visitor& visit) {
          visit("CandidateId", &ReplicaInfo::candidateId, since(1));
          visit("CandidateDirectoryId", &ReplicaInfo::candidateDirectoryId, since(1));
        }
      };

      int32_t partitionIndex = 0;
      int32_t leaderId = 0;
      int32_t leaderEpoch = 0;
      std::vector<int32_t> preferredSuccessors;
      std::vector<ReplicaInfo> preferredCandidates;

      bool operator==(const PartitionData&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
        visit("LeaderId", &PartitionData::leaderId, since(0));
        visit("LeaderEpoch", &PartitionData::leaderEpoch, since(0));
        visit("PreferredSuccessors", &PartitionData::preferredSuccessors, versions(0, 0));
        visit("PreferredCandidates", &PartitionData::preferredCandidates, since(1));
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

  struct LeaderEndpoint {
    std::string name;
    std::string host;
    uint16_t port = 0;

    bool operator==(const LeaderEndpoint&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &LeaderEndpoint::name, since(1));
      visit("Host", &LeaderEndpoint::host, since(1));
      visit("Port", &LeaderEndpoint::port, since(1));
    }
  };

  std::optional<std::string> clusterId;
  std::vector<TopicData> topics;
  std::vector<LeaderEndpoint> leaderEndpoints;

  bool operator==(const EndQuorumEpochRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ClusterId", &EndQuorumEpochRequest::clusterId, since(0).nullable());
    visit("Topics", &EndQuorumEpochRequest::topics, since(0));
    visit("LeaderEndpoints", &EndQuorumEpochRequest::leaderEndpoints, since(1));
  }
};

/// What the voter makes of it.
struct EndQuorumEpochResponse {
  static constexpr MessageInfo kInfo{"EndQuorumEpochResponse", 54, 0, 1, 1};

  struct TopicData {
    struct PartitionData {
      int32_t partitionIndex = 0;
      int16_t errorCode = 0;
      int32_t leaderId = 0;
      int32_t leaderEpoch = 0;

      bool operator==(const PartitionData&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
        visit("ErrorCode", &PartitionData::errorCode, since(0));
        visit("LeaderId", &PartitionData::leaderId, since(0));
        visit("LeaderEpoch", &PartitionData::leaderEpoch, since(0));
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

  bool operator==(const EndQuorumEpochResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ErrorCode", &EndQuorumEpochResponse::errorCode, since(0));
    visit("Topics", &EndQuorumEpochResponse::topics, since(0));
    visit("NodeEndpoints", &EndQuorumEpochResponse::nodeEndpoints, since(1).tag(0));
  }
};

}  // namespace streamscope::protocol
