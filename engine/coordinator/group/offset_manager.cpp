#include "group/offset_manager.h"

#include <utility>

#include "group/group_records.h"
#include "operation_error.h"

namespace streamscope::coordinator {

using base::ErrorCode;
using protocol::OffsetCommitRequest;
using protocol::OffsetCommitResponse;
using protocol::OffsetFetchResponse;

namespace {

/// From this version on an unknown group is said to be unknown.
constexpr int16_t kFirstVersionWithGroupIdNotFound = 9;
/// OffsetCommit's RetentionTimeMs: as long as the broker keeps offsets.
constexpr int64_t kDefaultRetention = -1;

OffsetAndMetadata committedBy(const OffsetCommitRequest& request, const base::Uuid& topicId,
                              const OffsetCommitRequest::OffsetCommitRequestTopic::OffsetCommitRequestPartition& given,
                              base::TimestampMs now) {
  OffsetAndMetadata committed;
  committed.offset = given.committedOffset;
  committed.leaderEpoch = given.committedLeaderEpoch;
  committed.metadata = given.committedMetadata.value_or("");
  committed.commitTimestamp = now;
  if (request.retentionTimeMs != kDefaultRetention) committed.expireTimestamp = now + request.retentionTimeMs;
  committed.topicId = topicId;
  return committed;
}

}  // namespace

OffsetManager::CommitOutcome OffsetManager::commit(const OffsetCommitRequest& request, int16_t version) {
  CommitOutcome outcome;
  const bool isMember = request.generationIdOrMemberEpoch >= 0;
  std::shared_ptr<Group> group = m_groups.find(request.groupId);
  if (group == nullptr) {
    if (isMember) {
      outcome.error =
          version >= kFirstVersionWithGroupIdNotFound ? ErrorCode::GROUP_ID_NOT_FOUND : ErrorCode::ILLEGAL_GENERATION;
      return outcome;
    }
    group = std::make_shared<ClassicGroup>(request.groupId, now());
    m_groups.put(group);
  }
  outcome.error = group->validateOffsetCommit(
      {request.memberId, request.groupInstanceId, request.generationIdOrMemberEpoch}, version);
  if (outcome.error != ErrorCode::NONE) return outcome;
  for (const auto& topic : request.topics) {
    auto& answers = outcome.answer.topics.emplace_back();
    answers.name = topic.name;
    answers.topicId = topic.topicId;
    for (const auto& partition : topic.partitions) {
      const bool isTooLarge = partition.committedMetadata &&
                              std::ssize(*partition.committedMetadata) > m_context.config.group.offsetMetadataMaxBytes;
      answers.partitions.push_back(
          {partition.partitionIndex, codeOf(isTooLarge ? ErrorCode::OFFSET_METADATA_TOO_LARGE : ErrorCode::NONE)});
      if (isTooLarge) continue;
      const base::TopicPartition name{topic.name, partition.partitionIndex};
      outcome.records.push_back(
          offsetCommitRecord(request.groupId, name, committedBy(request, topic.topicId, partition, now())));
    }
  }
  return outcome;
}

// Reading.

protocol::OffsetFetchResponse::OffsetFetchResponseGroup OffsetManager::fetch(
    const protocol::OffsetFetchRequest::OffsetFetchRequestGroup& question, CommittedOffsets::View view) const {
  OffsetFetchResponse::OffsetFetchResponseGroup answer;
  answer.groupId = question.groupId;
  const std::shared_ptr<Group> group = m_groups.find(question.groupId);
  ErrorCode error = ErrorCode::GROUP_ID_NOT_FOUND;
  if (group != nullptr) error = group->validateOffsetFetch(question.memberId.value_or(""), question.memberEpoch);
  if (error != ErrorCode::NONE && error != ErrorCode::GROUP_ID_NOT_FOUND) {
    answer.errorCode = codeOf(error);
    return answer;
  }
  const auto committed =
      error == ErrorCode::NONE ? m_offsets.ofGroup(question.groupId, view) : CommittedOffsets::OfGroup();
  using Partition =
      OffsetFetchResponse::OffsetFetchResponseGroup::OffsetFetchResponseTopics::OffsetFetchResponsePartitions;
  const auto describe = [](int32_t index, const OffsetAndMetadata& offset) {
    return Partition{index, offset.offset, offset.leaderEpoch, offset.metadata, 0};
  };
  if (!question.topics) {
    for (const auto& [partition, offset] : committed) {
      if (answer.topics.empty() || answer.topics.back().name != partition.topic) {
        auto& topic = answer.topics.emplace_back();
        topic.name = partition.topic;
        if (const auto* known = m_context.image.findTopic(partition.topic)) topic.topicId = known->id;
      }
      answer.topics.back().partitions.push_back(describe(partition.partition, offset));
    }
    return answer;
  }
  for (const auto& topic : *question.topics) {
    auto& answers = answer.topics.emplace_back();
    answers.name = topic.name;
    answers.topicId = topic.topicId;
    for (const int32_t index : topic.partitionIndexes) {
      const auto found = committed.find({topic.name, index});
      // An offset of an earlier topic of this name is none of this one.
      const bool isOther = found != committed.end() && !topic.topicId.isZero() && !found->second.topicId.isZero() &&
                           found->second.topicId != topic.topicId;
      answers.partitions.push_back(found == committed.end() || isOther
                                       ? Partition{index, base::kNoOffset, base::kNoEpoch, "", 0}
                                       : describe(index, found->second));
    }
  }
  return answer;
}

// Forgetting.

void OffsetManager::traceRemoved(const std::string& group, const base::TopicPartition& partition,
                                 const std::string& reason) const {
  const auto committed = m_offsets.find(group, partition, CommittedOffsets::View::Latest);
  if (!committed) return;
  m_context.node.trace.record(
      world::CommittedOffsetRemoved{m_context.node.self, group, partition, committed->offset, reason});
}

OffsetManager::DeleteOutcome OffsetManager::remove(const protocol::OffsetDeleteRequest& request) const {
  DeleteOutcome outcome;
  const std::shared_ptr<Group> group = m_groups.find(request.groupId);
  outcome.error = group == nullptr ? ErrorCode::GROUP_ID_NOT_FOUND : group->validateOffsetDelete();
  if (outcome.error != ErrorCode::NONE) return outcome;
  for (const auto& topic : request.topics) {
    auto& answers = outcome.answer.topics.emplace_back();
    answers.name = topic.name;
    const bool isSubscribed = group->isSubscribedTo(topic.name);
    for (const auto& partition : topic.partitions) {
      answers.partitions.push_back(
          {partition.partitionIndex, codeOf(isSubscribed ? ErrorCode::GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode::NONE)});
      const base::TopicPartition name{topic.name, partition.partitionIndex};
      if (isSubscribed || !m_offsets.find(request.groupId, name, CommittedOffsets::View::Latest)) continue;
      traceRemoved(request.groupId, name, "it was asked for");
      outcome.records.push_back(offsetCommitTombstone(request.groupId, name));
    }
  }
  return outcome;
}

void OffsetManager::appendTombstones(const std::string& group, std::vector<CoordinatorRecord>& records) const {
  for (const auto& [partition, committed] : m_offsets.ofGroup(group, CommittedOffsets::View::Latest)) {
    traceRemoved(group, partition, "its group is deleted");
    records.push_back(offsetCommitTombstone(group, partition));
  }
}

bool OffsetManager::appendExpired(const Group& group, std::vector<CoordinatorRecord>& records) {
  const auto retention =
      static_cast<base::TimestampMs>(m_context.config.group.offsetsRetention / std::chrono::milliseconds(1));
  bool areAllExpired = true;
  for (const auto& [partition, committed] : m_offsets.ofGroup(group.id(), CommittedOffsets::View::Latest)) {
    const auto start = group.retentionStart(committed);
    if (!start) return false;
    const bool isOver = committed.expireTimestamp ? now() >= *committed.expireTimestamp : now() - *start >= retention;
    if (!isOver || group.isSubscribedTo(partition.topic)) {
      areAllExpired = false;
      continue;
    }
    traceRemoved(group.id(), partition, "offsets.retention.minutes is over");
    records.push_back(offsetCommitTombstone(group.id(), partition));
  }
  return areAllExpired;
}

void OffsetManager::appendOfTopic(const std::string& topic, std::vector<CoordinatorRecord>& records) {
  for (const auto& [group, partitions] : m_offsets.ofTopic(topic)) {
    for (const base::TopicPartition& partition : partitions) {
      traceRemoved(group, partition, "its topic was deleted");
      records.push_back(offsetCommitTombstone(group, partition));
    }
  }
}

// The log.

void OffsetManager::replay(base::Offset offset, const protocol::OffsetCommitKey& key,
                           const protocol::OffsetCommitValue* value) {
  const base::TopicPartition partition{key.topic, key.partition};
  if (value == nullptr) {
    m_offsets.set(key.group, partition, offset, std::nullopt);
    return;
  }
  if (m_groups.find(key.group) == nullptr) m_groups.put(std::make_shared<ClassicGroup>(key.group, now()));
  m_offsets.set(key.group, partition, offset, committedOffsetOf(*value));
}

}  // namespace streamscope::coordinator
