#include <utility>

#include "group/classic_group_manager.h"
#include "group/group_records.h"
#include "group/member_id.h"
#include "operation_error.h"

// JoinGroup, in the order of Kafka's classicGroupJoin.

namespace streamscope::coordinator {

using base::ErrorCode;
using protocol::JoinGroupRequest;
using protocol::JoinGroupResponse;

namespace {

/// From this version on a new member has to come back with the id it was given (KIP-394).
constexpr int16_t kFirstVersionWithKnownMemberId = 4;
/// From this version on the leader may be told that there is nothing to assign.
constexpr int16_t kFirstVersionWithSkipAssignment = 9;
/// How long a new member's JoinGroup may wait, since it cannot send heartbeats.
constexpr base::Duration kNewMemberJoinTimeout = std::chrono::minutes(5);

JoinGroupResponse refusal(const std::string& memberId, ErrorCode error) {
  JoinGroupResponse answer;
  answer.memberId = memberId;
  answer.errorCode = codeOf(error);
  return answer;
}

/// What the client says of it, if anything.
std::string withClientReason(std::string reason, const JoinGroupRequest& request) {
  if (request.reason && !request.reason->empty()) reason += " (" + *request.reason + ")";
  return reason;
}

}  // namespace

ClassicGroupManager::ClassicGroupManager(const ShardContext& context, GroupStore& groups)
    : m_context(context), m_groups(groups), m_trace(context.node) {}

CoordinatorResult ClassicGroupManager::join(const world::RequestHeader& header, const JoinGroupRequest& request,
                                            const ReplyPtr& reply) {
  const bool isNew = request.memberId.empty();
  const std::shared_ptr<Group> known = m_groups.find(request.groupId);
  GroupPtr group = std::dynamic_pointer_cast<ClassicGroup>(known);
  const bool isNewGroup = known == nullptr;
  if (isNewGroup && isNew) {
    group = std::make_shared<ClassicGroup>(request.groupId, now());
    m_groups.put(group);
  }
  if (group == nullptr) {
    reply->answer(
        refusal(request.memberId, isNewGroup ? ErrorCode::UNKNOWN_MEMBER_ID : ErrorCode::INCONSISTENT_GROUP_PROTOCOL));
    return {};
  }
  CoordinatorResult result;
  if (!acceptsJoin(*group, request.memberId)) {
    group->remove(request.memberId);
    reply->answer(refusal("", ErrorCode::GROUP_MAX_SIZE_REACHED));
  } else {
    result = isNew ? joinAsNew(group, header, request, reply) : joinAsKnown(group, header, request, reply);
  }
  return isNewGroup && result.records.empty() ? writeNewGroup(group, reply) : result;
}

bool ClassicGroupManager::acceptsJoin(ClassicGroup& group, const std::string& memberId) const {
  const auto sizeMax = static_cast<size_t>(m_context.config.group.maxSize);
  const ClassicGroupMember* member = group.find(memberId);
  switch (group.state()) {
    case ClassicGroupState::Empty:
    case ClassicGroupState::Dead:
      return true;
    case ClassicGroupState::PreparingRebalance:
      // Counts who waits, so that of a group that became too large the last to come back are turned away.
      return (member != nullptr && member->isAwaitingJoin()) || group.awaitingJoins() < sizeMax;
    case ClassicGroupState::CompletingRebalance:
    case ClassicGroupState::Stable:
      break;
  }
  return member != nullptr || group.members().size() < sizeMax;
}

/// The group's first record, so that it is known also when its coordinator moves.
CoordinatorResult ClassicGroupManager::writeNewGroup(const GroupPtr& group, const ReplyPtr& reply) {
  CoordinatorResult result;
  protocol::GroupMetadataValue empty;
  empty.currentStateTimestamp = now();
  result.records.push_back(groupMetadataRecord(group->id(), empty));
  result.replaysRecords = false;
  result.onCompleted = [reply](ErrorCode error) {
    if (error != ErrorCode::NONE) reply->answer(refusal("", operationError(error)));
  };
  return result;
}

CoordinatorResult ClassicGroupManager::joinAsNew(const GroupPtr& group, const world::RequestHeader& header,
                                                 const JoinGroupRequest& request, const ReplyPtr& reply) {
  if (group->isIn(ClassicGroupState::Dead)) {
    reply->answer(refusal("", ErrorCode::COORDINATOR_NOT_AVAILABLE));
    return {};
  }
  if (!group->supports(request.protocolType, request.protocols)) {
    reply->answer(refusal("", ErrorCode::INCONSISTENT_GROUP_PROTOCOL));
    return {};
  }
  const std::string memberId = newMemberId(request.groupInstanceId.value_or(header.clientId), m_context.node.random);
  if (request.groupInstanceId) {
    if (group->staticMemberId(*request.groupInstanceId)) return replaceStaticMember(group, memberId, request, reply);
    return addMember(group, memberId, header, request, reply);
  }
  if (header.version < kFirstVersionWithKnownMemberId) return addMember(group, memberId, header, request, reply);
  group->addPendingJoin(memberId);
  scheduleSession(*group, memberId, std::chrono::milliseconds(request.sessionTimeoutMs));
  reply->answer(refusal(memberId, ErrorCode::MEMBER_ID_REQUIRED));
  return {};
}

CoordinatorResult ClassicGroupManager::joinAsKnown(const GroupPtr& group, const world::RequestHeader& header,
                                                   const JoinGroupRequest& request, const ReplyPtr& reply) {
  const auto refuse = [&](ErrorCode error) {
    reply->answer(refusal(request.memberId, error));
    return CoordinatorResult();
  };
  if (group->isIn(ClassicGroupState::Dead)) return refuse(ErrorCode::COORDINATOR_NOT_AVAILABLE);
  if (!group->supports(request.protocolType, request.protocols)) return refuse(ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
  if (group->isPendingJoin(request.memberId)) {
    // Kafka's coordinator trips over this; the id was given to a dynamic member.
    if (request.groupInstanceId) return refuse(ErrorCode::UNKNOWN_SERVER_ERROR);
    return addMember(group, request.memberId, header, request, reply);
  }
  const ErrorCode member = group->validateMember(request.memberId, request.groupInstanceId);
  if (member != ErrorCode::NONE) return refuse(member);
  if (group->isEmpty()) return refuse(ErrorCode::UNKNOWN_MEMBER_ID);
  return rejoin(group, *group->find(request.memberId), request, reply);
}

CoordinatorResult ClassicGroupManager::rejoin(const GroupPtr& group, ClassicGroupMember& member,
                                              const JoinGroupRequest& request, const ReplyPtr& reply) {
  if (group->isIn(ClassicGroupState::PreparingRebalance))
    return updateMember(group, member, request, reply, member.memberId + " joins again");
  const bool isUnchanged = member.supportedProtocols == request.protocols;
  if (group->isIn(ClassicGroupState::Stable) && group->isLeader(member.memberId))
    // The leader's way to have an assignment computed again, for topics that changed.
    return updateMember(group, member, request, reply, "the leader " + member.memberId + " joins again");
  if (!isUnchanged)
    return updateMember(group, member, request, reply, member.memberId + " joins with another subscription");
  // It may not have got the answer before.
  reply->answer(currentGeneration(*group, member.memberId));
  return {};
}

JoinGroupResponse ClassicGroupManager::currentGeneration(const ClassicGroup& group, const std::string& memberId) const {
  JoinGroupResponse answer;
  if (group.isLeader(memberId)) answer.members = group.describeMembers();
  answer.memberId = memberId;
  answer.generationId = group.generation();
  answer.protocolName = group.protocolName();
  answer.protocolType = group.optionalProtocolType();
  answer.leader = group.leaderId();
  return answer;
}

CoordinatorResult ClassicGroupManager::addMember(const GroupPtr& group, const std::string& memberId,
                                                 const world::RequestHeader& header, const JoinGroupRequest& request,
                                                 const ReplyPtr& reply) {
  ClassicGroupMember member;
  member.memberId = memberId;
  member.groupInstanceId = request.groupInstanceId;
  member.clientId = header.clientId;
  member.clientHost = header.clientHost;
  member.rebalanceTimeout = std::chrono::milliseconds(request.rebalanceTimeoutMs);
  member.sessionTimeout = std::chrono::milliseconds(request.sessionTimeoutMs);
  member.supportedProtocols = request.protocols;
  member.isNew = true;
  if (group->isIn(ClassicGroupState::PreparingRebalance) && group->previousState() == ClassicGroupState::Empty)
    group->hasNewMember = true;
  m_trace.joined(*group, member);
  group->add(std::move(member), request.protocolType, reply);
  scheduleSession(*group, memberId, kNewMemberJoinTimeout);
  return rebalanceOrCompleteJoin(group, withClientReason(memberId + " joins", request));
}

CoordinatorResult ClassicGroupManager::updateMember(const GroupPtr& group, ClassicGroupMember& member,
                                                    const JoinGroupRequest& request, const ReplyPtr& reply,
                                                    const std::string& reason) {
  group->update(member, request, reply);
  return rebalanceOrCompleteJoin(group, withClientReason(reason, request));
}

// Static members (KIP-345).

CoordinatorResult ClassicGroupManager::replaceStaticMember(const GroupPtr& group, const std::string& newMemberId,
                                                           const JoinGroupRequest& request, const ReplyPtr& reply) {
  const std::string& instance = *request.groupInstanceId;
  ClassicGroupMember old = *group->find(*group->staticMemberId(instance));
  old.awaitingJoin = old.awaitingSync = nullptr;
  m_trace.left(*group, old, "replaced by " + newMemberId + " of the same group.instance.id");
  ClassicGroupMember& member = group->replaceStatic(instance, newMemberId);
  m_trace.joined(*group, member);
  // The old id's alarm rings for nobody.
  scheduleSession(*group, newMemberId, member.sessionTimeout);
  group->update(member, request, reply);
  const std::string comesBack =
      withClientReason("static member " + instance + " comes back as " + newMemberId, request);
  if (group->isIn(ClassicGroupState::Stable)) {
    if (group->protocolName() == group->selectProtocol())
      return persistReplacement(group, std::move(old), newMemberId, reply);
    return rebalanceOrCompleteJoin(group, comesBack + " and another assignor is chosen");
  }
  // The leader may be computing an assignment for the old id.
  if (group->isIn(ClassicGroupState::CompletingRebalance)) return prepareRebalance(group, comesBack);
  return completeJoinIfAllHave(group);
}

CoordinatorResult ClassicGroupManager::persistReplacement(const GroupPtr& group, ClassicGroupMember old,
                                                          const std::string& newMemberId, const ReplyPtr& reply) {
  std::map<std::string, base::SharedBytes> assignments;
  for (const auto& [id, member] : group->members()) assignments.emplace(id, member.assignment);
  CoordinatorResult result;
  result.records.push_back(groupMetadataRecord(group->id(), group->toRecord(assignments)));
  result.replaysRecords = false;
  const std::string leaderBefore = group->isLeader(newMemberId) ? old.memberId : group->leaderId();
  result.onCompleted = [this, group, old = std::move(old), newMemberId, leaderBefore, reply](ErrorCode error) {
    ClassicGroupMember* member = group->find(newMemberId);
    if (error == ErrorCode::NONE) {
      if (member == nullptr) return;
      JoinGroupResponse answer = currentGeneration(*group, newMemberId);
      if (reply->version() >= kFirstVersionWithSkipAssignment) {
        answer.skipAssignment = group->isLeader(newMemberId);
      } else {
        // Such a client would assign again as leader; it is told that the old id leads.
        answer.members.clear();
        answer.leader = leaderBefore;
      }
      return group->answerJoin(*member, std::move(answer));
    }
    if (member != nullptr && old.groupInstanceId) {
      member->awaitingJoin = nullptr;
      group->restoreStatic(*old.groupInstanceId, old);
      scheduleSession(*group, old.memberId, old.sessionTimeout);
    }
    JoinGroupResponse answer = currentGeneration(*group, "");
    answer.leader = leaderBefore;
    answer.errorCode = codeOf(operationError(error));
    reply->answer(std::move(answer));
  };
  return result;
}

}  // namespace streamscope::coordinator
