#include "group/classic_group.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/java_hash.h"
#include "group/group_records.h"
#include "protocol/consumer_protocol_codec.h"

namespace streamscope::coordinator {

using base::ErrorCode;

namespace {

base::Duration milliseconds(int32_t count) {
  return std::chrono::milliseconds(count);
}
int32_t countMilliseconds(base::Duration duration) {
  return static_cast<int32_t>(duration / std::chrono::milliseconds(1));
}

/// Where Java's HashMap of up to twelve entries has a key: decides between protocols with as many votes, as in Kafka.
uint32_t javaBucket(const std::string& key) {
  const auto hash = static_cast<uint32_t>(base::javaHashCode(key));
  return (hash ^ (hash >> 16U)) & 15U;
}

}  // namespace

const std::string& ClassicGroupMember::vote(const std::set<std::string>& candidates) const {
  const auto liked =
      std::ranges::find_if(supportedProtocols, [&](const auto& each) { return candidates.contains(each.name); });
  STREAMSCOPE_ASSERT(liked != supportedProtocols.end(), memberId);
  return liked->name;
}

ClassicGroup::ClassicGroup(std::string id, base::TimestampMs now) : Group(std::move(id)), m_stateSince(now) {}

ClassicGroup::ClassicGroup(std::string id, const protocol::GroupMetadataValue& value)
    : Group(std::move(id)),
      m_state(value.members.empty() ? ClassicGroupState::Empty : ClassicGroupState::Stable),
      m_protocolName(value.protocol),
      m_generation(value.generation),
      m_leaderId(value.leader.value_or("")) {
  if (value.currentStateTimestamp != -1) m_stateSince = value.currentStateTimestamp;
  if (!value.protocolType.empty()) m_protocolType = value.protocolType;
  for (const auto& record : value.members) {
    ClassicGroupMember member;
    member.memberId = record.memberId;
    member.groupInstanceId = record.groupInstanceId;
    member.clientId = record.clientId;
    member.clientHost = record.clientHost;
    member.sessionTimeout = milliseconds(record.sessionTimeout);
    member.rebalanceTimeout =
        record.rebalanceTimeout == -1 ? member.sessionTimeout : milliseconds(record.rebalanceTimeout);
    member.supportedProtocols.push_back({value.protocol.value_or(""), record.subscription});
    member.assignment = record.assignment;
    add(std::move(member), value.protocolType, nullptr);
  }
  noteSubscriptions();
}

// What may be asked of it.

ErrorCode ClassicGroup::validateOffsetCommit(const MemberIdentity& who, int16_t) const {
  if (isIn(ClassicGroupState::Dead)) return ErrorCode::COORDINATOR_NOT_AVAILABLE;
  if (who.generationOrEpoch < 0 && isEmpty()) return ErrorCode::NONE;
  if (who.generationOrEpoch >= 0 || !who.memberId.empty() || who.groupInstanceId) {
    const ErrorCode member = validateMember(who.memberId, who.groupInstanceId);
    if (member != ErrorCode::NONE) return member;
    if (who.generationOrEpoch != m_generation) return ErrorCode::ILLEGAL_GENERATION;
  } else {
    // Whoever is no member may commit only while there are none.
    return ErrorCode::UNKNOWN_MEMBER_ID;
  }
  return isIn(ClassicGroupState::CompletingRebalance) ? ErrorCode::REBALANCE_IN_PROGRESS : ErrorCode::NONE;
}

ErrorCode ClassicGroup::validateOffsetFetch(const std::string&, int32_t) const {
  return isIn(ClassicGroupState::Dead) ? ErrorCode::GROUP_ID_NOT_FOUND : ErrorCode::NONE;
}

ErrorCode ClassicGroup::validateOffsetDelete() const {
  if (isIn(ClassicGroupState::Dead)) return ErrorCode::GROUP_ID_NOT_FOUND;
  return isEmpty() || isOfConsumers() ? ErrorCode::NONE : ErrorCode::NON_EMPTY_GROUP;
}

ErrorCode ClassicGroup::validateDelete() const {
  if (isIn(ClassicGroupState::Dead)) return ErrorCode::GROUP_ID_NOT_FOUND;
  return isEmpty() ? ErrorCode::NONE : ErrorCode::NON_EMPTY_GROUP;
}

bool ClassicGroup::isSubscribedTo(const std::string& topic) const {
  return m_subscribedTopics ? m_subscribedTopics->contains(topic) : isOfConsumers();
}

std::optional<base::TimestampMs> ClassicGroup::retentionStart(const OffsetAndMetadata& committed) const {
  if (!m_protocolType) return committed.commitTimestamp;
  if (isEmpty()) return m_stateSince.value_or(committed.commitTimestamp);
  if (isOfConsumers() && m_subscribedTopics && isIn(ClassicGroupState::Stable)) return committed.commitTimestamp;
  return std::nullopt;
}

void ClassicGroup::appendTombstones(std::vector<CoordinatorRecord>& records) const {
  records.push_back(groupMetadataTombstone(id()));
}

GroupView ClassicGroup::view() const {
  GroupView view;
  view.id = id();
  view.type = nameOf(type());
  view.state = stateName();
  view.protocolType = protocolType();
  view.protocol = m_protocolName.value_or("");
  view.generation = m_generation;
  for (const auto& [memberId, member] : m_members) {
    GroupMemberView& one = view.members.emplace_back();
    one.memberId = memberId;
    one.groupInstanceId = member.groupInstanceId.value_or("");
    one.clientId = member.clientId;
    one.clientHost = member.clientHost;
    one.isLeader = isLeader(memberId);
    if (!isOfConsumers() || !m_protocolName) continue;
    if (const auto subscription = protocol::decodeSubscription(member.metadata(*m_protocolName)))
      one.subscribedTopics = subscription->topics;
    if (const auto assignment = protocol::decodeAssignment(member.assignment))
      for (const auto& topic : assignment->assignedPartitions)
        for (const int32_t partition : topic.partitions) one.assignment.push_back({topic.topic, partition});
    std::ranges::sort(one.assignment);
  }
  return view;
}

// State and generation.

void ClassicGroup::transitionTo(ClassicGroupState state, base::TimestampMs now) {
  STREAMSCOPE_ASSERT(mayFollow(m_state, state), std::string(nameOf(m_state)) + " -> " + std::string(nameOf(state)));
  m_previousState = std::exchange(m_state, state);
  m_stateSince = now;
}

void ClassicGroup::beginNextGeneration(base::TimestampMs now) {
  ++m_generation;
  m_pendingSyncs.clear();
  if (m_members.empty()) {
    m_protocolName.reset();
    noteSubscriptions();
    return transitionTo(ClassicGroupState::Empty, now);
  }
  m_protocolName = selectProtocol();
  noteSubscriptions();
  transitionTo(ClassicGroupState::CompletingRebalance, now);
}

bool ClassicGroup::isOfConsumers() const {
  return m_protocolType == protocol::kConsumerProtocolType;
}

void ClassicGroup::noteSubscriptions() {
  m_subscribedTopics.reset();
  if (!isOfConsumers()) return;
  std::set<std::string> topics;
  for (const auto& [id, member] : m_members) {
    if (!m_protocolName) return;
    const auto subscription = protocol::decodeSubscription(member.metadata(*m_protocolName));
    if (!subscription) return;
    topics.insert(subscription->topics.begin(), subscription->topics.end());
  }
  m_subscribedTopics = std::move(topics);
}

// Members.

ClassicGroupMember* ClassicGroup::find(const std::string& memberId) {
  const auto found = m_members.find(memberId);
  return found == m_members.end() ? nullptr : &found->second;
}

void ClassicGroup::add(ClassicGroupMember member, const std::string& protocolType, ReplyPtr reply) {
  if (m_members.empty()) m_protocolType = protocolType;
  const std::string memberId = member.memberId;
  if (member.groupInstanceId) m_staticMembers.insert_or_assign(*member.groupInstanceId, memberId);
  if (m_leaderId.empty()) m_leaderId = memberId;
  m_pendingJoins.erase(memberId);
  member.awaitingJoin = std::move(reply);
  m_members.insert_or_assign(memberId, std::move(member));
}

void ClassicGroup::update(ClassicGroupMember& member, const protocol::JoinGroupRequest& request, ReplyPtr reply) {
  member.supportedProtocols = request.protocols;
  member.rebalanceTimeout = milliseconds(request.rebalanceTimeoutMs);
  member.sessionTimeout = milliseconds(request.sessionTimeoutMs);
  member.awaitingJoin = std::move(reply);
}

void ClassicGroup::remove(const std::string& memberId) {
  auto removed = m_members.extract(memberId);
  if (!removed.empty() && removed.mapped().groupInstanceId) m_staticMembers.erase(*removed.mapped().groupInstanceId);
  if (isLeader(memberId)) m_leaderId = m_members.empty() ? std::string() : m_members.begin()->first;
  m_pendingJoins.erase(memberId);
  m_pendingSyncs.erase(memberId);
}

ClassicGroupMember& ClassicGroup::replaceStatic(const std::string& groupInstanceId, const std::string& newMemberId) {
  std::string& current = m_staticMembers.at(groupInstanceId);
  const std::string oldMemberId = std::exchange(current, newMemberId);
  auto taken = m_members.extract(oldMemberId);
  STREAMSCOPE_ASSERT(!taken.empty(), oldMemberId);
  ClassicGroupMember member = std::move(taken.mapped());
  protocol::JoinGroupResponse join;
  join.memberId = oldMemberId;
  join.errorCode = static_cast<int16_t>(ErrorCode::FENCED_INSTANCE_ID);
  answerJoin(member, std::move(join));
  protocol::SyncGroupResponse sync;
  sync.errorCode = static_cast<int16_t>(ErrorCode::FENCED_INSTANCE_ID);
  answerSync(member, std::move(sync));
  member.memberId = newMemberId;
  member.isNew = false;
  if (isLeader(oldMemberId)) m_leaderId = newMemberId;
  return m_members.insert_or_assign(newMemberId, std::move(member)).first->second;
}

void ClassicGroup::restoreStatic(const std::string& groupInstanceId, ClassicGroupMember old) {
  const std::string newMemberId = std::exchange(m_staticMembers.at(groupInstanceId), old.memberId);
  m_members.erase(newMemberId);
  if (isLeader(newMemberId)) m_leaderId = old.memberId;
  const std::string oldMemberId = old.memberId;
  m_members.insert_or_assign(oldMemberId, std::move(old));
}

std::optional<std::string> ClassicGroup::staticMemberId(const std::string& groupInstanceId) const {
  const auto found = m_staticMembers.find(groupInstanceId);
  return found == m_staticMembers.end() ? std::nullopt : std::optional(found->second);
}

ErrorCode ClassicGroup::validateMember(const std::string& memberId,
                                       const std::optional<std::string>& groupInstanceId) const {
  if (groupInstanceId) {
    const auto current = staticMemberId(*groupInstanceId);
    if (!current) return ErrorCode::UNKNOWN_MEMBER_ID;
    if (*current != memberId) return ErrorCode::FENCED_INSTANCE_ID;
  }
  return has(memberId) ? ErrorCode::NONE : ErrorCode::UNKNOWN_MEMBER_ID;
}

base::Duration ClassicGroup::rebalanceTimeout() const {
  base::Duration longest{0};
  for (const auto& [id, member] : m_members) longest = std::max(longest, member.rebalanceTimeout);
  return longest;
}

// Who is expected.

size_t ClassicGroup::awaitingJoins() const {
  return static_cast<size_t>(
      std::ranges::count_if(m_members, [](const auto& each) { return each.second.isAwaitingJoin(); }));
}

bool ClassicGroup::electJoinedLeader() {
  if (m_leaderId.empty()) return false;
  const ClassicGroupMember* leader = find(m_leaderId);
  if (leader != nullptr && leader->isAwaitingJoin()) return true;
  for (const auto& [id, member] : m_members) {
    if (!member.isAwaitingJoin()) continue;
    m_leaderId = id;
    return true;
  }
  return false;
}

// Protocols.

bool ClassicGroup::supports(const std::string& protocolType, const std::vector<ClassicProtocol>& protocols) const {
  if (isEmpty()) return !protocolType.empty() && !protocols.empty();
  if (m_protocolType != protocolType) return false;
  return std::ranges::any_of(protocols, [this](const ClassicProtocol& protocol) {
    return std::ranges::all_of(m_members, [&](const auto& each) { return each.second.supports(protocol.name); });
  });
}

std::set<std::string> ClassicGroup::candidateProtocols() const {
  std::set<std::string> candidates;
  for (const ClassicProtocol& protocol : m_members.begin()->second.supportedProtocols)
    if (std::ranges::all_of(m_members, [&](const auto& each) { return each.second.supports(protocol.name); }))
      candidates.insert(protocol.name);
  return candidates;
}

std::string ClassicGroup::selectProtocol() const {
  STREAMSCOPE_ASSERT(!m_members.empty(), id());
  const std::set<std::string> candidates = candidateProtocols();
  std::map<std::string, int> votes;
  for (const auto& [memberId, member] : m_members) ++votes[member.vote(candidates)];
  const auto isBehind = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second < b.second : javaBucket(a.first) > javaBucket(b.first);
  };
  return std::max_element(votes.begin(), votes.end(), isBehind)->first;
}

// Answers.

void ClassicGroup::answerJoin(ClassicGroupMember& member, protocol::JoinGroupResponse answer) {
  if (const ReplyPtr reply = std::exchange(member.awaitingJoin, nullptr)) reply->answer(std::move(answer));
}

bool ClassicGroup::answerSync(ClassicGroupMember& member, protocol::SyncGroupResponse answer) {
  const ReplyPtr reply = std::exchange(member.awaitingSync, nullptr);
  if (reply == nullptr) return false;
  reply->answer(std::move(answer));
  return true;
}

std::vector<protocol::JoinGroupResponse::JoinGroupResponseMember> ClassicGroup::describeMembers() const {
  std::vector<protocol::JoinGroupResponse::JoinGroupResponseMember> described;
  for (const auto& [memberId, member] : m_members)
    described.push_back({memberId, member.groupInstanceId, member.metadata(m_protocolName.value_or(""))});
  return described;
}

protocol::GroupMetadataValue ClassicGroup::toRecord(const std::map<std::string, base::SharedBytes>& assignments) const {
  protocol::GroupMetadataValue value;
  value.protocolType = protocolType();
  value.generation = m_generation;
  value.protocol = m_protocolName;
  if (!m_leaderId.empty()) value.leader = m_leaderId;
  value.currentStateTimestamp = m_stateSince.value_or(-1);
  for (const auto& [memberId, member] : m_members) {
    const auto assignment = assignments.find(memberId);
    value.members.push_back({memberId, member.groupInstanceId, member.clientId, member.clientHost,
                             countMilliseconds(member.rebalanceTimeout), countMilliseconds(member.sessionTimeout),
                             member.metadata(m_protocolName.value_or("")),
                             assignment == assignments.end() ? base::SharedBytes() : assignment->second});
  }
  return value;
}

}  // namespace streamscope::coordinator
