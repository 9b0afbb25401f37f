#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Forgets committed offsets of a group.
struct OffsetDeleteRequest {
  static constexpr MessageInfo kInfo{"OffsetDeleteRequest", 47, 0, 0};

  struct OffsetDeleteRequestTopic {
    struct OffsetDeleteRequestPartition {
      int32_t partitionIndex = 0;

      bool operator==(const OffsetDeleteRequestPartition&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &OffsetDeleteRequestPartition::partitionIndex, since(0));
      }
    };

    std::string name;
    std::vector<OffsetDeleteRequestPartition> partitions;

    bool operator==(const OffsetDeleteRequestTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &OffsetDeleteRequestTopic::name, since(0));
      visit("Partitions", &OffsetDeleteRequestTopic::partitions, since(0));
    }
  };

  std::string groupId;
  std::vector<OffsetDeleteRequestTopic> topics;

  bool operator==(const OffsetDeleteRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &OffsetDeleteRequest::groupId, since(0));
    visit("Topics", &OffsetDeleteRequest::topics, since(0));
  }
};

/// What came of each partition.
struct OffsetDeleteResponse {
  static constexpr MessageInfo kInfo{"OffsetDeleteResponse", 47, 0, 0};

  struct OffsetDeleteResponseTopic {
    struct OffsetDeleteResponsePartition {
      int32_t partitionIndex = 0;
      int16_t errorCode = 0;

      bool operator==(const OffsetDeleteResponsePartition&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &OffsetDeleteResponsePartition::partitionIndex, since(0));
        visit("ErrorCode", &OffsetDeleteResponsePartition::errorCode, since(0));
      }
    };

    std::string name;
    std::vector<OffsetDeleteResponsePartition> partitions;

    bool operator==(const OffsetDeleteResponseTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &OffsetDeleteResponseTopic::name, since(0));
      visit("Partitions", &OffsetDeleteResponseTopic::partitions, since(0));
    }
  };

  int16_t errorCode = 0;
  int32_t throttleTimeMs = 0;
  std::vector<OffsetDeleteResponseTopic> topics;

  bool operator==(const OffsetDeleteResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ErrorCode", &OffsetDeleteResponse::errorCode, since(0));
    visit("ThrottleTimeMs", &OffsetDeleteResponse::throttleTimeMs, since(0));
    visit("Topics", &OffsetDeleteResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
