#include "group/group_records.h"

#include "protocol/coordinator_record_codec.h"

namespace streamscope::coordinator {
namespace {

/// With an expiry of its own, and otherwise.
constexpr int16_t kOffsetCommitValueVersionWithExpiry = 1;
constexpr int16_t kOffsetCommitValueVersion = 4;
constexpr int16_t kGroupMetadataValueVersion = 3;
constexpr base::TimestampMs kNoTimestamp = -1;

base::SharedBytes offsetCommitKey(const std::string& group, const base::TopicPartition& partition) {
  return protocol::encodeCoordinatorKey(
      protocol::GroupRecordKey(protocol::OffsetCommitKey{group, partition.topic, partition.partition}));
}

base::SharedBytes groupMetadataKey(const std::string& group) {
  return protocol::encodeCoordinatorKey(protocol::GroupRecordKey(protocol::GroupMetadataKey{group}));
}

}  // namespace

CoordinatorRecord offsetCommitRecord(const std::string& group, const base::TopicPartition& partition,
                                     const OffsetAndMetadata& committed) {
  protocol::OffsetCommitValue value;
  value.offset = committed.offset;
  value.leaderEpoch = committed.leaderEpoch;
  value.metadata = committed.metadata;
  value.commitTimestamp = committed.commitTimestamp;
  value.expireTimestamp = committed.expireTimestamp.value_or(kNoTimestamp);
  value.topicId = committed.topicId;
  const int16_t version = committed.expireTimestamp ? kOffsetCommitValueVersionWithExpiry : kOffsetCommitValueVersion;
  return {offsetCommitKey(group, partition),
          base::SharedBytes(protocol::encodeCoordinatorValue(protocol::GroupRecordValue(value), version))};
}

CoordinatorRecord offsetCommitTombstone(const std::string& group, const base::TopicPartition& partition) {
  return {offsetCommitKey(group, partition), std::nullopt};
}

OffsetAndMetadata committedOffsetOf(const protocol::OffsetCommitValue& value) {
  OffsetAndMetadata committed;
  committed.offset = value.offset;
  committed.leaderEpoch = value.leaderEpoch;
  committed.metadata = value.metadata;
  committed.commitTimestamp = value.commitTimestamp;
  if (value.expireTimestamp != kNoTimestamp) committed.expireTimestamp = value.expireTimestamp;
  committed.topicId = value.topicId;
  return committed;
}

CoordinatorRecord groupMetadataRecord(const std::string& group, const protocol::GroupMetadataValue& value) {
  return {groupMetadataKey(group), base::SharedBytes(protocol::encodeCoordinatorValue(protocol::GroupRecordValue(value),
                                                                                      kGroupMetadataValueVersion))};
}

CoordinatorRecord groupMetadataTombstone(const std::string& group) {
  return {groupMetadataKey(group), std::nullopt};
}

}  // namespace streamscope::coordinator
