#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Appends record batches to partitions.
struct ProduceRequest {
  static constexpr MessageInfo kInfo{"ProduceRequest", 0, 3, 13, 9};

  struct PartitionProduceData {
    int32_t index = 0;
    std::optional<base::SharedBytes> records;

    bool operator==(const PartitionProduceData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Index", &PartitionProduceData::index, since(0));
      visit("Records", &PartitionProduceData::records, since(0).nullable());
    }
  };

  struct TopicProduceData {
    std::string name;
    base::Uuid topicId;
    std::vector<PartitionProduceData> partitionData;

    bool operator==(const TopicProduceData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &TopicProduceData::name, versions(0, 12));
      visit("TopicId", &TopicProduceData::topicId, since(13));
      visit("PartitionData", &TopicProduceData::partitionData, since(0));
    }
  };

  std::optional<std::string> transactionalId;
  int16_t acks = 0;
  int32_t timeoutMs = 0;
  std::vector<TopicProduceData> topicData;

  bool operator==(const ProduceRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TransactionalId", &ProduceRequest::transactionalId, since(3).nullable());
    visit("Acks", &ProduceRequest::acks, since(0));
    visit("TimeoutMs", &ProduceRequest::timeoutMs, since(0));
    visit("TopicData", &ProduceRequest::topicData, since(0));
  }
};

/// Where the batches went, or why not, partition by partition.
struct ProduceResponse {
  static constexpr MessageInfo kInfo{"ProduceResponse", 0, 3, 13, 9};

  struct BatchIndexAndErrorMessage {
    int32_t batchIndex = 0;
    std::optional<std::string> batchIndexErrorMessage;

    bool operator==(const BatchIndexAndErrorMessage&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("BatchIndex", &BatchIndexAndErrorMessage::batchIndex, since(8));
      visit("BatchIndexErrorMessage", &BatchIndexAndErrorMessage::batchIndexErrorMessage, since(8).nullable());
    }
  };

  struct LeaderIdAndEpoch {
    int32_t leaderId = -1;
    int32_t leaderEpoch = -1;

    bool operator==(const LeaderIdAndEpoch&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("LeaderId", &LeaderIdAndEpoch::leaderId, since(10));
      visit("LeaderEpoch", &LeaderIdAndEpoch::leaderEpoch, since(10));
    }
  };

  struct PartitionProduceResponse {
    int32_t index = 0;
    int16_t errorCode = 0;
    int64_t baseOffset = 0;
    int64_t logAppendTimeMs = -1;
    int64_t logStartOffset = -1;
    std::vector<BatchIndexAndErrorMessage> recordErrors;
    std::optional<std::string> errorMessage;
    LeaderIdAndEpoch currentLeader;

    bool operator==(const PartitionProduceResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Index", &PartitionProduceResponse::index, since(0));
      visit("ErrorCode", &PartitionProduceResponse::errorCode, since(0));
      visit("BaseOffset", &PartitionProduceResponse::baseOffset, since(0));
      visit("LogAppendTimeMs", &PartitionProduceResponse::logAppendTimeMs, since(2));
      visit("LogStartOffset", &PartitionProduceResponse::logStartOffset, since(5));
      visit("RecordErrors", &PartitionProduceResponse::recordErrors, since(8));
      visit("ErrorMessage", &PartitionProduceResponse::errorMessage, since(8).nullable());
      visit("CurrentLeader", &PartitionProduceResponse::currentLeader, since(10).tag(0));
    }
  };

  struct TopicProduceResponse {
    std::string name;
    base::Uuid topicId;
    std::vector<PartitionProduceResponse> partitionResponses;

    bool operator==(const TopicProduceResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &TopicProduceResponse::name, versions(0, 12));
      visit("TopicId", &TopicProduceResponse::topicId, since(13));
      visit("PartitionResponses", &TopicProduceResponse::partitionResponses, since(0));
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
      visit("NodeId", &NodeEndpoint::nodeId, since(10));
      visit("Host", &NodeEndpoint::host, since(10));
      visit("Port", &NodeEndpoint::port, since(10));
      visit("Rack", &NodeEndpoint::rack, since(10).nullable());
    }
  };

  std::vector<TopicProduceResponse> responses;
  int32_t throttleTimeMs = 0;
  std::vector<NodeEndpoint> nodeEndpoints;

  bool operator==(const ProduceResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Responses", &ProduceResponse::responses, since(0));
    visit("ThrottleTimeMs", &ProduceResponse::throttleTimeMs, since(1));
    visit("NodeEndpoints", &ProduceResponse::nodeEndpoints, since(10).tag(0));
  }
};

}  // namespace streamscope::protocol
