#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for the state of the metadata quorum (kafka-metadata-quorum).
struct DescribeQuorumRequest {
  static constexpr MessageInfo kInfo{"DescribeQuorumRequest", 55, 0, 2, 0};

  struct TopicData {
    struct PartitionData {
      int32_t partitionIndex = 0;

      bool operator==(const PartitionData&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
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

  std::vector<TopicData> topics;

  bool operator==(const DescribeQuorumRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &DescribeQuorumRequest::topics, since(0));
  }
};

/// Who leads, and how far each voter and observer has come.
struct DescribeQuorumResponse {
  static constexpr MessageInfo kInfo{"DescribeQuorumResponse", 55, 0, 2, 0};

  struct TopicData {
    struct PartitionData {
      struct ReplicaState {
        int32_t replicaId = 0;
        base::Uuid replicaDirectoryId;
        int64_t logEndOffset = 0;
        int64_t lastFetchTimestamp = -1;
        int64_t lastCaughtUpTimestamp = -1;

        bool operator==(const ReplicaState&) const = default;

        template <class Visitor>
        static void fields(Visitor& visit) {
          visit("ReplicaId", &ReplicaState::replicaId, since(0));
          visit("ReplicaDirectoryId", &ReplicaState::replicaDirectoryId, since(2));
          visit("LogEndOffset", &ReplicaState::logEndOffset, since(0));
          visit("LastFetchTimestamp", &ReplicaState::lastFetchTimestamp, since(1));
          visit("LastCaughtUpTimestamp", &ReplicaState::lastCaughtUpTimestamp, since(1));
        }
      };

      int32_t partitionIndex = 0;
      int16_t errorCode = 0;
      std::optional<std::string> errorMessage;
      int32_t leaderId = 0;
      int32_t leaderEpoch = 0;
      int64_t highWatermark = 0;
      std::vector<ReplicaState> currentVoters;
      std::vector<ReplicaState> observers;

      bool operator==(const PartitionData&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
        visit("ErrorCode", &PartitionData::errorCode, since(0));
        visit("ErrorMessage", &PartitionData::errorMessage, since(2).nullable());
        visit("LeaderId", &PartitionData::leaderId, since(0));
        visit("LeaderEpoch", &PartitionData::leaderEpoch, since(0));
        visit("HighWatermark", &PartitionData::highWatermark, since(0));
        visit("CurrentVoters", &PartitionData::currentVoters, since(0));
        visit("Observers", &PartitionData::observers, since(0));
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

  struct Node {
    struct Listener {
      std::string name;
      std::string host;
      uint16_t port = 0;

      bool operator==(const Listener&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Name", &Listener::name, since(2));
        visit("Host", &Listener::host, since(2));
        visit("Port", &Listener::port, since(2));
      }
    };

    int32_t nodeId = 0;
    std::vector<Listener> listeners;

    bool operator==(const Node&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("NodeId", &Node::nodeId, since(2));
      visit("Listeners", &Node::listeners, since(2));
    }
  };

  int16_t errorCode = 0;
  std::optional<std::string> errorMessage;
  std::vector<TopicData> topics;
  std::vector<Node> nodes;

  bool operator==(const DescribeQuorumResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ErrorCode", &DescribeQuorumResponse::errorCode, since(0));
    visit("ErrorMessage", &DescribeQuorumResponse::errorMessage, since(2).nullable());
    visit("Topics", &DescribeQuorumResponse::topics, since(0));
    visit("Nodes", &DescribeQuorumResponse::nodes, since(2));
  }
};

}  // namespace streamscope::protocol
