#include <utility>

#include "group/classic_group_manager.h"
#include "group/group_records.h"
#include "group_requests.h"
#include "operation_error.h"

// SyncGroup, Heartbeat, LeaveGroup and the ends of sessions.

namespace streamscope::coordinator {

using base::ErrorCode;

// SyncGroup.

namespace {

protocol::SyncGroupResponse syncRefusal(ErrorCode error) {
  protocol::SyncGroupResponse answer;
  answer.errorCode = codeOf(error);
  return answer;
}

bool contradicts(const std::optional<std::string>& asked, const std::optional<std::string>& present) {
  return asked && present && *asked != *present;
}

}  // namespace

ErrorCode ClassicGroupManager::validateSync(const ClassicGroup& group,
                                            const protocol::SyncGroupRequest& request) const {
  // The member finds the coordinator again.
  if (group.isIn(ClassicGroupState::Dead)) return ErrorCode::COORDINATOR_NOT_AVAILABLE;
  const ErrorCode member = group.validateMember(request.memberId, request.groupInstanceId);
  if (member != ErrorCode::NONE) return member;
  if (request.generationId != group.generation()) return ErrorCode::ILLEGAL_GENERATION;
  if (contradicts(request.protocolType, group.optionalProtocolType()) ||
      contradicts(request.protocolName, group.protocolName()))
    return ErrorCode::INCONSISTENT_GROUP_PROTOCOL;
  return ErrorCode::NONE;
}

CoordinatorResult ClassicGroupManager::sync(const protocol::SyncGroupRequest& request, const ReplyPtr& reply) {
  const auto refuse = [&reply](ErrorCode error) {
    reply->answer(syncRefusal(error));
    return CoordinatorResult();
  };
  const GroupPtr group = m_groups.findClassic(request.groupId);
  if (group == nullptr || group->isEmpty()) return refuse(ErrorCode::UNKNOWN_MEMBER_ID);
  const ErrorCode error = validateSync(*group, request);
  if (error != ErrorCode::NONE) return refuse(error);
  if (group->isIn(ClassicGroupState::PreparingRebalance)) return refuse(ErrorCode::REBALANCE_IN_PROGRESS);
  ClassicGroupMember& member = *group->find(request.memberId);
  group->pendingSyncs().erase(request.memberId);
  if (group->isIn(ClassicGroupState::CompletingRebalance)) {
    member.awaitingSync = reply;
    return group->isLeader(request.memberId) ? syncAsLeader(group, request) : CoordinatorResult();
  }
  protocol::SyncGroupResponse answer;
  answer.protocolType = group->optionalProtocolType();
  answer.protocolName = group->protocolName();
  answer.assignment = member.assignment;
  reply->answer(std::move(answer));
  return {};
}

CoordinatorResult ClassicGroupManager::syncAsLeader(const GroupPtr& group, const protocol::SyncGroupRequest& request) {
  std::map<std::string, base::SharedBytes> assignments;
  for (const auto& assignment : request.assignments)
    assignments.insert_or_assign(assignment.memberId, assignment.assignment);
  CoordinatorResult result;
  result.records.push_back(groupMetadataRecord(group->id(), group->toRecord(assignments)));
  result.replaysRecords = false;
  result.onCompleted = [this, group, generation = request.generationId, assignments](ErrorCode error) {
    // Meanwhile the next rebalance may have begun; its members have been told.
    if (!group->isIn(ClassicGroupState::CompletingRebalance) || group->generation() != generation) return;
    if (error != ErrorCode::NONE) {
      answerSyncs(*group, operationError(error));
      prepareRebalance(group, "the assignment could not be written: " + std::string(base::errorName(error)));
      return;
    }
    setAssignments(*group, assignments);
    answerSyncs(*group, ErrorCode::NONE);
    transition(*group, ClassicGroupState::Stable, "the leader's assignment is written");
    m_trace.assigned(*group);
  };
  return result;
}

void ClassicGroupManager::setAssignments(ClassicGroup& group,
                                         const std::map<std::string, base::SharedBytes>& assignments) {
  for (auto& [id, member] : group.members()) {
    const auto assignment = assignments.find(id);
    member.assignment = assignment == assignments.end() ? base::SharedBytes() : assignment->second;
  }
}

void ClassicGroupManager::answerSyncs(ClassicGroup& group, ErrorCode error) {
  for (auto& [id, member] : group.members()) {
    if (error != ErrorCode::NONE) member.assignment = {};
    protocol::SyncGroupResponse answer = syncRefusal(error);
    if (error == ErrorCode::NONE) {
      answer.protocolType = group.optionalProtocolType();
      answer.protocolName = group.protocolName();
    }
    answer.assignment = member.assignment;
    // A session that ended while it waited was not acted upon, so that it needs a new end.
    if (group.answerSync(member, std::move(answer))) scheduleSession(group, id, member.sessionTimeout);
  }
}

// Heartbeat.

CoordinatorResult ClassicGroupManager::heartbeat(const protocol::HeartbeatRequest& request, const ReplyPtr& reply) {
  const GroupPtr group = m_groups.findClassic(request.groupId);
  ErrorCode error = ErrorCode::NONE;
  if (group == nullptr) {
    error = ErrorCode::UNKNOWN_MEMBER_ID;
  } else if (group->isIn(ClassicGroupState::Dead)) {
    error = ErrorCode::COORDINATOR_NOT_AVAILABLE;
  } else {
    error = group->validateMember(request.memberId, request.groupInstanceId);
    if (error == ErrorCode::NONE && request.generationId != group->generation()) error = ErrorCode::ILLEGAL_GENERATION;
    if (error == ErrorCode::NONE) {
      scheduleSession(*group, request.memberId, group->find(request.memberId)->sessionTimeout);
      if (group->isIn(ClassicGroupState::PreparingRebalance)) error = ErrorCode::REBALANCE_IN_PROGRESS;
    }
  }
  CoordinatorResult result;
  result.onCompleted = [reply, error](ErrorCode failure) {
    protocol::HeartbeatResponse answer;
    answer.errorCode = codeOf(failure == ErrorCode::NONE ? error : operationError(failure));
    reply->answer(answer);
  };
  return result;
}

// LeaveGroup.

CoordinatorResult ClassicGroupManager::leave(const protocol::LeaveGroupRequest& request, const ReplyPtr& reply) {
  protocol::LeaveGroupResponse answer;
  const GroupPtr group = m_groups.findClassic(request.groupId);
  std::vector<std::string> left;
  if (group != nullptr && group->isIn(ClassicGroupState::Dead)) {
    answer.errorCode = codeOf(ErrorCode::COORDINATOR_NOT_AVAILABLE);
  } else {
    for (const auto& member : request.members) {
      const ErrorCode error = group == nullptr ? ErrorCode::UNKNOWN_MEMBER_ID : removeLeaving(group, member);
      answer.members.push_back({member.memberId, member.groupInstanceId, codeOf(error)});
      if (error == ErrorCode::NONE) left.push_back(member.groupInstanceId.value_or(member.memberId));
    }
  }
  CoordinatorResult result;
  if (!left.empty()) {
    const std::string reason = left.front() + (left.size() > 1 ? " and others left" : " left");
    result = group->isIn(ClassicGroupState::PreparingRebalance) ? completeJoinIfAllHave(group)
             : group->isEmpty()                                 ? CoordinatorResult()
                                                                : rebalanceOrCompleteJoin(group, reason);
  }
  result.onCompleted = [reply, answer = std::move(answer)](ErrorCode failure) mutable {
    if (failure != ErrorCode::NONE) {
      answer.members.clear();
      answer.errorCode = codeOf(operationError(failure));
    }
    tellOnlyMember(answer, reply->version());
    reply->answer(std::move(answer));
  };
  return result;
}

ErrorCode ClassicGroupManager::removeLeaving(const GroupPtr& group,
                                             const protocol::LeaveGroupRequest::MemberIdentity& member) {
  std::string memberId = member.memberId;
  if (memberId.empty()) {
    // An administrator removes a static member by its instance id.
    const auto known = member.groupInstanceId ? group->staticMemberId(*member.groupInstanceId) : std::nullopt;
    if (!known) return ErrorCode::UNKNOWN_MEMBER_ID;
    memberId = *known;
  } else if (group->isPendingJoin(memberId)) {
    group->remove(memberId);
    m_context.timers.cancel(sessionAlarm(group->id(), memberId));
    return ErrorCode::NONE;
  } else {
    const ErrorCode error = group->validateMember(memberId, member.groupInstanceId);
    if (error != ErrorCode::NONE) return error;
  }
  m_context.timers.cancel(sessionAlarm(group->id(), memberId));
  ClassicGroupMember& leaving = *group->find(memberId);
  m_trace.left(*group, leaving, "it asked to" + (member.reason ? " (" + *member.reason + ")" : std::string()));
  protocol::JoinGroupResponse parked;
  parked.errorCode = codeOf(ErrorCode::UNKNOWN_MEMBER_ID);
  group->answerJoin(leaving, std::move(parked));
  group->remove(memberId);
  return ErrorCode::NONE;
}

// Sessions.

void ClassicGroupManager::scheduleSession(const ClassicGroup& group, const std::string& memberId,
                                          base::Duration timeout) {
  m_context.timers.schedule(sessionAlarm(group.id(), memberId), timeout,
                            [this, groupId = group.id(), memberId] { return expireSession(groupId, memberId); });
}

void ClassicGroupManager::keepSession(ClassicGroup& group, const std::string& memberId) {
  const bool isLive = group.isIn(ClassicGroupState::Stable) || group.isIn(ClassicGroupState::PreparingRebalance);
  if (const ClassicGroupMember* member = group.find(memberId); member != nullptr && isLive)
    scheduleSession(group, memberId, member->sessionTimeout);
}

CoordinatorResult ClassicGroupManager::expireSession(const std::string& groupId, const std::string& memberId) {
  const GroupPtr group = m_groups.findClassic(groupId);
  if (group == nullptr || group->isIn(ClassicGroupState::Dead)) return {};
  if (group->isPendingJoin(memberId)) {
    group->remove(memberId);
    return group->isIn(ClassicGroupState::PreparingRebalance) && group->haveAllJoined() ? completeJoin(group)
                                                                                        : CoordinatorResult();
  }
  const ClassicGroupMember* member = group->find(memberId);
  if (member == nullptr || member->hasSatisfiedHeartbeat()) return {};
  return removeMember(group, memberId, "its session timed out");
}

CoordinatorResult ClassicGroupManager::removeMember(const GroupPtr& group, const std::string& memberId,
                                                    const std::string& reason) {
  ClassicGroupMember& member = *group->find(memberId);
  m_trace.left(*group, member, reason);
  // A new member that still waits tries again.
  protocol::JoinGroupResponse parked;
  parked.errorCode = codeOf(ErrorCode::UNKNOWN_MEMBER_ID);
  group->answerJoin(member, std::move(parked));
  group->remove(memberId);
  if (group->isIn(ClassicGroupState::Stable) || group->isIn(ClassicGroupState::CompletingRebalance))
    return prepareRebalance(group, memberId + ": " + reason);
  return group->isIn(ClassicGroupState::PreparingRebalance) && group->haveAllJoined() ? completeJoin(group)
                                                                                      : CoordinatorResult();
}

// The shard.

void ClassicGroupManager::onLoaded(ClassicGroup& group) {
  for (const auto& [id, member] : group.members()) scheduleSession(group, id, member.sessionTimeout);
}

void ClassicGroupManager::onUnloaded(ClassicGroup& group) {
  group.transitionTo(ClassicGroupState::Dead, now());
  protocol::JoinGroupResponse join;
  join.errorCode = codeOf(ErrorCode::NOT_COORDINATOR);
  for (auto& [id, member] : group.members()) {
    join.memberId = id;
    group.answerJoin(member, join);
    group.answerSync(member, syncRefusal(ErrorCode::NOT_COORDINATOR));
  }
}

}  // namespace streamscope::coordinator
