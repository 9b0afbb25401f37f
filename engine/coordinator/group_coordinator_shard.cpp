#include "group_coordinator_shard.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "group/group_records.h"
#include "operation_error.h"

namespace streamscope::coordinator {

using base::ErrorCode;

namespace {

constexpr const char* kExpiryAlarm = "expire-group-metadata";
/// From this version of DescribeGroups on an unknown group is an error.
constexpr int16_t kFirstVersionWithGroupIdNotFound = 6;

std::string lowerCase(std::string_view text) {
  std::string lower;
  for (const char c : text)
    if (c != ' ') lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return lower;
}

bool isAmong(std::string_view name, const std::vector<std::string>& filter) {
  return filter.empty() ||
         std::ranges::any_of(filter, [&](const std::string& each) { return lowerCase(each) == lowerCase(name); });
}

/// Adds what the coordinator says of each topic to what was refused before.
template <class Answer>
void addTopics(Answer& answer, Answer added) {
  for (auto& topic : added.topics) {
    const auto same = std::ranges::find_if(answer.topics, [&](const auto& each) { return each.name == topic.name; });
    if (same == answer.topics.end())
      answer.topics.push_back(std::move(topic));
    else
      same->partitions.insert(same->partitions.end(), topic.partitions.begin(), topic.partitions.end());
  }
}

template <class Answer>
void failTopics(Answer& answer, ErrorCode error) {
  for (auto& topic : answer.topics)
    for (auto& partition : topic.partitions)
      if (partition.errorCode == 0) partition.errorCode = codeOf(error);
}

}  // namespace

GroupCoordinatorShard::GroupCoordinatorShard(const ShardContext& context)
    : m_context(context), m_classicGroups(context, m_groups), m_offsets(context, m_groups) {}

// The log.

base::Status GroupCoordinatorShard::replay(base::Offset offset, const CoordinatorRecord& record) {
  const auto key = protocol::decodeGroupRecordKey(record.key);
  // Of a later Kafka's kinds of groups nothing is known, and nothing needs to be.
  if (!key) return key.error().code == ErrorCode::UNSUPPORTED_VERSION ? base::Status() : base::fail(key.error());
  std::optional<protocol::GroupRecordValue> value;
  if (record.value) {
    const auto type = std::visit([](const auto& each) { return each.kInfo.apiKey; }, *key);
    auto decoded = protocol::decodeGroupRecordValue(type, *record.value);
    if (!decoded) return base::fail(decoded.error());
    value = std::move(*decoded);
  }
  if (const auto* commit = std::get_if<protocol::OffsetCommitKey>(&*key)) {
    m_offsets.replay(offset, *commit, value ? std::get_if<protocol::OffsetCommitValue>(&*value) : nullptr);
  } else if (const auto* group = std::get_if<protocol::GroupMetadataKey>(&*key)) {
    if (value)
      m_groups.put(std::make_shared<ClassicGroup>(group->group, std::get<protocol::GroupMetadataValue>(*value)));
    else
      m_groups.remove(group->group);
  }
  return {};
}

void GroupCoordinatorShard::onLoaded() {
  for (const auto& [id, group] : m_groups.all())
    if (auto* classic = dynamic_cast<ClassicGroup*>(group.get())) m_classicGroups.onLoaded(*classic);
  scheduleExpiry();
}

void GroupCoordinatorShard::onUnloaded() {
  for (const auto& [id, group] : m_groups.all())
    if (auto* classic = dynamic_cast<ClassicGroup*>(group.get())) m_classicGroups.onUnloaded(*classic);
}

// Offsets.

CoordinatorResult GroupCoordinatorShard::commitOffsets(const protocol::OffsetCommitRequest& request, int16_t version,
                                                       protocol::OffsetCommitResponse answer, const ReplyPtr& reply) {
  const bool isKnownGroup = m_groups.find(request.groupId) != nullptr;
  OffsetManager::CommitOutcome outcome = m_offsets.commit(request, version);
  if (outcome.error != ErrorCode::NONE) {
    for (const auto& topic : request.topics) {
      auto& refused = outcome.answer.topics.emplace_back();
      refused.name = topic.name;
      refused.topicId = topic.topicId;
      for (const auto& partition : topic.partitions)
        refused.partitions.push_back({partition.partitionIndex, codeOf(outcome.error)});
    }
  } else if (auto* classic = dynamic_cast<ClassicGroup*>(m_groups.find(request.groupId).get())) {
    m_classicGroups.keepSession(*classic, request.memberId);
  }
  CoordinatorResult result;
  result.records = std::move(outcome.records);
  result.onCompleted = [this, request, isKnownGroup, reply, answer = std::move(answer),
                        committed = std::move(outcome.answer)](ErrorCode failure) mutable {
    if (failure != ErrorCode::NONE) failTopics(committed, operationError(failure));
    for (const auto& topic : request.topics)
      for (const auto& partition : topic.partitions) {
        const bool isCommitted =
            failure == ErrorCode::NONE && std::ranges::any_of(committed.topics, [&](const auto& each) {
              return each.name == topic.name && std::ranges::any_of(each.partitions, [&](const auto& one) {
                       return one.partitionIndex == partition.partitionIndex && one.errorCode == 0;
                     });
            });
        if (isCommitted)
          m_context.node.trace.record(world::OffsetCommitted{m_context.node.self,
                                                             request.groupId,
                                                             request.memberId,
                                                             request.generationIdOrMemberEpoch,
                                                             {topic.name, partition.partitionIndex},
                                                             partition.committedOffset});
      }
    // A group that began with a commit which is not in the log has not begun.
    if (!isKnownGroup && failure != ErrorCode::NONE && !m_offsets.offsets().hasAny(request.groupId))
      if (const auto group = m_groups.findClassic(request.groupId); group != nullptr && group->isSimple())
        m_groups.remove(request.groupId);
    addTopics(answer, std::move(committed));
    reply->answer(std::move(answer));
  };
  return result;
}

CoordinatorResult GroupCoordinatorShard::deleteOffsets(const protocol::OffsetDeleteRequest& request,
                                                       protocol::OffsetDeleteResponse answer, const ReplyPtr& reply) {
  OffsetManager::DeleteOutcome outcome = m_offsets.remove(request);
  CoordinatorResult result;
  result.records = std::move(outcome.records);
  result.onCompleted = [reply, error = outcome.error, answer = std::move(answer),
                        deleted = std::move(outcome.answer)](ErrorCode failure) mutable {
    const ErrorCode whole = failure == ErrorCode::NONE ? error : operationError(failure);
    if (whole != ErrorCode::NONE) {
      answer = {};
      answer.errorCode = codeOf(whole);
    } else {
      addTopics(answer, std::move(deleted));
    }
    reply->answer(std::move(answer));
  };
  return result;
}

CoordinatorResult GroupCoordinatorShard::forgetTopics(const std::vector<std::string>& topics) {
  CoordinatorResult result;
  result.isAtomic = false;
  for (const std::string& topic : topics) m_offsets.appendOfTopic(topic, result.records);
  return result;
}

void GroupCoordinatorShard::scheduleExpiry() {
  m_context.timers.schedule(kExpiryAlarm, m_context.config.group.offsetsRetentionCheckInterval,
                            [this] { return expireOffsets(); });
}

CoordinatorResult GroupCoordinatorShard::expireOffsets() {
  CoordinatorResult result;
  result.isAtomic = false;
  for (const auto& [id, group] : m_groups.all())
    if (m_offsets.appendExpired(*group, result.records) && group->isEmpty()) group->appendTombstones(result.records);
  scheduleExpiry();
  return result;
}

// Groups.

CoordinatorResult GroupCoordinatorShard::deleteGroups(const std::vector<std::string>& ids,
                                                      std::function<void(DeletedGroups)> onDeleted) {
  CoordinatorResult result;
  DeletedGroups deleted;
  for (const std::string& id : ids) {
    const std::shared_ptr<Group> group = m_groups.find(id);
    const ErrorCode error = group == nullptr ? ErrorCode::GROUP_ID_NOT_FOUND : group->validateDelete();
    deleted.push_back({id, codeOf(error)});
    if (error != ErrorCode::NONE) continue;
    m_offsets.appendTombstones(id, result.records);
    group->appendTombstones(result.records);
  }
  result.onCompleted = [deleted = std::move(deleted), onDeleted = std::move(onDeleted)](ErrorCode failure) mutable {
    if (failure != ErrorCode::NONE)
      for (auto& group : deleted) group.errorCode = codeOf(operationError(failure));
    onDeleted(std::move(deleted));
  };
  return result;
}

std::vector<protocol::ListGroupsResponse::ListedGroup> GroupCoordinatorShard::listGroups(
    const std::vector<std::string>& states, const std::vector<std::string>& types) const {
  std::vector<protocol::ListGroupsResponse::ListedGroup> listed;
  for (const auto& [id, group] : m_groups.all()) {
    if (!isAmong(group->stateName(), states) || !isAmong(nameOf(group->type()), types)) continue;
    listed.push_back({id, group->protocolType(), std::string(group->stateName()), std::string(nameOf(group->type()))});
  }
  return listed;
}

protocol::DescribeGroupsResponse::DescribedGroup GroupCoordinatorShard::describeGroup(const std::string& id,
                                                                                      int16_t version) const {
  protocol::DescribeGroupsResponse::DescribedGroup described;
  described.groupId = id;
  const std::shared_ptr<ClassicGroup> group = m_groups.findClassic(id);
  if (group == nullptr) {
    described.groupState = nameOf(ClassicGroupState::Dead);
    if (version < kFirstVersionWithGroupIdNotFound) return described;
    described.errorCode = codeOf(ErrorCode::GROUP_ID_NOT_FOUND);
    described.errorMessage = "Group " + id + (hasGroup(id) ? " is not a classic group." : " not found.");
    return described;
  }
  const bool isStable = group->isIn(ClassicGroupState::Stable);
  described.groupState = group->stateName();
  described.protocolType = group->protocolType();
  if (isStable) described.protocolData = group->protocolName().value_or("");
  for (const auto& [memberId, member] : group->members())
    described.members.push_back({memberId, member.groupInstanceId, member.clientId, member.clientHost,
                                 isStable ? member.metadata(described.protocolData) : base::SharedBytes(),
                                 member.assignment});
  return described;
}

std::vector<GroupView> GroupCoordinatorShard::views() const {
  std::vector<GroupView> views;
  for (const auto& [id, group] : m_groups.all()) {
    GroupView& view = views.emplace_back(group->view());
    view.coordinatorPartition = m_context.partition.partition;
    for (const auto& [partition, committed] : m_offsets.offsets().ofGroup(id, CommittedOffsets::View::Replicated))
      view.offsets.push_back({partition, committed.offset, committed.commitTimestamp, committed.metadata});
  }
  return views;
}

}  // namespace streamscope::coordinator
