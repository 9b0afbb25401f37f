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

/// A replica of the metadata log reads a part of a snapshot, because the leader's log no longer has the records before
/// it (KIP-630).
struct FetchSnapshotRequest {
  static constexpr MessageInfo kInfo{"FetchSnapshotRequest", 59, 0, 1, 0};

  struct TopicSnapshot {
    struct PartitionSnapshot {
      struct SnapshotId {
        int64_t endOffset = 0;
        int32_t epoch = 0;

        bool operator==(const SnapshotId&) const = default;

        template <class Visitor>
        static void fields(Visitor& visit) {
          visit("EndOffset", &SnapshotId::endOffset, since(0));
          visit("Epoch", &SnapshotId::epoch, since(0));
        }
      };

      int32_t partition = 0;
      int32_t currentLeaderEpoch = 0;
      SnapshotId snapshotId;
      int64_t position = 0;
      base::Uuid replicaDirectoryId;

      bool operator==(const PartitionSnapshot&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Partition", &PartitionSnapshot::partition, since(0));
        visit("CurrentLeaderEpoch", &PartitionSnapshot::currentLeaderEpoch, since(0));
        visit("SnapshotId", &PartitionSnapshot::snapshotId, since(0));
        visit("Position", &PartitionSnapshot::position, since(0));
        visit("ReplicaDirectoryId", &PartitionSnapshot::replicaDirectoryId, since(1).tag(0));
      }
    };

    std::string name;
    std::vector<PartitionSnapshot> partitions;

    bool operator==(const TopicSnapshot&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &TopicSnapshot::name, since(0));
      visit("Partitions", &TopicSnapshot::partitions, since(0));
    }
  };

  std::optional<std::string> clusterId;
  int32_t replicaId = -1;
  int32_t maxBytes = std::numeric_limits<int32_t>::max();
  std::vector<TopicSnapshot> topics;

  bool operator==(const FetchSnapshotRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ClusterId", &FetchSnapshotRequest::clusterId, since(0).nullable().tag(0));
    visit("ReplicaId", &FetchSnapshotRequest::replicaId, since(0));
    visit("MaxBytes", &FetchSnapshotRequest::maxBytes, since(0));
    visit("Topics", &FetchSnapshotRequest::topics, since(0));
  }
};

/// The bytes from a position on, which need not end with a batch.
struct FetchSnapshotResponse {
  static constexpr MessageInfo kInfo{"FetchSnapshotResponse", 59, 0, 1, 0};

  struct TopicSnapshot {
    struct PartitionSnapshot {
      struct SnapshotId {
        int64_t endOffset = 0;
        int32_t epoch = 0;

        bool operator==(const SnapshotId&) const = default;

        template <class Visitor>
        static void fields(Visitor& visit) {
          visit("EndOffset", &SnapshotId::endOffset, since(0));
          visit("Epoch", &SnapshotId::epoch, since(0));
        }
      };

      struct LeaderIdAndEpoch {
        int32_t leaderId = 0;
        int32_t leaderEpoch = 0;

        bool operator==(const LeaderIdAndEpoch&) const = default;

        template <class Visitor>
        static void fields(Visitor& visit) {
          visit("LeaderId", &LeaderIdAndEpoch::leaderId, since(0));
          visit("LeaderEpoch", &LeaderIdAndEpoch::leaderEpoch, since(0));
        }
      };

      int32_t index = 0;
      int16_t errorCode = 0;
      SnapshotId snapshotId;
      LeaderIdAndEpoch currentLeader;
      int64_t size = 0;
      int64_t position = 0;
      base::SharedBytes unalignedRecords;

      bool operator==(const PartitionSnapshot&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Index", &PartitionSnapshot::index, since(0));
        visit("ErrorCode", &PartitionSnapshot::errorCode, since(0));
        visit("SnapshotId", &PartitionSnapshot::snapshotId, since(0));
        visit("CurrentLeader", &PartitionSnapshot::currentLeader, since(0).tag(0));
        visit("Size", &PartitionSnapshot::size, since(0));
        visit("Position", &PartitionSnapshot::position, since(0));
        visit("UnalignedRecords", &PartitionSnapshot::unalignedRecords, since(0));
      }
    };

    std::string name;
    std::vector<PartitionSnapshot> partitions;

    bool operator==(const TopicSnapshot&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &TopicSnapshot::name, since(0));
      visit("Partitions", &TopicSnapshot::partitions, since(0));
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

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::vector<TopicSnapshot> topics;
  std::vector<NodeEndpoint> nodeEndpoints;

  bool operator==(const FetchSnapshotResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &FetchSnapshotResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &FetchSnapshotResponse::errorCode, since(0));
    visit("Topics", &FetchSnapshotResponse::topics, since(0));
    visit("NodeEndpoints", &FetchSnapshotResponse::nodeEndpoints, since(1).tag(0));
  }
};

}  // namespace streamscope::protocol
