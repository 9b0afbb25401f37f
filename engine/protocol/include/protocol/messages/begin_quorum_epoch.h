#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// The new leader of the metadata quorum tells a voter that it has been elected.
struct BeginQuorumEpochRequest {
  static constexpr MessageInfo kInfo{"BeginQuorumEpochRequest", 53, 0, 1, 1};

  struct TopicData {
    struct PartitionData {
      int32_t partitionIndex = 0;
      base::Uuid voterDirectoryId;
      int32_t leaderId = 0;
      int32_t leaderEpoch = 0;

      bool operator==(const PartitionData&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
        visit("VoterDirectoryId", &PartitionData::voterDirectoryId, since(1));
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
  int32_t voterId = -1;
  std::vector<TopicData> topics;
  std::vector<LeaderEndpoint> leaderEndpoints;

  bool operator==(const BeginQuorumEpochRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ClusterId", &BeginQuorumEpochRequest::clusterId, since(0).nullable());
    visit("VoterId", &BeginQuorumEpochRequest::voterId, since(1));
    visit("Topics", &BeginQuorumEpochRequest::topics, since(0));
    visit("LeaderEndpoints", &BeginQuorumEpochRequest::leaderEndpoints, since(1));
  }
};

/// What the voter makes of it.
struct BeginQuorumEpochResponse {
  static constexpr MessageInfo kInfo{"BeginQuorumEpochResponse", 53, 0, 1, 1};

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

  bool operator==(const BeginQuorumEpochResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ErrorCode", &BeginQuorumEpochResponse::errorCode, since(0));
    visit("Topics", &BeginQuorumEpochResponse::topics, since(0));
    visit("NodeEndpoints", &BeginQuorumEpochResponse::nodeEndpoints, since(1).tag(0));
  }
};

}  // namespace streamscope::protocol
