#include "group_membership.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "api_versions_spoken.h"
#include "backoff.h"
#include "protocol/consumer_protocol_codec.h"

namespace streamscope::client {

using base::ErrorCode;

namespace {

/// A JoinGroup may be answered as late as the rebalance timeout, and a little later.
constexpr base::Duration kJoinGroupTimeoutLapse = std::chrono::seconds(5);
/// Kafka cuts reasons at this length.
constexpr size_t kReasonSizeMax = 255;

int32_t toMilliseconds(base::Duration duration) {
  return static_cast<int32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

template <class Response>
const Response* bodyOf(const protocol::ResponseBody* body) {
  return body == nullptr ? nullptr : std::get_if<Response>(body);
}

std::string name(ErrorCode error) {
  return std::string(base::errorName(error));
}

}  // namespace

GroupMembership::GroupMembership(world::NodeContext& context, const ConsumerConfig& config,
                                 CoordinatorConnection& coordinator, Hooks hooks)
    : m_context(context), m_config(config), m_coordinator(coordinator), m_hooks(std::move(hooks)) {
  m_coordinator.setOnFound([this] { m_sessionEnd = m_context.clock.now() + m_config.sessionTimeout; });
}

std::optional<std::string> GroupMembership::instanceId() const {
  return m_config.groupInstanceId.empty() ? std::nullopt : std::optional(m_config.groupInstanceId);
}

void GroupMembership::requestRejoin(const std::string& reason) {
  m_rejoinReason = reason;
  m_isRejoinNeeded = true;
  m_context.trace.record(world::RejoinRequested{m_context.self, m_config.groupId, reason});
}

void GroupMembership::forgetGeneration(bool alsoMemberId) {
  m_state = State::Unjoined;
  m_generation = {kNoGenerationId, alsoMemberId ? std::string() : m_generation.memberId, {}};
  m_needsJoinPrepare = true;
}

void GroupMembership::resetGeneration(const std::string& reason, bool alsoMemberId) {
  forgetGeneration(alsoMemberId);
  requestRejoin(reason);
}

// Join and sync.

void GroupMembership::join() {
  if (m_isJoining) return;
  m_isJoining = true;
  m_state = State::PreparingRebalance;
  protocol::JoinGroupRequest request;
  request.groupId = m_config.groupId;
  request.sessionTimeoutMs = toMilliseconds(m_config.sessionTimeout);
  request.rebalanceTimeoutMs = toMilliseconds(m_config.maxPollInterval);
  request.memberId = m_generation.memberId;
  request.groupInstanceId = instanceId();
  request.protocolType = protocol::kConsumerProtocolType;
  request.protocols = m_hooks.protocols();
  request.reason = m_rejoinReason.substr(0, kReasonSizeMax);
  const base::Duration timeout = std::max(m_config.requestTimeout, m_config.maxPollInterval + kJoinGroupTimeoutLapse);
  m_coordinator.send(version::kJoinGroup, std::move(request), timeout,
                     [this, sent = m_generation](const protocol::ResponseBody* body) {
                       onJoinResponse(sent, bodyOf<protocol::JoinGroupResponse>(body));
                     });
}

void GroupMembership::endJoin(ErrorCode error, base::SharedBytes assignment) {
  m_isJoining = false;
  m_joinResult = JoinResult{error, std::move(assignment)};
  m_hooks.onProgress();
}

void GroupMembership::onJoinResponse(const Generation& sent, const protocol::JoinGroupResponse* response) {
  if (response == nullptr) return endJoin(ErrorCode::NETWORK_EXCEPTION);
  const auto error = static_cast<ErrorCode>(response->errorCode);
  if (error != ErrorCode::NONE) return onJoinError(sent, error, *response);
  // It left meanwhile: the application did not poll in time.
  if (m_state != State::PreparingRebalance) return endJoin(ErrorCode::NETWORK_EXCEPTION);
  onJoined(*response);
}

void GroupMembership::onJoinError(const Generation& sent, ErrorCode error,
                                  const protocol::JoinGroupResponse& response) {
  if (error == ErrorCode::UNKNOWN_MEMBER_ID && m_generation == sent)
    resetGeneration("encountered " + name(error) + " from JOIN_GROUP response", true);
  if (error == ErrorCode::MEMBER_ID_REQUIRED) {
    m_generation = {kNoGenerationId, response.memberId, {}};
    requestRejoin("need to re-join with the given member-id: " + response.memberId);
  }
  if (error == ErrorCode::COORDINATOR_NOT_AVAILABLE || error == ErrorCode::NOT_COORDINATOR) m_coordinator.giveUp();
  endJoin(error);
}

void GroupMembership::onJoined(const protocol::JoinGroupResponse& response) {
  m_state = State::CompletingRebalance;
  m_generation = {response.generationId, response.memberId, response.protocolName.value_or("")};
  enableHeartbeat();
  if (response.leader != response.memberId) return sync({});
  m_hooks.assign(response, [this, generation = m_generation](const Assignments& assignments) {
    // Whatever ended this generation meanwhile has its own answer.
    if (m_generation == generation && m_state == State::CompletingRebalance)
      sync(assignments);
    else
      endJoin(ErrorCode::ILLEGAL_GENERATION);
  });
}

void GroupMembership::sync(const Assignments& assignments) {
  protocol::SyncGroupRequest request;
  request.groupId = m_config.groupId;
  request.generationId = m_generation.id;
  request.memberId = m_generation.memberId;
  request.groupInstanceId = instanceId();
  request.protocolType = protocol::kConsumerProtocolType;
  request.protocolName = m_generation.protocolName;
  for (const auto& [memberId, assignment] : assignments) request.assignments.push_back({memberId, assignment});
  m_coordinator.send(version::kSyncGroup, std::move(request), m_config.requestTimeout,
                     [this, sent = m_generation](const protocol::ResponseBody* body) {
                       onSyncResponse(sent, bodyOf<protocol::SyncGroupResponse>(body));
                     });
}

void GroupMembership::onSyncResponse(const Generation& sent, const protocol::SyncGroupResponse* response) {
  if (response == nullptr) return endJoin(ErrorCode::NETWORK_EXCEPTION);
  const auto error = static_cast<ErrorCode>(response->errorCode);
  if (error == ErrorCode::NONE) {
    // A heartbeat found out meanwhile that this generation is over.
    if (m_generation != sent || m_state != State::CompletingRebalance) return endJoin(ErrorCode::ILLEGAL_GENERATION);
    m_state = State::Stable;
    m_rejoinReason.clear();
    m_isRejoinNeeded = false;
    return endJoin(ErrorCode::NONE, response->assignment);
  }
  if ((error == ErrorCode::UNKNOWN_MEMBER_ID || error == ErrorCode::ILLEGAL_GENERATION) && m_generation == sent)
    resetGeneration("encountered " + name(error) + " from SYNC_GROUP response", error != ErrorCode::ILLEGAL_GENERATION);
  if (error == ErrorCode::COORDINATOR_NOT_AVAILABLE || error == ErrorCode::NOT_COORDINATOR) m_coordinator.giveUp();
  endJoin(error);
}

// Heartbeats.

void GroupMembership::enableHeartbeat() {
  const base::VirtualTime now = m_context.clock.now();
  m_isHeartbeatEnabled = true;
  m_sessionEnd = now + m_config.sessionTimeout;
  m_pollEnd = now + m_config.maxPollInterval;
  m_heartbeatDue = now + m_config.heartbeatInterval;
  scheduleBeat();
}

void GroupMembership::onPoll() {
  m_pollEnd = m_context.clock.now() + m_config.maxPollInterval;
}

void GroupMembership::scheduleBeat() {
  m_context.timers.cancel(m_beatTimer);
  m_beatTimer = 0;
  if (!m_isHeartbeatEnabled) return;
  const base::VirtualTime now = m_context.clock.now();
  base::VirtualTime due = std::min({m_heartbeatDue, m_sessionEnd, m_pollEnd});
  if (!m_coordinator.isKnown()) due = now + m_config.retryBackoff;
  m_beatTimer = m_context.timers.after(std::max(due - now, base::Duration::zero()), [this] {
    m_beatTimer = 0;
    beat();
    scheduleBeat();
  });
}

/// One turn of Kafka's heartbeat thread.
void GroupMembership::beat() {
  if (m_state == State::Unjoined || m_state == State::PreparingRebalance) {
    m_isHeartbeatEnabled = false;
    return;
  }
  const base::VirtualTime now = m_context.clock.now();
  if (m_hooks.isPolling()) onPoll();
  if (!m_coordinator.isKnown()) {
    m_coordinator.find();
  } else if (m_sessionEnd <= now) {
    // No heartbeat was answered for so long: somebody else may be the coordinator.
    m_coordinator.giveUp();
  } else if (m_pollEnd <= now) {
    m_context.trace.record(
        world::PollIntervalExceeded{m_context.self, m_config.groupId, toMilliseconds(m_config.maxPollInterval)});
    leave("consumer poll timeout has expired.", nullptr);
  } else if (m_heartbeatDue <= now) {
    sendHeartbeat();
  }
}

void GroupMembership::sendHeartbeat() {
  m_heartbeatDue = m_context.clock.now() + m_config.heartbeatInterval;
  protocol::HeartbeatRequest request;
  request.groupId = m_config.groupId;
  request.generationId = m_generation.id;
  request.memberId = m_generation.memberId;
  request.groupInstanceId = instanceId();
  m_coordinator.send(version::kHeartbeat, std::move(request), m_config.requestTimeout,
                     [this, sent = m_generation](const protocol::ResponseBody* body) {
                       onHeartbeatResponse(sent, bodyOf<protocol::HeartbeatResponse>(body));
                     });
}

void GroupMembership::failHeartbeat() {
  m_heartbeatDue = m_context.clock.now() + retryBackoff(m_config.retryBackoff, m_heartbeatFailures++, m_context.random);
  scheduleBeat();
}

void GroupMembership::onHeartbeatResponse(const Generation& sent, const protocol::HeartbeatResponse* response) {
  if (response == nullptr) return failHeartbeat();
  const auto error = static_cast<ErrorCode>(response->errorCode);
  const bool isFenced = error == ErrorCode::ILLEGAL_GENERATION || error == ErrorCode::UNKNOWN_MEMBER_ID ||
                        error == ErrorCode::FENCED_INSTANCE_ID;
  if (isFenced && m_generation == sent) {
    resetGeneration("encountered " + name(error) + " from HEARTBEAT response", error != ErrorCode::ILLEGAL_GENERATION);
    if (error == ErrorCode::FENCED_INSTANCE_ID) m_joinResult = JoinResult{error};
    failHeartbeat();
    m_hooks.onProgress();
    return;
  }
  if (error == ErrorCode::COORDINATOR_NOT_AVAILABLE || error == ErrorCode::NOT_COORDINATOR) {
    m_coordinator.giveUp();
    return failHeartbeat();
  }
  if (error != ErrorCode::NONE && error != ErrorCode::REBALANCE_IN_PROGRESS && !isFenced) return failHeartbeat();
  // It counts as alive during a rebalance, too.
  m_heartbeatFailures = 0;
  m_sessionEnd = m_context.clock.now() + m_config.sessionTimeout;
  scheduleBeat();
  if (error != ErrorCode::REBALANCE_IN_PROGRESS || m_state != State::Stable) return;
  requestRejoin("group is already rebalancing");
  m_hooks.onProgress();
}

// Leaving.

void GroupMembership::leave(const std::string& reason, std::function<void()> done) {
  const bool tells = m_coordinator.isKnown() && m_state != State::Unjoined && !m_generation.memberId.empty() &&
                     m_config.groupInstanceId.empty();
  protocol::LeaveGroupRequest request;
  request.groupId = m_config.groupId;
  request.members.push_back({m_generation.memberId, std::nullopt, reason.substr(0, kReasonSizeMax)});
  forgetGeneration(true);
  m_rejoinReason = "consumer pro-actively leaving the group";
  m_isRejoinNeeded = true;
  if (!tells) {
    if (done) done();
    return;
  }
  m_coordinator.send(version::kLeaveGroup, std::move(request), m_config.requestTimeout,
                     [done = std::move(done)](const protocol::ResponseBody*) {
                       if (done) done();
                     });
}

}  // namespace streamscope::client
