#pragma once

#include <cstdint>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A broker tells the controller in which of its log directories replicas are (KIP-858).
struct AssignReplicasToDirsRequest {
  static constexpr MessageInfo kInfo{"AssignReplicasToDirsRequest", 73, 0, 0, 0};

  struct PartitionData {
    int32_t partitionIndex = 0;

    bool operator==(const PartitionData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
    }
  };

  struct TopicData {
    base::Uuid topicId;
    std::vector<PartitionData> partitions;

    bool operator==(const TopicData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicData::topicId, since(0));
      visit("Partitions", &TopicData::partitions, since(0));
    }
  };

  struct DirectoryData {
    base::Uuid id;
    std::vector<TopicData> topics;

    bool operator==(const DirectoryData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Id", &DirectoryData::id, since(0));
      visit("Topics", &DirectoryData::topics, since(0));
    }
  };

  int32_t brokerId = 0;
  int64_t brokerEpoch = -1;
  std::vector<DirectoryData> directories;

  bool operator==(const AssignReplicasToDirsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &AssignReplicasToDirsRequest::brokerId, since(0));
    visit("BrokerEpoch", &AssignReplicasToDirsRequest::brokerEpoch, since(0));
    visit("Directories", &AssignReplicasToDirsRequest::directories, since(0));
  }
};

/// What became of it, partition by partition.
struct AssignReplicasToDirsResponse {
  static constexpr MessageInfo kInfo{"AssignReplicasToDirsResponse", 73, 0, 0, 0};

  struct PartitionData {
    int32_t partitionIndex = 0;
    int16_t errorCode = 0;

    bool operator==(const PartitionData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
      visit("ErrorCode", &PartitionData::errorCode, since(0));
    }
  };

  struct TopicData {
    base::Uuid topicId;
    std::vector<PartitionData> partitions;

    bool operator==(const TopicData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicData::topicId, since(0));
      visit("Partitions", &TopicData::partitions, since(0));
    }
  };

  struct DirectoryData {
    base::Uuid id;
    std::vector<TopicData> topics;

    bool operator==(const DirectoryData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Id", &DirectoryData::id, since(0));
      visit("Topics", &DirectoryData::topics, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::vector<DirectoryData> directories;

  bool operator==(const AssignReplicasToDirsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &AssignReplicasToDirsResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &AssignReplicasToDirsResponse::errorCode, since(0));
    visit("Directories", &AssignReplicasToDirsResponse::directories, since(0));
  }
};

}  // namespace streamscope::protocol
