#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// What is in the log directories of a broker; without topics, everything.
struct DescribeLogDirsRequest {
  static constexpr MessageInfo kInfo{"DescribeLogDirsRequest", 35, 1, 5, 2};

  struct DescribableLogDirTopic {
    std::string topic;
    std::vector<int32_t> partitions;

    bool operator==(const DescribableLogDirTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &DescribableLogDirTopic::topic, since(0));
      visit("Partitions", &DescribableLogDirTopic::partitions, since(0));
    }
  };

  std::optional<std::vector<DescribableLogDirTopic>> topics;

  bool operator==(const DescribeLogDirsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &DescribeLogDirsRequest::topics, since(0).nullable());
  }
};

/// Directory by directory; one that is offline has an error and nothing else.
struct DescribeLogDirsResponse {
  static constexpr MessageInfo kInfo{"DescribeLogDirsResponse", 35, 1, 5, 2};

  struct DescribeLogDirsPartition {
    int32_t partitionIndex = 0;
    int64_t partitionSize = 0;
    int64_t offsetLag = 0;
    bool isFutureKey = false;

    bool operator==(const DescribeLogDirsPartition&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &DescribeLogDirsPartition::partitionIndex, since(0));
      visit("PartitionSize", &DescribeLogDirsPartition::partitionSize, since(0));
      visit("OffsetLag", &DescribeLogDirsPartition::offsetLag, since(0));
      visit("IsFutureKey", &DescribeLogDirsPartition::isFutureKey, since(0));
    }
  };

  struct DescribeLogDirsTopic {
    std::string name;
    std::vector<DescribeLogDirsPartition> partitions;

    bool operator==(const DescribeLogDirsTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &DescribeLogDirsTopic::name, since(0));
      visit("Partitions", &DescribeLogDirsTopic::partitions, since(0));
    }
  };

  struct DescribeLogDirsResult {
    int16_t errorCode = 0;
    std::string logDir;
    std::vector<DescribeLogDirsTopic> topics;
    int64_t totalBytes = -1;
    int64_t usableBytes = -1;
    bool isCordoned = false;

    bool operator==(const DescribeLogDirsResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &DescribeLogDirsResult::errorCode, since(0));
      visit("LogDir", &DescribeLogDirsResult::logDir, since(0));
      visit("Topics", &DescribeLogDirsResult::topics, since(0));
      visit("TotalBytes", &DescribeLogDirsResult::totalBytes, since(4));
      visit("UsableBytes", &DescribeLogDirsResult::usableBytes, since(4));
      visit("IsCordoned", &DescribeLogDirsResult::isCordoned, since(5));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::vector<DescribeLogDirsResult> results;

  bool operator==(const DescribeLogDirsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &DescribeLogDirsResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &DescribeLogDirsResponse::errorCode, since(3));
    visit("Results", &DescribeLogDirsResponse::results, since(0));
  }
};

}  // namespace streamscope::protocol
