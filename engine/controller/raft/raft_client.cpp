#include "raft_client.h"

#include <algorithm>
#include <utility>

namespace streamscope::controller {

namespace {

/// Kafka: KafkaRaftManager.shutdown.
constexpr base::Duration kShutDownMax = std::chrono::seconds(5);

}  // namespace

RaftClient::RaftClient(world::NodeContext& context, const ControllerConfig& config, MetadataLog& log,
                       QuorumState quorum, base::Random random, Listener listener)
    : m_context(context),
      m_config(config),
      m_log(log),
      m_listener(std::move(listener)),
      m_quorum(std::move(quorum)),
      m_random(random),
      m_requests(m_quorum.otherVoters(), config.quorumRetryBackoff) {}

// Life.

void RaftClient::start() {
  // The only voter need not wait for an election timeout, nor for anybody's vote.
  if (m_quorum.isOnlyVoter() && m_quorum.role() != QuorumRole::Candidate)
    becomeProspective("it is the only voter");
  else if (m_quorum.isOnlyVoter())
    becomeLeader();
  poll();
}

void RaftClient::shutDown(std::function<void()> done) {
  if (!m_isClosed && isLeader()) resign("shutdown");
  if (m_isClosed || mayEnd()) {
    close();
    return done();
  }
  m_onShutDown = std::move(done);
  m_shutDownDeadline = now() + kShutDownMax;
  m_hasChanged = true;
  poll();
}

/// Later, because the node that owns this may end with it.
void RaftClient::finishShutDown() {
  m_context.timers.after(base::Duration::zero(), [this, done = std::exchange(m_onShutDown, nullptr)] {
    close();
    done();
  });
}

void RaftClient::close() {
  if (std::exchange(m_isClosed, true)) return;
  m_context.timers.cancel(m_timer);
  if (isLeader()) {
    const Before was = before();
    m_quorum.transitionToResigned({});
    onTransition(was, "the controller has stopped");
  }
  if (m_onShutDown) finishShutDown();
}

void RaftClient::fail(const base::Error& error) {
  close();
  m_listener.onStorageFailure(error.message);
}

bool RaftClient::isWritten(const base::Status& status) {
  if (!status) fail(status.error());
  return status.has_value();
}

base::Offset RaftClient::epochStartOffset() const {
  return m_quorum.as<LeaderState>()->epochStartOffset();
}

void RaftClient::poll() {
  if (m_isClosed) return;
  if (m_isPolling) {
    m_hasChanged = true;
    return;
  }
  m_isPolling = true;
  Now due = base::kVirtualTimeMax;
  do {
    m_hasChanged = false;
    due = pollRole();
  } while (m_hasChanged && !m_isClosed);
  m_isPolling = false;
  if (m_isClosed || due == m_timerDue) return;
  m_context.timers.cancel(m_timer);
  m_timer = 0;
  m_timerDue = due;
  if (due == base::kVirtualTimeMax) return;
  m_timer = m_context.timers.after(std::max(due - now(), base::Duration::zero()), [this] { onTimer(); });
}

void RaftClient::onTimer() {
  m_timerDue = base::kVirtualTimeMax;
  poll();
}

RaftClient::Now RaftClient::pollRole() {
  if (m_onShutDown) {
    if (mayEnd() || now() >= m_shutDownDeadline) {
      finishShutDown();
      return base::kVirtualTimeMax;
    }
    return std::min(pollResigned(), m_shutDownDeadline);
  }
  switch (m_quorum.role()) {
    case QuorumRole::Unattached:
      return pollUnattached();
    case QuorumRole::Prospective:
      return pollProspective();
    case QuorumRole::Candidate:
      return pollCandidate();
    case QuorumRole::Leader:
      return pollLeader();
    case QuorumRole::Follower:
      return pollFollower();
    case QuorumRole::Resigned:
      return pollResigned();
  }
  return base::kVirtualTimeMax;
}

/// A leader that has resigned stays until another is elected: its pre-vote may be the one that is missing, because who
/// has not heard of the resignation yet refuses his. Without anybody to be reached there is nobody to wait for.
bool RaftClient::mayEnd() const {
  const auto* resigned = m_quorum.as<ResignedState>();
  if (resigned == nullptr) return true;
  const std::vector<int32_t> others = m_quorum.otherVoters();
  return std::all_of(others.begin(), others.end(), [&](int32_t voter) {
    return resigned->unacknowledgedVoters().contains(voter) && m_requests.isBackingOff(voter, now());
  });
}

// Requests.

bool RaftClient::isOwnCluster(const std::optional<std::string>& clusterId) const {
  return !clusterId || *clusterId == m_config.clusterId;
}

bool RaftClient::maybeSend(int32_t to, int16_t version, protocol::RequestBody request, AnswerHandler onAnswer) {
  if (!m_requests.isReady(to, now())) return false;
  const uint64_t number = m_requests.onSent(to);
  m_context.network.send(world::controllerAddress(to), version, std::move(request), m_config.quorumRequestTimeout,
                         [this, to, number, onAnswer = std::move(onAnswer)](const world::Response& response) {
                           if (m_isClosed || !m_requests.isInFlight(to, number)) return;
                           const bool isReceived = response.outcome == world::Response::Outcome::Received;
                           const bool isOfUse = isReceived && onAnswer(response.body);
                           m_requests.onAnswered(to, number, isOfUse, now());
                           m_hasChanged = true;
                           poll();
                         });
  return true;
}

bool RaftClient::handleCommonAnswer(base::ErrorCode error, const LeaderAndEpoch& theirs) {
  using base::ErrorCode;
  const int32_t epoch = m_quorum.epoch();
  // Old news, or they are behind.
  if (theirs.epoch < epoch || error == ErrorCode::UNKNOWN_LEADER_EPOCH) return true;
  if (theirs.epoch > epoch || error == ErrorCode::FENCED_LEADER_EPOCH || error == ErrorCode::NOT_LEADER_OR_FOLLOWER) {
    maybeTransition(theirs, "another voter's answer said so");
    return true;
  }
  if (theirs.leaderId && *theirs.leaderId != m_quorum.localId() && !m_quorum.leaderId()) {
    becomeFollower(theirs.epoch, *theirs.leaderId, "another voter's answer named the leader");
    return error != ErrorCode::NONE || m_isClosed;
  }
  return error == ErrorCode::INVALID_VOTER_KEY;
}

void RaftClient::maybeTransition(const LeaderAndEpoch& theirs, const std::string& reason) {
  // Being told of one's own leadership in another epoch than the present one: it was before a restart.
  const bool isOther = theirs.leaderId && *theirs.leaderId != m_quorum.localId();
  if (theirs.epoch > m_quorum.epoch()) {
    if (isOther)
      becomeFollower(theirs.epoch, *theirs.leaderId, reason);
    else
      becomeUnattached(theirs.epoch, std::nullopt, reason);
  } else if (theirs.epoch == m_quorum.epoch() && isOther && !m_quorum.leaderId()) {
    becomeFollower(theirs.epoch, *theirs.leaderId, reason);
  }
}

base::ErrorCode RaftClient::checkLeaderOnly(int32_t currentLeaderEpoch) const {
  using base::ErrorCode;
  if (currentLeaderEpoch < m_quorum.epoch()) return ErrorCode::FENCED_LEADER_EPOCH;
  if (currentLeaderEpoch > m_quorum.epoch()) return ErrorCode::UNKNOWN_LEADER_EPOCH;
  return isLeader() ? ErrorCode::NONE : ErrorCode::NOT_LEADER_OR_FOLLOWER;
}

// Transitions.

void RaftClient::onTransition(const Before& was, const std::string& reason) {
  m_requests.reset();
  m_hasChanged = true;
  const QuorumRole role = m_quorum.role();
  // An only voter passes through its roles without an election that could be shown.
  if (!m_quorum.isOnlyVoter())
    m_context.trace.record(world::QuorumRoleChanged{m_context.self, std::string(quorumRoleName(was.role)),
                                                    std::string(quorumRoleName(role)), m_quorum.epoch(),
                                                    m_quorum.leaderId().value_or(-1), reason});
  m_listener.onLeaderChange();
}

void RaftClient::becomeUnattached(int32_t epoch, std::optional<int32_t> leaderId, const std::string& reason) {
  const Before was = before();
  if (isWritten(m_quorum.transitionToUnattached(epoch, leaderId))) onTransition(was, reason);
}

void RaftClient::becomeProspective(const std::string& reason) {
  const Before was = before();
  m_quorum.transitionToProspective();
  onTransition(was, reason);
  if (m_quorum.as<ProspectiveState>()->election().isVoteGranted()) becomeCandidate(reason);
}

void RaftClient::becomeCandidate(const std::string& reason) {
  const Before was = before();
  if (!isWritten(m_quorum.transitionToCandidate())) return;
  onTransition(was, reason);
  if (m_quorum.as<CandidateState>()->election().isVoteGranted()) becomeLeader();
}

void RaftClient::becomeLeader() {
  const Before was = before();
  const EpochElection election = m_quorum.as<CandidateState>()->election();
  if (!isWritten(m_quorum.transitionToLeader(m_log.logEndOffset()))) return;
  onTransition(was, std::to_string(election.grantingVoters().size()) + " of " +
                        std::to_string(m_quorum.voters().size()) + " voters granted their vote");
  const auto appended = m_log.appendLeaderChange(
      {m_quorum.epoch(), m_quorum.localId(), m_quorum.voters(), election.grantingVoters()}, nowMs());
  if (!appended) return fail(appended.error());
  onLocalAppend();
}

void RaftClient::becomeFollower(int32_t epoch, int32_t leaderId, const std::string& reason) {
  const Before was = before();
  if (isWritten(m_quorum.transitionToFollower(epoch, leaderId))) onTransition(was, reason);
}

}  // namespace streamscope::controller
