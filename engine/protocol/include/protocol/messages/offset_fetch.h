#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks how far groups have read; one group until version 7, a list from version 8.
struct OffsetFetchRequest {
  static constexpr MessageInfo kInfo{"OffsetFetchRequest", 9, 1, 10, 6};

  struct OffsetFetchRequestTopic {
    std::string name;
    std::vector<int32_t> partitionIndexes;

    bool operator==(const OffsetFetchRequestTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &OffsetFetchRequestTopic::name, versions(0, 7));
      visit("PartitionIndexes", &OffsetFetchRequestTopic::partitionIndexes, versions(0, 7));
    }
  };

  struct OffsetFetchRequestGroup {
    struct OffsetFetchRequestTopics {
      std::string name;
      base::Uuid topicId;
      std::vector<int32_t> partitionIndexes;

      bool operator==(const OffsetFetchRequestTopics&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Name", &OffsetFetchRequestTopics::name, versions(8, 9));
        visit("TopicId", &OffsetFetchRequestTopics::topicId, since(10));
        visit("PartitionIndexes", &OffsetFetchRequestTopics::partitionIndexes, since(8));
      }
    };

    std::string groupId;
    std::optional<std::string> memberId;
    int32_t memberEpoch = -1;
    std::optional<std::vector<OffsetFetchRequestTopics>> topics;

    bool operator==(const OffsetFetchRequestGroup&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("GroupId", &OffsetFetchRequestGroup::groupId, since(8));
      visit("MemberId", &OffsetFetchRequestGroup::memberId, since(9).nullable());
      visit("MemberEpoch", &OffsetFetchRequestGroup::memberEpoch, since(9));
      visit("Topics", &OffsetFetchRequestGroup::topics, since(8).nullable());
    }
  };

  std::string groupId;
  std::optional<std::vector<OffsetFetchRequestTopic>> topics;
  std::vector<OffsetFetchRequestGroup> groups;
  bool requireStable = false;

  bool operator==(const OffsetFetchRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &OffsetFetchRequest::groupId, versions(0, 7));
    visit("Topics", &OffsetFetchRequest::topics, versions(0, 7).nullableSince(2));
    visit("Groups", &OffsetFetchRequest::groups, since(8));
    visit("RequireStable", &OffsetFetchRequest::requireStable, since(7));
  }
};

/// The committed offsets, -1 where there is none.
struct OffsetFetchResponse {
  static constexpr MessageInfo kInfo{"OffsetFetchResponse", 9, 1, 10, 6};

  struct OffsetFetchResponseTopic {
    struct OffsetFetchResponsePartition {
      int32_t partitionIndex = 0;
      int64_t committedOffset = 0;
      int32_t committedLeaderEpoch = -1;
      std::optional<std::string> metadata;
      int16_t errorCode = 0;

      bool operator==(const OffsetFetchResponsePartition&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &OffsetFetchResponsePartition::partitionIndex, versions(0, 7));
        visit("CommittedOffset", &OffsetFetchResponsePartition::committedOffset, versions(0, 7));
        visit("CommittedLeaderEpoch", &OffsetFetchResponsePartition::committedLeaderEpoch, versions(5, 7));
        visit("Metadata", &OffsetFetchResponsePartition::metadata, versions(0, 7).nullable());
        visit("ErrorCode", &OffsetFetchResponsePartition::errorCode, versions(0, 7));
      }
    };

    std::string name;
    std::vector<OffsetFetchResponsePartition> partitions;

    bool operator==(const OffsetFetchResponseTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &OffsetFetchResponseTopic::name, versions(0, 7));
      visit("Partitions", &OffsetFetchResponseTopic::partitions, versions(0, 7));
    }
  };

  struct OffsetFetchResponseGroup {
    struct OffsetFetchResponseTopics {
      struct OffsetFetchResponsePartitions {
        int32_t partitionIndex = 0;
        int64_t committedOffset = 0;
        int32_t committedLeaderEpoch = -1;
        std::optional<std::string> metadata;
        int16_t errorCode = 0;

        bool operator==(const OffsetFetchResponsePartitions&) const = default;

        template <class Visitor>
        static void fields(Visitor& visit) {
          visit("PartitionIndex", &OffsetFetchResponsePartitions::partitionIndex, since(8));
          visit("CommittedOffset", &OffsetFetchResponsePartitions::committedOffset, since(8));
          visit("CommittedLeaderEpoch", &OffsetFetchResponsePartitions::committedLeaderEpoch, since(8));
          visit("Metadata", &OffsetFetchResponsePartitions::metadata, since(8).nullable());
          visit("ErrorCode", &OffsetFetchResponsePartitions::errorCode, since(8));
        }
      };

      std::string name;
      base::Uuid topicId;
      std::vector<OffsetFetchResponsePartitions> partitions;

      bool operator==(const OffsetFetchResponseTopics&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Name", &OffsetFetchResponseTopics::name, versions(8, 9));
        visit("TopicId", &OffsetFetchResponseTopics::topicId, since(10));
        visit("Partitions", &OffsetFetchResponseTopics::partitions, since(8));
      }
    };

    std::string groupId;
    std::vector<OffsetFetchResponseTopics> topics;
    int16_t errorCode = 0;

    bool operator==(const OffsetFetchResponseGroup&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("GroupId", &OffsetFetchResponseGroup::groupId, since(8));
      visit("Topics", &OffsetFetchResponseGroup::topics, since(8));
      visit("ErrorCode", &OffsetFetchResponseGroup::errorCode, since(8));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<OffsetFetchResponseTopic> topics;
  int16_t errorCode = 0;
  std::vector<OffsetFetchResponseGroup> groups;

  bool operator==(const OffsetFetchResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &OffsetFetchResponse::throttleTimeMs, since(3));
    visit("Topics", &OffsetFetchResponse::topics, versions(0, 7));
    visit("ErrorCode", &OffsetFetchResponse::errorCode, versions(2, 7));
    visit("Groups", &OffsetFetchResponse::groups, since(8));
  }
};

}  // namespace streamscope::protocol
