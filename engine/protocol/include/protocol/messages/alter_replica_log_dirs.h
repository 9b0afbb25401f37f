#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Moves replicas of a broker to other log directories of the same broker.
struct AlterReplicaLogDirsRequest {
  static constexpr MessageInfo kInfo{"AlterReplicaLogDirsRequest", 34, 1, 2, 2};

  struct AlterReplicaLogDirTopic {
    std::string name;
    std::vector<int32_t> partitions;

    bool operator==(const AlterReplicaLogDirTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &AlterReplicaLogDirTopic::name, since(0));
      visit("Partitions", &AlterReplicaLogDirTopic::partitions, since(0));
    }
  };

  struct AlterReplicaLogDir {
    std::string path;
    std::vector<AlterReplicaLogDirTopic> topics;

    bool operator==(const AlterReplicaLogDir&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Path", &AlterReplicaLogDir::path, since(0));
      visit("Topics", &AlterReplicaLogDir::topics, since(0));
    }
  };

  std::vector<AlterReplicaLogDir> dirs;

  bool operator==(const AlterReplicaLogDirsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Dirs", &AlterReplicaLogDirsRequest::dirs, since(0));
  }
};

/// Whether each move could begin; it is complete when DescribeLogDirs shows no future replica any more.
struct AlterReplicaLogDirsResponse {
  static constexpr MessageInfo kInfo{"AlterReplicaLogDirsResponse", 34, 1, 2, 2};

  struct AlterReplicaLogDirPartitionResult {
    int32_t partitionIndex = 0;
    int16_t errorCode = 0;

    bool operator==(const AlterReplicaLogDirPartitionResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &AlterReplicaLogDirPartitionResult::partitionIndex, since(0));
      visit("ErrorCode", &AlterReplicaLogDirPartitionResult::errorCode, since(0));
    }
  };

  struct AlterReplicaLogDirTopicResult {
    std::string topicName;
    std::vector<AlterReplicaLogDirPartitionResult> partitions;

    bool operator==(const AlterReplicaLogDirTopicResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicName", &AlterReplicaLogDirTopicResult::topicName, since(0));
      visit("Partitions", &AlterReplicaLogDirTopicResult::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<AlterReplicaLogDirTopicResult> results;

  bool operator==(const AlterReplicaLogDirsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &AlterReplicaLogDirsResponse::throttleTimeMs, since(0));
    visit("Results", &AlterReplicaLogDirsResponse::results, since(0));
  }
};

}  // namespace streamscope::protocol
