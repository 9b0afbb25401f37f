#include "group_requests.h"

#include <iterator>
#include <utility>

#include "base/error_code.h"
#include "operation_error.h"

namespace streamscope::coordinator {

using base::ErrorCode;

namespace {

constexpr int16_t kFirstJoinGroupWithRebalanceTimeout = 1;
constexpr int16_t kFirstLeaveGroupWithSeveralMembers = 3;
constexpr int16_t kFirstOffsetFetchWithErrorOfGroup = 2;
constexpr int16_t kFirstOffsetFetchWithSeveralGroups = 8;
constexpr int16_t kFirstOffsetCommitWithTopicIds = 10;
constexpr int16_t kFirstOffsetFetchWithTopicIds = 10;

using GroupTopicAnswer = OffsetFetchGroupAnswer::OffsetFetchResponseTopics;
using GroupPartitionAnswer = GroupTopicAnswer::OffsetFetchResponsePartitions;

}  // namespace

void completeTimeouts(protocol::JoinGroupRequest& request, int16_t version) {
  if (version < kFirstJoinGroupWithRebalanceTimeout) request.rebalanceTimeoutMs = request.sessionTimeoutMs;
}

void listMembers(protocol::LeaveGroupRequest& request, int16_t version) {
  if (version < kFirstLeaveGroupWithSeveralMembers) request.members = {{request.memberId, std::nullopt, std::nullopt}};
}

void tellOnlyMember(protocol::LeaveGroupResponse& answer, int16_t version) {
  if (version >= kFirstLeaveGroupWithSeveralMembers || answer.members.empty()) return;
  if (answer.errorCode == 0) answer.errorCode = answer.members.front().errorCode;
  answer.members.clear();
}

// Topics that do not exist.

namespace {

/// Splits a topic's partitions in those that exist, which stay, and answers for the others.
template <class Topic, class TopicAnswer>
void takeOutPartitions(const controller::TopicImage& known, Topic& topic, TopicAnswer& refused) {
  std::vector<std::decay_t<decltype(topic.partitions.front())>> kept;
  for (auto& partition : topic.partitions) {
    if (known.partitions.contains(partition.partitionIndex))
      kept.push_back(std::move(partition));
    else
      refused.partitions.push_back({partition.partitionIndex, codeOf(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)});
  }
  topic.partitions = std::move(kept);
}

template <class Topic, class TopicAnswer>
void refuseTopic(const Topic& topic, TopicAnswer& refused, ErrorCode error) {
  for (const auto& partition : topic.partitions)
    refused.partitions.push_back({partition.partitionIndex, codeOf(error)});
}

}  // namespace

void takeOutUnknown(const controller::MetadataImage& image, int16_t version, protocol::OffsetCommitRequest& request,
                    protocol::OffsetCommitResponse& answer) {
  const bool byId = version >= kFirstOffsetCommitWithTopicIds;
  std::vector<protocol::OffsetCommitRequest::OffsetCommitRequestTopic> kept;
  for (auto& topic : request.topics) {
    const controller::TopicImage* known = byId ? image.findTopic(topic.topicId) : image.findTopic(topic.name);
    protocol::OffsetCommitResponse::OffsetCommitResponseTopic refused{topic.name, topic.topicId, {}};
    if (known == nullptr) {
      refuseTopic(topic, refused, byId ? ErrorCode::UNKNOWN_TOPIC_ID : ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    } else {
      topic.name = refused.name = known->name;
      takeOutPartitions(*known, topic, refused);
      if (!topic.partitions.empty()) kept.push_back(std::move(topic));
    }
    if (!refused.partitions.empty()) answer.topics.push_back(std::move(refused));
  }
  request.topics = std::move(kept);
}

void takeOutUnknown(const controller::MetadataImage& image, protocol::OffsetDeleteRequest& request,
                    protocol::OffsetDeleteResponse& answer) {
  std::vector<protocol::OffsetDeleteRequest::OffsetDeleteRequestTopic> kept;
  for (auto& topic : request.topics) {
    const controller::TopicImage* known = image.findTopic(topic.name);
    protocol::OffsetDeleteResponse::OffsetDeleteResponseTopic refused{topic.name, {}};
    if (known == nullptr) {
      refuseTopic(topic, refused, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    } else {
      takeOutPartitions(*known, topic, refused);
      if (!topic.partitions.empty()) kept.push_back(std::move(topic));
    }
    if (!refused.partitions.empty()) answer.topics.push_back(std::move(refused));
  }
  request.topics = std::move(kept);
}

// OffsetFetch.

std::vector<OffsetFetchGroup> groupsOf(const protocol::OffsetFetchRequest& request, int16_t version) {
  if (version >= kFirstOffsetFetchWithSeveralGroups) return request.groups;
  OffsetFetchGroup group;
  group.groupId = request.groupId;
  if (request.topics) {
    group.topics.emplace();
    for (const auto& topic : *request.topics) group.topics->push_back({topic.name, {}, topic.partitionIndexes});
  }
  return {std::move(group)};
}

void takeOutUnknown(const controller::MetadataImage& image, int16_t version, OffsetFetchGroup& question,
                    OffsetFetchGroupAnswer& answer) {
  if (version < kFirstOffsetFetchWithTopicIds || !question.topics) return;
  std::vector<OffsetFetchGroup::OffsetFetchRequestTopics> kept;
  for (auto& topic : *question.topics) {
    if (const controller::TopicImage* known = image.findTopic(topic.topicId)) {
      topic.name = known->name;
      kept.push_back(std::move(topic));
      continue;
    }
    GroupTopicAnswer& refused = answer.topics.emplace_back();
    refused.topicId = topic.topicId;
    for (const int32_t index : topic.partitionIndexes)
      refused.partitions.push_back({index, base::kNoOffset, base::kNoEpoch, "", codeOf(ErrorCode::UNKNOWN_TOPIC_ID)});
  }
  question.topics = std::move(kept);
}

protocol::OffsetFetchResponse answerOf(const protocol::OffsetFetchRequest& request,
                                       std::vector<OffsetFetchGroupAnswer> groups, int16_t version) {
  protocol::OffsetFetchResponse answer;
  if (version >= kFirstOffsetFetchWithSeveralGroups) {
    answer.groups = std::move(groups);
    return answer;
  }
  OffsetFetchGroupAnswer& group = groups.front();
  if (version >= kFirstOffsetFetchWithErrorOfGroup) {
    answer.errorCode = group.errorCode;
  } else if (group.errorCode != 0 && request.topics) {
    for (const auto& topic : *request.topics) {
      GroupTopicAnswer& failed = group.topics.emplace_back();
      failed.name = topic.name;
      for (const int32_t index : topic.partitionIndexes)
        failed.partitions.push_back({index, base::kNoOffset, base::kNoEpoch, "", group.errorCode});
    }
  }
  for (GroupTopicAnswer& topic : group.topics) {
    auto& told = answer.topics.emplace_back();
    told.name = topic.name;
    for (GroupPartitionAnswer& partition : topic.partitions)
      told.partitions.push_back({partition.partitionIndex, partition.committedOffset, partition.committedLeaderEpoch,
                                 std::move(partition.metadata), partition.errorCode});
  }
  return answer;
}

}  // namespace streamscope::coordinator
