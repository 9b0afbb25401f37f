#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for brokers, topics and leaders.
struct MetadataRequest {
  static constexpr MessageInfo kInfo{"MetadataRequest", 3, 0, 13, 9};

  struct MetadataRequestTopic {
    base::Uuid topicId;
    std::optional<std::string> name;

    bool operator==(const MetadataRequestTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &MetadataRequestTopic::topicId, since(10));
      visit("Name", &MetadataRequestTopic::name, since(0).nullableSince(10));
    }
  };

  std::optional<std::vector<MetadataRequestTopic>> topics;
  bool allowAutoTopicCreation = true;
  bool includeClusterAuthorizedOperations = false;
  bool includeTopicAuthorizedOperations = false;

  bool operator==(const MetadataRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &MetadataRequest::topics, since(0).nullableSince(1));
    visit("AllowAutoTopicCreation", &MetadataRequest::allowAutoTopicCreation, since(4));
    visit("IncludeClusterAuthorizedOperations", &MetadataRequest::includeClusterAuthorizedOperations, versions(8, 10));
    visit("IncludeTopicAuthorizedOperations", &MetadataRequest::includeTopicAuthorizedOperations, since(8));
  }
};

/// Brokers, topics, leaders and replicas as this broker knows them.
struct MetadataResponse {
  static constexpr MessageInfo kInfo{"MetadataResponse", 3, 0, 13, 9};

  struct MetadataResponseBroker {
    int32_t nodeId = 0;
    std::string host;
    int32_t port = 0;
    std::optional<std::string> rack;

    bool operator==(const MetadataResponseBroker&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("NodeId", &MetadataResponseBroker::nodeId, since(0));
      visit("Host", &MetadataResponseBroker::host, since(0));
      visit("Port", &MetadataResponseBroker::port, since(0));
      visit("Rack", &MetadataResponseBroker::rack, since(1).nullable());
    }
  };

  struct MetadataResponsePartition {
    int16_t errorCode = 0;
    int32_t partitionIndex = 0;
    int32_t leaderId = 0;
    int32_t leaderEpoch = -1;
    std::vector<int32_t> replicaNodes;
    std::vector<int32_t> isrNodes;
    std::vector<int32_t> offlineReplicas;

    bool operator==(const MetadataResponsePartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &MetadataResponsePartition::errorCode, since(0));
      visit("PartitionIndex", &MetadataResponsePartition::partitionIndex, since(0));
      visit("LeaderId", &MetadataResponsePartition::leaderId, since(0));
      visit("LeaderEpoch", &MetadataResponsePartition::leaderEpoch, since(7));
      visit("ReplicaNodes", &MetadataResponsePartition::replicaNodes, since(0));
      visit("IsrNodes", &MetadataResponsePartition::isrNodes, since(0));
      visit("OfflineReplicas", &MetadataResponsePartition::offlineReplicas, since(5));
    }
  };

  struct MetadataResponseTopic {
    int16_t errorCode = 0;
    std::optional<std::string> name;
    base::Uuid topicId;
    bool isInternal = false;
    std::vector<MetadataResponsePartition> partitions;
    int32_t topicAuthorizedOperations = std::numeric_limits<int32_t>::min();

    bool operator==(const MetadataResponseTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &MetadataResponseTopic::errorCode, since(0));
      visit("Name", &MetadataResponseTopic::name, since(0).nullableSince(12));
      visit("TopicId", &MetadataResponseTopic::topicId, since(10));
      visit("IsInternal", &MetadataResponseTopic::isInternal, since(1));
      visit("Partitions", &MetadataResponseTopic::partitions, since(0));
      visit("TopicAuthorizedOperations", &MetadataResponseTopic::topicAuthorizedOperations, since(8));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<MetadataResponseBroker> brokers;
  std::optional<std::string> clusterId;
  int32_t controllerId = -1;
  std::vector<MetadataResponseTopic> topics;
  int32_t clusterAuthorizedOperations = std::numeric_limits<int32_t>::min();
  int16_t errorCode = 0;

  bool operator==(const MetadataResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &MetadataResponse::throttleTimeMs, since(3));
    visit("Brokers", &MetadataResponse::brokers, since(0));
    visit("ClusterId", &MetadataResponse::clusterId, since(2).nullable());
    visit("ControllerId", &MetadataResponse::controllerId, since(1));
    visit("Topics", &MetadataResponse::topics, since(0));
    visit("ClusterAuthorizedOperations", &MetadataResponse::clusterAuthorizedOperations, versions(8, 10));
    visit("ErrorCode", &MetadataResponse::errorCode, since(13));
  }
};

}  // namespace streamscope::protocol
