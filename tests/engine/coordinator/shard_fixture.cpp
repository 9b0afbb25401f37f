#include "shard_fixture.h"

#include <algorithm>

#include "base/assert.h"

namespace streamscope::coordinator {

using base::ErrorCode;

namespace {

constexpr const char* kTopic = "orders";

void makeShard(ShardFixture& fixture, std::unique_ptr<CoordinatorTimers>& timers,
               std::unique_ptr<GroupCoordinatorShard>& shard) {
  timers = std::make_unique<CoordinatorTimers>(
      fixture.node.timers, fixture.node.clock,
      [&fixture](const CoordinatorTimers::Operation& operation) { fixture.run(operation()); });
  shard = std::make_unique<GroupCoordinatorShard>(
      ShardContext{fixture.node.context, fixture.config, fixture.image, *timers, {"__consumer_offsets", 0}});
}

}  // namespace

ShardFixture::ShardFixture() {
  makeShard(*this, m_timers, m_shard);
  m_shard->onLoaded();
}

void ShardFixture::run(CoordinatorResult result) {
  const ErrorCode outcome = std::exchange(nextWrite, ErrorCode::NONE);
  if (outcome == ErrorCode::NONE) {
    for (const CoordinatorRecord& record : result.records) {
      if (result.replaysRecords) STREAMSCOPE_ASSERT(m_shard->replay(std::ssize(log), record).has_value());
      log.push_back(record);
    }
  }
  if (isHeldBack) {
    if (result.onCompleted) m_held.push_back(std::move(result.onCompleted));
    return;
  }
  if (outcome == ErrorCode::NONE) m_shard->onCommitted(std::ssize(log));
  if (result.onCompleted) result.onCompleted(outcome);
}

void ShardFixture::replicate() {
  isHeldBack = false;
  m_shard->onCommitted(std::ssize(log));
  for (const auto& complete : std::exchange(m_held, {})) complete(ErrorCode::NONE);
}

void ShardFixture::moveElsewhere() {
  m_shard->onUnloaded();
  makeShard(*this, m_timers, m_shard);
  for (size_t offset = 0; offset < log.size(); ++offset)
    STREAMSCOPE_ASSERT(m_shard->replay(static_cast<base::Offset>(offset), log[offset]).has_value());
  m_shard->onCommitted(std::ssize(log));
  m_shard->onLoaded();
}

ReplyPtr ShardFixture::reply(int16_t version) {
  world::ReplyHandle handle;
  handle.version = version;
  handle.correlationId = ++m_lastNumber;
  return m_replies.add(handle);
}

world::RequestHeader ShardFixture::header(const Member& member) const {
  world::RequestHeader header;
  header.version = member.version;
  header.clientId = member.name;
  header.clientHost = "/127.0.0.1";
  return header;
}

int32_t ShardFixture::join(const Member& member) {
  protocol::JoinGroupRequest request;
  request.groupId = kGroup;
  request.sessionTimeoutMs = 10'000;
  request.rebalanceTimeoutMs = 60'000;
  request.memberId = member.id;
  request.groupInstanceId = member.instance;
  request.protocolType = "consumer";
  for (const std::string& assignor : member.assignors) {
    protocol::ConsumerProtocolSubscription subscription;
    subscription.topics = member.topics;
    request.protocols.push_back({assignor, protocol::encodeSubscription(subscription, 1)});
  }
  const ReplyPtr itsReply = reply(member.version);
  run(m_shard->classicGroups().join(header(member), request, itsReply));
  return m_lastNumber;
}

int32_t ShardFixture::joinWithId(Member& member) {
  member.id = joined(join(member)).memberId;
  return join(member);
}

int32_t ShardFixture::sync(const Member& member,
                           const std::vector<std::pair<Member, std::vector<int32_t>>>& assignments) {
  protocol::SyncGroupRequest request;
  request.groupId = kGroup;
  request.generationId = member.generation;
  request.memberId = member.id;
  request.groupInstanceId = member.instance;
  for (const auto& [to, partitions] : assignments)
    request.assignments.push_back({to.id, protocol::encodeAssignment({{{kTopic, partitions}}, std::nullopt}, 1)});
  const ReplyPtr itsReply = reply(5);
  run(m_shard->classicGroups().sync(request, itsReply));
  return m_lastNumber;
}

ErrorCode ShardFixture::heartbeat(const Member& member) {
  protocol::HeartbeatRequest request;
  request.groupId = kGroup;
  request.generationId = member.generation;
  request.memberId = member.id;
  request.groupInstanceId = member.instance;
  const ReplyPtr itsReply = reply(4);
  run(m_shard->classicGroups().heartbeat(request, itsReply));
  return static_cast<ErrorCode>(answer<protocol::HeartbeatResponse>(m_lastNumber)->errorCode);
}

ErrorCode ShardFixture::leave(const Member& member) {
  protocol::LeaveGroupRequest request;
  request.groupId = kGroup;
  request.members.push_back({member.id, member.instance, std::nullopt});
  const ReplyPtr itsReply = reply(5);
  run(m_shard->classicGroups().leave(request, itsReply));
  const auto answered = answer<protocol::LeaveGroupResponse>(m_lastNumber);
  return static_cast<ErrorCode>(answered->errorCode != 0 ? answered->errorCode : answered->members.front().errorCode);
}

ErrorCode ShardFixture::commit(const Member& member, const base::TopicPartition& partition, base::Offset offset,
                               const std::string& metadata) {
  protocol::OffsetCommitRequest request;
  request.groupId = kGroup;
  request.memberId = member.id;
  request.groupInstanceId = member.instance;
  request.generationIdOrMemberEpoch = member.generation;
  auto& topic = request.topics.emplace_back();
  topic.name = partition.topic;
  topic.partitions.push_back({partition.partition, offset, -1, metadata});
  const ReplyPtr itsReply = reply(9);
  run(m_shard->commitOffsets(request, 9, {}, itsReply));
  const auto answered = answer<protocol::OffsetCommitResponse>(m_lastNumber);
  return answered ? static_cast<ErrorCode>(answered->topics.front().partitions.front().errorCode)
                  : ErrorCode::REQUEST_TIMED_OUT;
}

base::Offset ShardFixture::committed(const base::TopicPartition& partition, CommittedOffsets::View view) {
  protocol::OffsetFetchRequest::OffsetFetchRequestGroup question;
  question.groupId = kGroup;
  question.topics.emplace().push_back({partition.topic, {}, {partition.partition}});
  return m_shard->fetchOffsets(question, view).topics.front().partitions.front().committedOffset;
}

std::string ShardFixture::group() const {
  for (const GroupView& view : m_shard->views()) {
    if (view.id != kGroup) continue;
    std::string text = view.state + " " + std::to_string(view.generation) + ":";
    std::vector<std::string> members;
    for (const GroupMemberView& member : view.members) {
      std::string one = member.clientId + "(";
      for (const base::TopicPartition& partition : member.assignment)
        one += (one.back() == '(' ? "" : " ") + std::to_string(partition.partition);
      members.push_back(one + (member.isLeader ? ")*" : ")"));
    }
    std::ranges::sort(members);
    for (const std::string& member : members) text += " " + member;
    return text;
  }
  return "none";
}

std::vector<ShardFixture::Member> ShardFixture::stableGroup(const std::vector<std::string>& names) {
  std::vector<Member> members;
  std::vector<int32_t> joins;
  for (const std::string& name : names) {
    Member& member = members.emplace_back(Member{.name = name});
    joins.push_back(joinWithId(member));
  }
  // The first rebalance is over, and no session yet.
  advance(std::chrono::seconds(7));
  std::vector<std::pair<Member, std::vector<int32_t>>> assignments;
  for (size_t i = 0; i < members.size(); ++i) {
    members[i].generation = joined(joins[i]).generationId;
    assignments.emplace_back(members[i], std::vector<int32_t>{static_cast<int32_t>(i)});
  }
  for (const Member& member : members)
    sync(member, joined(joins.front()).leader == member.id ? assignments : decltype(assignments)());
  return members;
}

}  // namespace streamscope::coordinator
