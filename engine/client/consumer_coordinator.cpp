#include "consumer_coordinator.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "protocol/consumer_protocol_codec.h"

namespace streamscope::client {

using base::ErrorCode;
using FetchState = SubscriptionState::FetchState;
using Position = SubscriptionState::Position;

namespace {

/// Kafka: Consumer.close waits so long for what it still has to say.
constexpr base::Duration kCloseTimeout = std::chrono::seconds(30);

std::set<PartitionKey> minus(const std::set<PartitionKey>& from, const std::set<PartitionKey>& what) {
  std::set<PartitionKey> rest;
  std::ranges::set_difference(from, what, std::inserter(rest, rest.end()));
  return rest;
}

bool isTriedAtOnce(ErrorCode error) {
  return error == ErrorCode::UNKNOWN_MEMBER_ID || error == ErrorCode::ILLEGAL_GENERATION ||
         error == ErrorCode::REBALANCE_IN_PROGRESS || error == ErrorCode::MEMBER_ID_REQUIRED;
}

}  // namespace

ConsumerCoordinator::ConsumerCoordinator(world::NodeContext& context, const ConsumerConfig& config,
                                         ClusterMetadata& metadata, ConnectionStates& connections,
                                         SubscriptionState& subscription, Hooks hooks)
    : m_context(context),
      m_config(config),
      m_metadata(metadata),
      m_subscription(subscription),
      m_hooks(std::move(hooks)),
      m_connection(context, config, metadata, connections, m_hooks.onProgress),
      m_assignor(config),
      m_membership(
          context, config, m_connection,
          {[this] { return m_assignor.protocols(named(m_subscription.assigned()), m_membership.generation().id); },
           [this](const protocol::JoinGroupResponse& response, auto done) {
             assignAsLeader(response, std::move(done));
           },
           m_hooks.isPolling, m_hooks.onProgress}),
      m_offsets(config, metadata, m_connection, m_membership),
      m_groupTopics(config.topics) {}

void ConsumerCoordinator::poll() {
  if (m_isClosed) return;
  m_membership.onPoll();
  if (!m_connection.isKnown()) return m_connection.find();
  if (isRejoinNeeded())
    joinIfNeeded();
  else
    autoCommitIfDue();
}

void ConsumerCoordinator::pause() {
  if (m_pauseTimer != 0) return;
  m_pauseTimer = m_context.timers.after(m_config.retryBackoff, [this] {
    m_pauseTimer = 0;
    m_hooks.onProgress();
  });
}

// Joining.

bool ConsumerCoordinator::isRejoinNeeded() {
  if (m_assignedBy && !m_membership.isRejoinNeeded() &&
      std::exchange(m_comparedUpdate, m_metadata.updates()) != m_metadata.updates() &&
      *m_assignedBy != snapshotOf(topicsOf(m_groupTopics)))
    m_membership.requestRejoin("cached metadata has changed");
  return m_membership.isRejoinNeeded();
}

void ConsumerCoordinator::joinIfNeeded() {
  while (isRejoinNeeded()) {
    if (const auto result = m_membership.takeJoinResult()) {
      if (!onJoinEnded(*result)) return;
      continue;
    }
    if (m_membership.isJoining() || m_pauseTimer != 0) return;
    if (!m_connection.isKnown()) return m_connection.find();
    if (m_membership.needsJoinPrepare() && !prepareJoin()) return;
    m_membership.setNeedsJoinPrepare(false);
    m_membership.join();
  }
}

bool ConsumerCoordinator::prepareJoin() {
  if (m_config.enableAutoCommit) {
    if (!m_preparation.isCommitting && !m_preparation.isCommitted) commitBeforeJoin();
    if (!m_preparation.isCommitted) return false;
  }
  giveUpBeforeJoin();
  m_preparation = {};
  m_isLeader = false;
  m_groupTopics = m_config.topics;
  return true;
}

void ConsumerCoordinator::commitBeforeJoin() {
  if (!m_preparation.deadline) m_preparation.deadline = m_context.clock.now() + m_config.maxPollInterval;
  if (!m_assignor.isCooperative())
    for (auto& [key, position] : m_subscription.positions()) position.isRevocationPending = true;
  m_preparation.isCommitting = true;
  commit(consumed(), [this](const Outcome& outcome) {
    m_preparation.isCommitting = false;
    const bool isOver = m_preparation.deadline && *m_preparation.deadline <= m_context.clock.now();
    if (!outcome.succeeded() && outcome.isRetriable && !isOver) return pause();
    m_preparation.isCommitted = true;
    tellFailure(outcome);
    m_hooks.onProgress();
  });
}

void ConsumerCoordinator::giveUpBeforeJoin() {
  const std::set<PartitionKey> owned = m_subscription.assigned();
  if (!m_membership.hasGeneration()) {
    tellLost(owned, m_membership.rejoinReason());
    m_subscription.assignFromGroup({});
  } else if (!m_assignor.isCooperative()) {
    tellRevoked(owned, m_membership.rejoinReason());
    m_subscription.assignFromGroup({});
  }
}

bool ConsumerCoordinator::onJoinEnded(const GroupMembership::JoinResult& result) {
  if (result.error == ErrorCode::NONE) {
    m_membership.setNeedsJoinPrepare(true);
    if (m_membership.hasGeneration() && m_membership.state() == GroupMembership::State::Stable)
      onJoinComplete(result.assignment);
    else
      m_membership.resetGeneration("rebalance failed since the generation or state was modified meanwhile", true);
    return !m_isClosed;
  }
  const std::string name(base::errorName(result.error));
  if (result.error != ErrorCode::MEMBER_ID_REQUIRED) m_membership.requestRejoin("rebalance failed due to " + name);
  if (isTriedAtOnce(result.error)) return true;
  if (base::isRetriable(result.error) || result.error == ErrorCode::NETWORK_EXCEPTION)
    pause();
  else
    m_hooks.onFatal(result.error, "It cannot be a member of group " + m_config.groupId + ": " + name + ".");
  return false;
}

void ConsumerCoordinator::onJoinComplete(const base::SharedBytes& assignmentBytes) {
  if (!m_isLeader) m_assignedBy.reset();
  const base::Result<protocol::ConsumerProtocolAssignment> assignment = protocol::decodeAssignment(assignmentBytes);
  if (assignmentBytes.empty() || !assignment)
    return m_hooks.onFatal(ErrorCode::NONE, "Group " + m_config.groupId + " gave it an assignment that is none.");
  std::set<PartitionKey> assigned;
  for (const auto& topic : assignment->assignedPartitions) {
    const std::optional<int32_t> index = m_metadata.findTopic(topic.topic);
    if (!index || std::ranges::find(m_config.topics, topic.topic) == m_config.topics.end())
      return m_membership.requestRejoin("received assignment does not match the current subscription");
    for (const int32_t partition : topic.partitions) assigned.insert({*index, partition});
  }
  applyAssignment(assigned);
}

void ConsumerCoordinator::applyAssignment(const std::set<PartitionKey>& assigned) {
  const Generation generation = m_membership.generation();
  const std::set<PartitionKey> owned = m_subscription.assigned();
  const std::set<PartitionKey> revoked = minus(owned, assigned);
  if (m_assignor.isCooperative() && !revoked.empty()) {
    tellRevoked(revoked, "another member is to have them");
    m_membership.requestRejoin("need to revoke partitions and re-join");
  }
  m_assignor.onAssignment(generation.protocolName, named(assigned), generation.id);
  if (m_config.enableAutoCommit) setAutoCommitDue(m_config.autoCommitInterval);
  m_subscription.assignFromGroup(assigned);
  m_context.trace.record(world::PartitionsAssigned{m_context.self, m_config.groupId, generation.memberId, generation.id,
                                                   named(minus(assigned, owned)), named(assigned)});
}

// Leading.

ConsumerCoordinator::Topics ConsumerCoordinator::topicsOf(const std::vector<std::string>& names) const {
  Topics topics;
  for (const std::string& name : names) {
    const std::optional<int32_t> index = m_metadata.findTopic(name);
    if (!index || !m_metadata.isTopicKnown(*index)) continue;
    topics[name] = m_metadata.racksOfReplicas(*index);
  }
  return topics;
}

/// Racks matter only to a leader that is somewhere itself, as in Kafka.
ConsumerCoordinator::Topics ConsumerCoordinator::snapshotOf(Topics topics) const {
  for (auto& [name, partitions] : topics)
    for (PartitionRacks& racks : partitions) {
      if (m_config.clientRack.empty()) racks.clear();
      std::ranges::sort(racks);
      racks.erase(std::ranges::unique(racks).begin(), racks.end());
    }
  return topics;
}

void ConsumerCoordinator::assignAsLeader(const protocol::JoinGroupResponse& response,
                                         std::function<void(GroupMembership::Assignments)> done) {
  base::Result<GroupSubscription> read = GroupAssignor::read(response);
  m_isLeader = true;
  if (!read) {
    done({});
    return m_hooks.onFatal(read.error().code, "A member of group " + m_config.groupId +
                                                  " does not speak the consumer protocol: " + read.error().message);
  }
  std::set<std::string> topics(m_config.topics.begin(), m_config.topics.end());
  for (const auto& [memberId, subscription] : read->members)
    topics.insert(subscription.topics.begin(), subscription.topics.end());
  m_groupTopics.assign(topics.begin(), topics.end());

  const bool isSkipped = response.skipAssignment;
  auto assign = [this, isSkipped, assignor = response.protocolName.value_or(""), group = std::move(*read),
                 done = std::move(done)]() mutable {
    group.topics = topicsOf(m_groupTopics);
    m_assignedBy = snapshotOf(group.topics);
    m_comparedUpdate = m_metadata.updates();
    // A static leader that came back goes on with what was assigned.
    done(isSkipped ? GroupMembership::Assignments() : m_assignor.assign(assignor, group));
  };
  m_updatesBefore = m_metadata.updates();
  if (m_metadata.addTopics(m_groupTopics))
    m_onTopicsKnown = std::move(assign);
  else
    assign();
}

void ConsumerCoordinator::onMetadata() {
  if (m_onTopicsKnown && m_metadata.updates() > m_updatesBefore) std::exchange(m_onTopicsKnown, nullptr)();
}

// What the application hears of.

std::vector<base::TopicPartition> ConsumerCoordinator::named(const std::set<PartitionKey>& partitions) const {
  std::vector<base::TopicPartition> names;
  for (const PartitionKey& key : partitions) names.push_back(m_metadata.named(key));
  std::ranges::sort(names);
  return names;
}

void ConsumerCoordinator::tellRevoked(const std::set<PartitionKey>& partitions, const std::string& reason) {
  if (partitions.empty()) return;
  m_context.trace.record(world::PartitionsRevoked{m_context.self, m_config.groupId, m_membership.generation().id,
                                                  named(partitions), reason});
}

void ConsumerCoordinator::tellLost(const std::set<PartitionKey>& partitions, const std::string& reason) {
  if (partitions.empty()) return;
  m_context.trace.record(world::PartitionsLost{m_context.self, m_config.groupId, named(partitions), reason});
}

void ConsumerCoordinator::tellFailure(const Outcome& outcome) {
  if (outcome.succeeded()) return;
  m_context.trace.record(
      world::OffsetCommitFailed{m_context.self, m_config.groupId, static_cast<int16_t>(outcome.error), outcome.reason});
}

// Committing.

ConsumerCoordinator::Offsets ConsumerCoordinator::consumed() const {
  Offsets offsets;
  for (const auto& [key, position] : m_subscription.positions()) {
    const bool hasPosition = position.state == FetchState::Fetching || position.state == FetchState::AwaitValidation;
    if (hasPosition) offsets[key] = {position.position, position.fetchEpoch};
  }
  return offsets;
}

void ConsumerCoordinator::commit(const Offsets& offsets, std::function<void(const Outcome&)> done) {
  m_offsets.commit(offsets, [this, offsets, done = std::move(done)](const Outcome& outcome) {
    if (outcome.succeeded())
      for (const auto& [key, committed] : offsets)
        if (Position* position = m_subscription.find(key)) position->committed = committed.offset;
    done(outcome);
  });
}

void ConsumerCoordinator::setAutoCommitDue(base::Duration after) {
  m_autoCommitDue = m_context.clock.now() + after;
  m_context.timers.cancel(m_autoCommitTimer);
  m_autoCommitTimer = m_context.timers.after(after, [this] {
    m_autoCommitTimer = 0;
    m_hooks.onProgress();
  });
}

void ConsumerCoordinator::autoCommitIfDue() {
  if (!m_config.enableAutoCommit || m_autoCommitDue > m_context.clock.now()) return;
  setAutoCommitDue(m_config.autoCommitInterval);
  commit(consumed(), [this](const Outcome& outcome) {
    if (outcome.isRetriable)
      setAutoCommitDue(m_config.retryBackoff);
    else
      tellFailure(outcome);
  });
}

void ConsumerCoordinator::commitSync(std::function<void()> done) {
  commitUntil(consumed(), m_context.clock.now() + m_config.defaultApiTimeout, std::move(done));
}

void ConsumerCoordinator::commitAsync() {
  if (!m_connection.isKnown()) m_connection.find();
  commit(consumed(), [this](const Outcome& outcome) { tellFailure(outcome); });
}

void ConsumerCoordinator::commitUntil(const Offsets& offsets, base::VirtualTime deadline, std::function<void()> done) {
  if (!m_connection.isKnown()) m_connection.find();
  commit(offsets, [this, offsets, deadline, done = std::move(done)](const Outcome& outcome) {
    if (outcome.succeeded() || !outcome.isRetriable || m_context.clock.now() >= deadline) {
      tellFailure(outcome);
      return done();
    }
    m_context.timers.after(m_config.retryBackoff,
                           [this, offsets, deadline, done] { commitUntil(offsets, deadline, done); });
  });
}

// Beginning.

void ConsumerCoordinator::initializePositions() {
  if (m_isClosed || m_isFetchingCommitted || m_pauseTimer != 0) return;
  std::set<PartitionKey> initializing;
  for (const auto& [key, position] : m_subscription.positions())
    if (position.state == FetchState::Initializing) initializing.insert(key);
  if (initializing.empty()) return;
  if (!m_connection.isKnown()) return m_connection.find();
  m_isFetchingCommitted = true;
  m_offsets.fetch(initializing, [this, initializing](const Outcome& outcome, const Offsets& offsets) {
    m_isFetchingCommitted = false;
    onCommittedFetched(initializing, outcome, offsets);
  });
}

void ConsumerCoordinator::onCommittedFetched(const std::set<PartitionKey>& asked, const Outcome& outcome,
                                             const Offsets& offsets) {
  if (!outcome.succeeded()) {
    if (outcome.isRetriable) return pause();
    return m_hooks.onFatal(outcome.error, "It cannot learn the committed offsets of group " + m_config.groupId + ": " +
                                              outcome.reason + ".");
  }
  for (const PartitionKey& key : asked) {
    Position* position = m_subscription.find(key);
    const auto committed = offsets.find(key);
    if (position == nullptr || position->state != FetchState::Initializing || committed == offsets.end()) continue;
    if (committed->second.offset >= 0)
      m_subscription.seekToCommitted(*position, committed->second.offset, committed->second.leaderEpoch);
    else
      m_subscription.requestReset(*position);
  }
  m_hooks.onProgress();
}

// Leaving.

void ConsumerCoordinator::giveUpAll() {
  const std::set<PartitionKey> owned = m_subscription.assigned();
  if (!m_membership.hasGeneration() || m_membership.isRebalancing())
    tellLost(owned, "the consumer is being closed");
  else
    tellRevoked(owned, "the consumer is being closed");
  m_subscription.assignFromGroup({});
}

void ConsumerCoordinator::close(std::function<void()> done) {
  m_isClosed = true;
  auto once = std::make_shared<std::function<void()>>(std::move(done));
  const auto finish = [once] {
    if (*once) std::exchange(*once, nullptr)();
  };
  m_context.timers.after(kCloseTimeout, finish);
  const auto leave = [this, finish] {
    giveUpAll();
    m_membership.leave("the consumer is being closed", finish);
  };
  if (m_config.enableAutoCommit && m_membership.state() == GroupMembership::State::Stable)
    commitUntil(consumed(), m_context.clock.now() + kCloseTimeout, leave);
  else
    leave();
}

}  // namespace streamscope::client
