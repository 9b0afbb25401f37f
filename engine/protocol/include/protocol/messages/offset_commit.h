#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A group has read up to these offsets.
struct OffsetCommitRequest {
  static constexpr MessageInfo kInfo{"OffsetCommitRequest", 8, 2, 10, 8};

  struct OffsetCommitRequestTopic {
    struct OffsetCommitRequestPartition {
      int32_t partitionIndex = 0;
      int64_t committedOffset = 0;
      int32_t committedLeaderEpoch = -1;
      std::optional<std::string> committedMetadata;

      bool operator==(const OffsetCommitRequestPartition&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &OffsetCommitRequestPartition::partitionIndex, since(0));
        visit("CommittedOffset", &OffsetCommitRequestPartition::committedOffset, since(0));
        visit("CommittedLeaderEpoch", &OffsetCommitRequestPartition::committedLeaderEpoch, since(6));
        visit("CommittedMetadata", &OffsetCommitRequestPartition::committedMetadata, since(0).nullable());
      }
    };

    std::string name;
    base::Uuid topicId;
    std::vector<OffsetCommitRequestPartition> partitions;

    bool operator==(const OffsetCommitRequestTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &OffsetCommitRequestTopic::name, versions(0, 9));
      visit("TopicId", &OffsetCommitRequestTopic::topicId, since(10));
      visit("Partitions", &OffsetCommitRequestTopic::partitions, since(0));
    }
  };

  std::string groupId;
  int32_t generationIdOrMemberEpoch = -1;
  std::string memberId;
  std::optional<std::string> groupInstanceId;
  int64_t retentionTimeMs = -1;
  std::vector<OffsetCommitRequestTopic> topics;

  bool operator==(const OffsetCommitRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &OffsetCommitRequest::groupId, since(0));
    visit("GenerationIdOrMemberEpoch", &OffsetCommitRequest::generationIdOrMemberEpoch, since(1));
    visit("MemberId", &OffsetCommitRequest::memberId, since(1));
    visit("GroupInstanceId", &OffsetCommitRequest::groupInstanceId, since(7).nullable());
    visit("RetentionTimeMs", &OffsetCommitRequest::retentionTimeMs, versions(2, 4));
    visit("Topics", &OffsetCommitRequest::topics, since(0));
  }
};

/// What came of each partition.
struct OffsetCommitResponse {
  static constexpr MessageInfo kInfo{"OffsetCommitResponse", 8, 2, 10, 8};

  struct OffsetCommitResponseTopic {
    struct OffsetCommitResponsePartition {
      int32_t partitionIndex = 0;
      int16_t errorCode = 0;

      bool operator==(const OffsetCommitResponsePartition&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("PartitionIndex", &OffsetCommitResponsePartition::partitionIndex, since(0));
        visit("ErrorCode", &OffsetCommitResponsePartition::errorCode, since(0));
      }
    };

    std::string name;
    base::Uuid topicId;
    std::vector<OffsetCommitResponsePartition> partitions;

    bool operator==(const OffsetCommitResponseTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &OffsetCommitResponseTopic::name, versions(0, 9));
      visit("TopicId", &OffsetCommitResponseTopic::topicId, since(10));
      visit("Partitions", &OffsetCommitResponseTopic::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<OffsetCommitResponseTopic> topics;

  bool operator==(const OffsetCommitResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &OffsetCommitResponse::throttleTimeMs, since(3));
    visit("Topics", &OffsetCommitResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
