#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "group/classic_group_member.h"
#include "group/classic_group_state.h"
#include "group/group.h"
#include "protocol/classic_group_records.h"

namespace streamscope::coordinator {

/// A group whose members give themselves their partitions: one of them, the leader, computes the assignment, the
/// coordinator hands it out (Kafka: ClassicGroup). Holds members and state and keeps them consistent; what happens when
/// is ClassicGroupManager's business. A simple group has no protocol type: it has only committed offsets.
class ClassicGroup : public Group {
 public:
  /// A new one, empty.
  ClassicGroup(std::string id, base::TimestampMs now);
  /// As its record has it.
  ClassicGroup(std::string id, const protocol::GroupMetadataValue& value);

  GroupType type() const override { return GroupType::Classic; }
  std::string_view stateName() const override { return nameOf(m_state); }
  std::string protocolType() const override { return m_protocolType.value_or(""); }
  bool isEmpty() const override { return isIn(ClassicGroupState::Empty); }
  base::ErrorCode validateOffsetCommit(const MemberIdentity& who, int16_t version) const override;
  base::ErrorCode validateOffsetFetch(const std::string&, int32_t) const override;
  base::ErrorCode validateOffsetDelete() const override;
  base::ErrorCode validateDelete() const override;
  bool isSubscribedTo(const std::string& topic) const override;
  std::optional<base::TimestampMs> retentionStart(const OffsetAndMetadata& committed) const override;
  void appendTombstones(std::vector<CoordinatorRecord>& records) const override;
  GroupView view() const override;

  // State and generation.

  ClassicGroupState state() const { return m_state; }
  bool isIn(ClassicGroupState state) const { return m_state == state; }
  ClassicGroupState previousState() const { return m_previousState; }
  void transitionTo(ClassicGroupState state, base::TimestampMs now);
  /// A member may set off a rebalance now.
  bool canRebalance() const { return mayFollow(m_state, ClassicGroupState::PreparingRebalance); }
  int32_t generation() const { return m_generation; }
  /// The next one, with those who have joined: chooses the assignor, or the group is empty now.
  void beginNextGeneration(base::TimestampMs now);
  bool isSimple() const { return !m_protocolType && isEmpty() && m_pendingJoins.empty(); }
  bool isOfConsumers() const;
  const std::optional<std::string>& optionalProtocolType() const { return m_protocolType; }
  const std::optional<std::string>& protocolName() const { return m_protocolName; }
  /// Of the initial rebalance: somebody joined since it was last looked at.
  bool hasNewMember = false;

  // Members, in the order of their ids.

  const std::map<std::string, ClassicGroupMember>& members() const { return m_members; }
  std::map<std::string, ClassicGroupMember>& members() { return m_members; }
  ClassicGroupMember* find(const std::string& memberId);
  bool has(const std::string& memberId) const { return m_members.contains(memberId); }
  const std::string& leaderId() const { return m_leaderId; }
  bool isLeader(const std::string& memberId) const { return !memberId.empty() && m_leaderId == memberId; }
  /// The first decides what the members are; whoever comes while nobody leads, leads. `reply`, if any, waits for the
  /// next generation.
  void add(ClassicGroupMember member, const std::string& protocolType, ReplyPtr reply);
  void update(ClassicGroupMember& member, const protocol::JoinGroupRequest& request, ReplyPtr reply);
  /// A member, or somebody who was to become one. Another member leads if it was the leader.
  void remove(const std::string& memberId);
  /// A static member came back under another id: its old requests are fenced.
  ClassicGroupMember& replaceStatic(const std::string& groupInstanceId, const std::string& newMemberId);
  /// Undoes it.
  void restoreStatic(const std::string& groupInstanceId, ClassicGroupMember old);
  std::optional<std::string> staticMemberId(const std::string& groupInstanceId) const;
  /// NONE, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID.
  base::ErrorCode validateMember(const std::string& memberId, const std::optional<std::string>& groupInstanceId) const;
  base::Duration rebalanceTimeout() const;

  // Who is expected.

  bool isPendingJoin(const std::string& memberId) const { return m_pendingJoins.contains(memberId); }
  void addPendingJoin(const std::string& memberId) { m_pendingJoins.insert(memberId); }
  size_t awaitingJoins() const;
  bool haveAllJoined() const { return awaitingJoins() == m_members.size() && m_pendingJoins.empty(); }
  /// The leader stays if it has joined, else somebody who has; false when nobody has.
  bool electJoinedLeader();
  std::set<std::string>& pendingSyncs() { return m_pendingSyncs; }

  // Protocols.

  /// At least one of them is supported by every member, or the group is empty and they are some.
  bool supports(const std::string& protocolType, const std::vector<ClassicProtocol>& protocols) const;
  /// That most members like best among those that all support.
  std::string selectProtocol() const;

  // Answers.

  void answerJoin(ClassicGroupMember& member, protocol::JoinGroupResponse answer);
  /// False when the member does not wait.
  bool answerSync(ClassicGroupMember& member, protocol::SyncGroupResponse answer);
  /// What the leader is told of everybody.
  std::vector<protocol::JoinGroupResponse::JoinGroupResponseMember> describeMembers() const;

  /// What is written down, with these assignments.
  protocol::GroupMetadataValue toRecord(const std::map<std::string, base::SharedBytes>& assignments) const;

 private:
  void noteSubscriptions();
  std::set<std::string> candidateProtocols() const;

  ClassicGroupState m_state = ClassicGroupState::Empty;
  ClassicGroupState m_previousState = ClassicGroupState::Dead;
  std::optional<base::TimestampMs> m_stateSince;
  std::optional<std::string> m_protocolType;
  std::optional<std::string> m_protocolName;
  int32_t m_generation = 0;
  /// Empty: nobody.
  std::string m_leaderId;
  std::map<std::string, ClassicGroupMember> m_members;
  std::map<std::string, std::string> m_staticMembers;
  /// Got a member id and are to come back with it.
  std::set<std::string> m_pendingJoins;
  /// In this generation and have not asked for their assignment yet.
  std::set<std::string> m_pendingSyncs;
  /// None when the members are no consumers, or what they subscribe to cannot be read.
  std::optional<std::set<std::string>> m_subscribedTopics;
};

}  // namespace streamscope::coordinator
