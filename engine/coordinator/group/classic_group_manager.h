#pragma once

#include <memory>
#include <string>

#include "coordinator_runtime.h"
#include "group/group_store.h"
#include "group/group_trace.h"
#include "protocol/messages/heartbeat.h"
#include "protocol/messages/join_group.h"
#include "protocol/messages/leave_group.h"
#include "protocol/messages/sync_group.h"

namespace streamscope::coordinator {

/// What happens to classic groups: members join, get their assignment, are heard of, leave and expire; and the
/// rebalances between (Kafka: the classic half of GroupMetadataManager). What the record of a group says is changed
/// here directly, so that requests can wait for each other; the log only keeps what each generation came to.
class ClassicGroupManager {
 public:
  ClassicGroupManager(const ShardContext& context, GroupStore& groups);

  // Requests; `reply` is answered when the request's fate is known (classic_group_join.cpp, classic_group_members.cpp).

  CoordinatorResult join(const world::RequestHeader& header, const protocol::JoinGroupRequest& request,
                         const ReplyPtr& reply);
  CoordinatorResult sync(const protocol::SyncGroupRequest& request, const ReplyPtr& reply);
  CoordinatorResult heartbeat(const protocol::HeartbeatRequest& request, const ReplyPtr& reply);
  /// Of several members, as versions before 3 of the request are turned into.
  CoordinatorResult leave(const protocol::LeaveGroupRequest& request, const ReplyPtr& reply);

  // The shard.

  /// The group was loaded: its members have a whole session from now on.
  void onLoaded(ClassicGroup& group);
  /// Another broker coordinates it: whoever waits is told so.
  void onUnloaded(ClassicGroup& group);
  /// A sign of life.
  void keepSession(ClassicGroup& group, const std::string& memberId);

 private:
  using GroupPtr = std::shared_ptr<ClassicGroup>;

  // Joining (classic_group_join.cpp).
  bool acceptsJoin(ClassicGroup& group, const std::string& memberId) const;
  CoordinatorResult joinAsNew(const GroupPtr& group, const world::RequestHeader& header,
                              const protocol::JoinGroupRequest& request, const ReplyPtr& reply);
  CoordinatorResult joinAsKnown(const GroupPtr& group, const world::RequestHeader& header,
                                const protocol::JoinGroupRequest& request, const ReplyPtr& reply);
  CoordinatorResult rejoin(const GroupPtr& group, ClassicGroupMember& member, const protocol::JoinGroupRequest& request,
                           const ReplyPtr& reply);
  CoordinatorResult addMember(const GroupPtr& group, const std::string& memberId, const world::RequestHeader& header,
                              const protocol::JoinGroupRequest& request, const ReplyPtr& reply);
  CoordinatorResult updateMember(const GroupPtr& group, ClassicGroupMember& member,
                                 const protocol::JoinGroupRequest& request, const ReplyPtr& reply,
                                 const std::string& reason);
  CoordinatorResult replaceStaticMember(const GroupPtr& group, const std::string& newMemberId,
                                        const protocol::JoinGroupRequest& request, const ReplyPtr& reply);
  /// The group goes on in its generation with the static member's new id.
  CoordinatorResult persistReplacement(const GroupPtr& group, ClassicGroupMember old, const std::string& newMemberId,
                                       const ReplyPtr& reply);
  CoordinatorResult writeNewGroup(const GroupPtr& group, const ReplyPtr& reply);
  /// The present generation, as this member has to see it.
  protocol::JoinGroupResponse currentGeneration(const ClassicGroup& group, const std::string& memberId) const;

  // Rebalances (classic_group_rebalance.cpp).
  CoordinatorResult rebalanceOrCompleteJoin(const GroupPtr& group, const std::string& reason);
  CoordinatorResult prepareRebalance(const GroupPtr& group, const std::string& reason);
  CoordinatorResult completeJoinIfAllHave(const GroupPtr& group);
  CoordinatorResult completeJoinElseWait(const GroupPtr& group);
  CoordinatorResult completeInitialJoinElseWait(const std::string& groupId, base::Duration delay,
                                                base::Duration remaining);
  CoordinatorResult completeJoin(const GroupPtr& group);
  CoordinatorResult becomeEmpty(const GroupPtr& group);
  void answerJoins(ClassicGroup& group);
  CoordinatorResult expirePendingSyncs(const std::string& groupId, int32_t generation);
  void transition(ClassicGroup& group, ClassicGroupState state, const std::string& reason);

  // Members (classic_group_members.cpp).
  base::ErrorCode validateSync(const ClassicGroup& group, const protocol::SyncGroupRequest& request) const;
  CoordinatorResult syncAsLeader(const GroupPtr& group, const protocol::SyncGroupRequest& request);
  void setAssignments(ClassicGroup& group, const std::map<std::string, base::SharedBytes>& assignments);
  /// Ends all SyncGroups that wait; with an error nobody gets an assignment.
  void answerSyncs(ClassicGroup& group, base::ErrorCode error);
  base::ErrorCode removeLeaving(const GroupPtr& group, const protocol::LeaveGroupRequest::MemberIdentity& member);
  CoordinatorResult removeMember(const GroupPtr& group, const std::string& memberId, const std::string& reason);
  CoordinatorResult expireSession(const std::string& groupId, const std::string& memberId);
  void scheduleSession(const ClassicGroup& group, const std::string& memberId, base::Duration timeout);

  base::TimestampMs now() const { return m_context.node.clock.wallClockMs(); }

  const ShardContext m_context;
  GroupStore& m_groups;
  GroupTrace m_trace;
};

// Names of the alarms.
std::string sessionAlarm(const std::string& groupId, const std::string& memberId);
std::string joinAlarm(const std::string& groupId);
std::string syncAlarm(const std::string& groupId);

}  // namespace streamscope::coordinator
