#include <algorithm>
#include <utility>

#include "group/classic_group_manager.h"
#include "group/group_records.h"
#include "operation_error.h"

// From the wish to rebalance to a generation whose members know each other.

namespace streamscope::coordinator {

using base::ErrorCode;

std::string sessionAlarm(const std::string& groupId, const std::string& memberId) {
  return "session-" + groupId + "-" + memberId;
}
std::string joinAlarm(const std::string& groupId) {
  return "join-" + groupId;
}
std::string syncAlarm(const std::string& groupId) {
  return "sync-" + groupId;
}

void ClassicGroupManager::transition(ClassicGroup& group, ClassicGroupState state, const std::string& reason) {
  const std::string_view before = group.stateName();
  group.transitionTo(state, now());
  m_trace.stateChanged(group, before, group.generation(), reason);
}

CoordinatorResult ClassicGroupManager::rebalanceOrCompleteJoin(const GroupPtr& group, const std::string& reason) {
  return group->canRebalance() ? prepareRebalance(group, reason) : completeJoinIfAllHave(group);
}

CoordinatorResult ClassicGroupManager::prepareRebalance(const GroupPtr& group, const std::string& reason) {
  // Whoever waits for an assignment joins again instead.
  if (group->isIn(ClassicGroupState::CompletingRebalance)) answerSyncs(*group, ErrorCode::REBALANCE_IN_PROGRESS);
  group->pendingSyncs().clear();
  m_context.timers.cancel(syncAlarm(group->id()));

  const bool isInitial = group->isEmpty();
  m_trace.rebalanceStarted(*group, reason);
  transition(*group, ClassicGroupState::PreparingRebalance, reason);
  if (!isInitial) return completeJoinElseWait(group);
  // More members are likely to come, as when an application starts.
  const base::Duration delay = m_context.config.group.initialRebalanceDelay;
  const base::Duration remaining = std::max(group->rebalanceTimeout() - delay, base::Duration::zero());
  m_context.timers.schedule(joinAlarm(group->id()), delay, [this, id = group->id(), delay, remaining] {
    return completeInitialJoinElseWait(id, delay, remaining);
  });
  return {};
}

CoordinatorResult ClassicGroupManager::completeInitialJoinElseWait(const std::string& groupId, base::Duration delay,
                                                                   base::Duration remaining) {
  const GroupPtr group = m_groups.findClassic(groupId);
  if (group == nullptr) return {};
  if (!group->hasNewMember || remaining == base::Duration::zero()) return completeJoin(group);
  group->hasNewMember = false;
  const base::Duration nextDelay = std::min(m_context.config.group.initialRebalanceDelay, remaining);
  const base::Duration nextRemaining = std::max(remaining - delay, base::Duration::zero());
  m_context.timers.schedule(joinAlarm(groupId), nextDelay, [this, groupId, nextDelay, nextRemaining] {
    return completeInitialJoinElseWait(groupId, nextDelay, nextRemaining);
  });
  return {};
}

CoordinatorResult ClassicGroupManager::completeJoinIfAllHave(const GroupPtr& group) {
  const bool isPreparing = group->isIn(ClassicGroupState::PreparingRebalance);
  const bool isInitial = group->previousState() == ClassicGroupState::Empty;
  return isPreparing && !isInitial && group->haveAllJoined() ? completeJoin(group) : CoordinatorResult();
}

CoordinatorResult ClassicGroupManager::completeJoinElseWait(const GroupPtr& group) {
  if (group->haveAllJoined()) return completeJoin(group);
  m_context.timers.schedule(joinAlarm(group->id()), group->rebalanceTimeout(), [this, id = group->id()] {
    const GroupPtr waited = m_groups.findClassic(id);
    return waited == nullptr ? CoordinatorResult() : completeJoin(waited);
  });
  return {};
}

CoordinatorResult ClassicGroupManager::completeJoin(const GroupPtr& group) {
  m_context.timers.cancel(joinAlarm(group->id()));
  if (!group->isIn(ClassicGroupState::PreparingRebalance)) return {};
  std::vector<std::string> late;
  for (const auto& [id, member] : group->members())
    if (!member.isAwaitingJoin() && !member.isStatic()) late.push_back(id);
  for (const std::string& id : late) {
    m_trace.left(*group, *group->find(id), "it did not join again within the rebalance timeout");
    group->remove(id);
    m_context.timers.cancel(sessionAlarm(group->id(), id));
  }
  if (!group->members().empty() && !group->electJoinedLeader()) {
    // Only static members are left and none has joined: until they do or their sessions end.
    m_context.timers.schedule(joinAlarm(group->id()), group->rebalanceTimeout(), [this, id = group->id()] {
      const GroupPtr waited = m_groups.findClassic(id);
      return waited == nullptr ? CoordinatorResult() : completeJoin(waited);
    });
    return {};
  }
  const std::string_view before = group->stateName();
  group->beginNextGeneration(now());
  m_trace.stateChanged(*group, before, group->generation(),
                       group->isEmpty() ? "all members have left" : "all members have joined");
  if (group->isEmpty()) return becomeEmpty(group);
  m_trace.rebalanceCompleted(*group);
  answerJoins(*group);
  m_context.timers.schedule(
      syncAlarm(group->id()), group->rebalanceTimeout(),
      [this, id = group->id(), generation = group->generation()] { return expirePendingSyncs(id, generation); });
  return {};
}

CoordinatorResult ClassicGroupManager::becomeEmpty(const GroupPtr& group) {
  CoordinatorResult result;
  result.records.push_back(groupMetadataRecord(group->id(), group->toRecord({})));
  result.replaysRecords = false;
  return result;
}

void ClassicGroupManager::answerJoins(ClassicGroup& group) {
  for (auto& [id, member] : group.members()) {
    group.answerJoin(member, currentGeneration(group, id));
    scheduleSession(group, id, member.sessionTimeout);
    member.isNew = false;
    group.pendingSyncs().insert(id);
  }
}

CoordinatorResult ClassicGroupManager::expirePendingSyncs(const std::string& groupId, int32_t generation) {
  const GroupPtr group = m_groups.findClassic(groupId);
  if (group == nullptr || group->generation() != generation || group->pendingSyncs().empty()) return {};
  if (!group->isIn(ClassicGroupState::CompletingRebalance) && !group->isIn(ClassicGroupState::Stable)) return {};
  const std::set<std::string> late = group->pendingSyncs();
  for (const std::string& id : late) {
    m_trace.left(*group, *group->find(id), "it did not ask for its assignment within the rebalance timeout");
    group->remove(id);
    m_context.timers.cancel(sessionAlarm(groupId, id));
  }
  return prepareRebalance(group, std::to_string(late.size()) + " members did not ask for their assignment");
}

}  // namespace streamscope::coordinator
