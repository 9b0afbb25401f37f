#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Records of `__consumer_offsets` that every group writes: committed offsets, and the state of classic groups. A key's
// apiKey is the type number it begins with; a value has the number of its key.

/// As brokers before 0.9 wrote a committed offset.
struct LegacyOffsetCommitKey {
  static constexpr MessageInfo kInfo{"LegacyOffsetCommitKey", 0, 0, 0};

  std::string group;
  std::string topic;
  int32_t partition = 0;

  bool operator==(const LegacyOffsetCommitKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Group", &LegacyOffsetCommitKey::group, since(0));
    visit("Topic", &LegacyOffsetCommitKey::topic, since(0));
    visit("Partition", &LegacyOffsetCommitKey::partition, since(0));
  }
};

/// The value of LegacyOffsetCommitKey.
struct LegacyOffsetCommitValue {
  static constexpr MessageInfo kInfo{"LegacyOffsetCommitValue", 0, 0, 0};

  int64_t offset = 0;
  std::string metadata;
  int64_t commitTimestamp = 0;

  bool operator==(const LegacyOffsetCommitValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Offset", &LegacyOffsetCommitValue::offset, since(0));
    visit("Metadata", &LegacyOffsetCommitValue::metadata, since(0));
    visit("CommitTimestamp", &LegacyOffsetCommitValue::commitTimestamp, since(0));
  }
};

/// A group committed an offset of a partition.
struct OffsetCommitKey {
  static constexpr MessageInfo kInfo{"OffsetCommitKey", 1, 0, 0};

  std::string group;
  std::string topic;
  int32_t partition = 0;

  bool operator==(const OffsetCommitKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Group", &OffsetCommitKey::group, since(0));
    visit("Topic", &OffsetCommitKey::topic, since(0));
    visit("Partition", &OffsetCommitKey::partition, since(0));
  }
};

/// The offset; no value: it expired or was deleted.
struct OffsetCommitValue {
  static constexpr MessageInfo kInfo{"OffsetCommitValue", 1, 0, 4, 4};

  int64_t offset = 0;
  /// -1: not known to the consumer.
  int32_t leaderEpoch = -1;
  std::string metadata;
  int64_t commitTimestamp = 0;
  int64_t expireTimestamp = -1;
  base::Uuid topicId;

  bool operator==(const OffsetCommitValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Offset", &OffsetCommitValue::offset, since(0));
    visit("LeaderEpoch", &OffsetCommitValue::leaderEpoch, since(3));
    visit("Metadata", &OffsetCommitValue::metadata, since(0));
    visit("CommitTimestamp", &OffsetCommitValue::commitTimestamp, since(0));
    visit("ExpireTimestamp", &OffsetCommitValue::expireTimestamp, versions(1, 1));
    visit("TopicId", &OffsetCommitValue::topicId, since(4).tag(0));
  }
};

/// The state of a classic group.
struct GroupMetadataKey {
  static constexpr MessageInfo kInfo{"GroupMetadataKey", 2, 0, 0};

  std::string group;

  bool operator==(const GroupMetadataKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Group", &GroupMetadataKey::group, since(0));
  }
};

/// One generation of a classic group with all its members.
struct GroupMetadataValue {
  static constexpr MessageInfo kInfo{"GroupMetadataValue", 2, 0, 4, 4};

  struct MemberMetadata {
    std::string memberId;
    std::optional<std::string> groupInstanceId;
    std::string clientId;
    std::string clientHost;
    int32_t rebalanceTimeout = -1;
    int32_t sessionTimeout = 0;
    /// In the format of the protocol type; ConsumerProtocolSubscription for consumers.
    base::SharedBytes subscription;
    base::SharedBytes assignment;

    bool operator==(const MemberMetadata&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("MemberId", &MemberMetadata::memberId, since(0));
      visit("GroupInstanceId", &MemberMetadata::groupInstanceId, since(3).nullable());
      visit("ClientId", &MemberMetadata::clientId, since(0));
      visit("ClientHost", &MemberMetadata::clientHost, since(0));
      visit("RebalanceTimeout", &MemberMetadata::rebalanceTimeout, since(1));
      visit("SessionTimeout", &MemberMetadata::sessionTimeout, since(0));
      visit("Subscription", &MemberMetadata::subscription, since(0));
      visit("Assignment", &MemberMetadata::assignment, since(0));
    }
  };

  std::string protocolType;
  int32_t generation = 0;
  /// The assignment strategy; null before the first generation.
  std::optional<std::string> protocol;
  std::optional<std::string> leader;
  int64_t currentStateTimestamp = -1;
  std::vector<MemberMetadata> members;

  bool operator==(const GroupMetadataValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ProtocolType", &GroupMetadataValue::protocolType, since(0));
    visit("Generation", &GroupMetadataValue::generation, since(0));
    visit("Protocol", &GroupMetadataValue::protocol, since(0).nullable());
    visit("Leader", &GroupMetadataValue::leader, since(0).nullable());
    visit("CurrentStateTimestamp", &GroupMetadataValue::currentStateTimestamp, since(2));
    visit("Members", &GroupMetadataValue::members, since(0));
  }
};

}  // namespace streamscope::protocol
