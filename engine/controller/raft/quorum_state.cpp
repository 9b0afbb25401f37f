#include "quorum_state.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.h"

namespace streamscope::controller {

namespace {

template <class State>
QuorumRole roleOf(const State& state) {
  return std::visit([](const auto& alternative) { return alternative.kRole; }, state);
}

}  // namespace

QuorumState::QuorumState(storage::Storage& storage, std::filesystem::path file, Options options,
                         const world::Clock& clock, base::Random random)
    : m_storage(&storage),
      m_file(std::move(file)),
      m_options(std::move(options)),
      m_clock(&clock),
      m_random(random),
      m_state(UnattachedState(0, std::nullopt, std::nullopt, base::kVirtualTimeMax)) {}

// Loading.

base::Result<QuorumState> QuorumState::load(storage::Storage& storage, std::filesystem::path file, Options options,
                                            int32_t lastLogEpoch, const world::Clock& clock, base::Random random) {
  QuorumState state(storage, std::move(file), std::move(options), clock, random);
  if (storage.exists(state.m_file)) {
    if (const base::Status status = state.read(); !status) return base::fail(status.error());
  }
  state.m_state = state.initialState(lastLogEpoch);
  return state;
}

base::Status QuorumState::read() {
  const auto bytes = m_storage->readFile(m_file);
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  const auto election = parseQuorumState(*bytes, m_file.string());
  if (!election) return base::fail(election.error());
  m_persisted = *election;
  return {};
}

QuorumState::State QuorumState::initialState(int32_t lastLogEpoch) {
  const ElectionState election = m_persisted.value_or(ElectionState());
  const auto votedKey =
      election.votedId ? std::optional(ReplicaKey{*election.votedId, election.votedDirectoryId}) : std::nullopt;
  if (election.leaderEpoch < lastLogEpoch)
    return UnattachedState(lastLogEpoch, std::nullopt, std::nullopt, drawElectionDeadline());
  if (election.leaderId == localId()) {
    const std::vector<int32_t> others = otherVoters();
    return ResignedState(localId(), election.leaderEpoch, std::set(others.begin(), others.end()), {},
                         drawElectionDeadline());
  }
  const bool isOwnVote = votedKey && votedKey->id == localId() &&
                         (votedKey->directoryId.isZero() || votedKey->directoryId == m_options.local.directoryId);
  if (isOwnVote && !election.leaderId)
    return CandidateState(m_options.local, election.leaderEpoch, voters(), drawElectionDeadline());
  if (election.leaderId && isVoter(*election.leaderId))
    return FollowerState(election.leaderEpoch, *election.leaderId, votedKey, nextFetchDeadline());
  return UnattachedState(election.leaderEpoch, election.leaderId, votedKey, drawElectionDeadline());
}

// What it is.

QuorumRole QuorumState::role() const {
  return roleOf(m_state);
}

int32_t QuorumState::epoch() const {
  return std::visit([](const auto& state) { return state.epoch(); }, m_state);
}

std::optional<int32_t> QuorumState::leaderId() const {
  // Who has resigned leads no more, although the file goes on to say that it led.
  if (as<ResignedState>() != nullptr) return std::nullopt;
  return std::visit([](const auto& state) { return state.leaderId(); }, m_state);
}

std::optional<ReplicaKey> QuorumState::votedKey() const {
  return std::visit([](const auto& state) { return state.votedKey(); }, m_state);
}

std::vector<int32_t> QuorumState::otherVoters() const {
  std::vector<int32_t> others = m_options.voters;
  std::erase(others, localId());
  return others;
}

bool QuorumState::isVoter(int32_t id) const {
  return std::find(voters().begin(), voters().end(), id) != voters().end();
}

VoteAnswer QuorumState::canGrantVote(const VoteCandidate& candidate) const {
  return std::visit([&](const auto& state) { return state.canGrantVote(candidate); }, m_state);
}

// Persistence.

ElectionState QuorumState::electionOf(const State& state) const {
  return std::visit(
      [this](const auto& alternative) {
        ElectionState election;
        election.leaderEpoch = alternative.epoch();
        election.leaderId = alternative.leaderId();
        if (const std::optional<ReplicaKey> votedKey = alternative.votedKey()) {
          election.votedId = votedKey->id;
          if (m_options.kraftVersion > 0) election.votedDirectoryId = votedKey->directoryId;
        }
        if (m_options.kraftVersion == 0) election.voters = voters();
        return election;
      },
      state);
}

base::Status QuorumState::persist(const ElectionState& election) {
  if (m_persisted == election || m_options.bugs.has(base::KnownBug::VoteNotPersisted)) return {};
  const std::string text = formatQuorumState(election, m_options.kraftVersion);
  const auto written = m_storage->writeFileAtomically(m_file, base::asBytes(text));
  if (!written) return base::fail(storage::toError(written.error()));
  m_persisted = election;
  return {};
}

base::Status QuorumState::durableTransitionTo(State state) {
  if (const base::Status written = persist(electionOf(state)); !written) return written;
  memoryTransitionTo(std::move(state));
  return {};
}

void QuorumState::memoryTransitionTo(State state) {
  const QuorumRole to = roleOf(state);
  STREAMSCOPE_ASSERT(isAllowedTransition(role(), to),
                     std::string(quorumRoleName(role())) + " to " + std::string(quorumRoleName(to)));
  m_state = std::move(state);
}

// Deadlines.

base::VirtualTime QuorumState::drawElectionDeadline() {
  // An only voter waits for nobody.
  if (isOnlyVoter()) return base::kVirtualTimeMax;
  const int64_t timeout = m_options.electionTimeout.count();
  return m_clock->now() + base::Duration(m_random.between(timeout, 2 * timeout - 1));
}

base::VirtualTime QuorumState::nextFetchDeadline() const {
  return m_clock->now() + m_options.fetchTimeout;
}

/// Hearing of a higher epoch does not put off an election that is already waited for, so that a voter which cannot win
/// cannot keep the others from trying.
base::VirtualTime QuorumState::unattachedElectionDeadline() {
  if (const auto* candidate = as<CandidateState>()) return candidate->electionDeadline();
  if (const auto* unattached = as<UnattachedState>()) return unattached->electionDeadline();
  if (const auto* prospective = as<ProspectiveState>();
      prospective != nullptr && !prospective->election().isVoteRejected())
    return prospective->electionDeadline();
  if (const auto* resigned = as<ResignedState>()) return resigned->electionDeadline();
  return drawElectionDeadline();
}

// Transitions.

base::Status QuorumState::transitionToUnattached(int32_t newEpoch, std::optional<int32_t> newLeaderId) {
  const bool isSameEpoch = newEpoch == epoch();
  STREAMSCOPE_ASSERT(newEpoch > epoch() || (isSameEpoch && role() == QuorumRole::Prospective),
                     std::to_string(newEpoch) + " from " + std::to_string(epoch()));
  return durableTransitionTo(
      UnattachedState(newEpoch, newLeaderId, isSameEpoch ? votedKey() : std::nullopt, unattachedElectionDeadline()));
}

base::Status QuorumState::giveVote(const ReplicaKey& candidate) {
  STREAMSCOPE_ASSERT(!votedKey() && candidate.id != localId(), "epoch " + std::to_string(epoch()));
  if (as<ProspectiveState>() != nullptr)
    return durableTransitionTo(
        ProspectiveState(localId(), epoch(), leaderId(), candidate, voters(), drawElectionDeadline()));
  STREAMSCOPE_ASSERT(as<UnattachedState>() != nullptr, std::string(quorumRoleName(role())));
  return durableTransitionTo(UnattachedState(epoch(), leaderId(), candidate, drawElectionDeadline()));
}

void QuorumState::transitionToProspective() {
  memoryTransitionTo(ProspectiveState(localId(), epoch(), leaderId(), votedKey(), voters(), drawElectionDeadline()));
}

base::Status QuorumState::transitionToCandidate() {
  return durableTransitionTo(CandidateState(m_options.local, epoch() + 1, voters(), drawElectionDeadline()));
}

base::Status QuorumState::transitionToLeader(base::Offset epochStartOffset) {
  const auto* candidate = as<CandidateState>();
  STREAMSCOPE_ASSERT(candidate != nullptr && candidate->election().isVoteGranted(), "epoch " + std::to_string(epoch()));
  return durableTransitionTo(LeaderState({.localId = localId(),
                                          .epoch = epoch(),
                                          .epochStartOffset = epochStartOffset,
                                          .voters = voters(),
                                          .grantingVoters = candidate->election().grantingVoters(),
                                          .fetchTimeout = m_options.fetchTimeout,
                                          .bugs = m_options.bugs},
                                         m_clock->now()));
}

base::Status QuorumState::transitionToFollower(int32_t newEpoch, int32_t newLeaderId) {
  STREAMSCOPE_ASSERT(newLeaderId != localId(), std::to_string(newLeaderId));
  const bool isSameEpoch = newEpoch == epoch();
  const bool canFollowInEpoch = role() != QuorumRole::Follower && role() != QuorumRole::Leader;
  STREAMSCOPE_ASSERT(newEpoch > epoch() || (isSameEpoch && canFollowInEpoch),
                     std::to_string(newEpoch) + " from " + std::to_string(epoch()));
  return durableTransitionTo(
      FollowerState(newEpoch, newLeaderId, isSameEpoch ? votedKey() : std::nullopt, nextFetchDeadline()));
}

void QuorumState::transitionToResigned(std::vector<int32_t> preferredSuccessors) {
  STREAMSCOPE_ASSERT(role() == QuorumRole::Leader, std::string(quorumRoleName(role())));
  const std::vector<int32_t> others = otherVoters();
  memoryTransitionTo(ResignedState(localId(), epoch(), std::set(others.begin(), others.end()),
                                   std::move(preferredSuccessors), drawElectionDeadline()));
}

}  // namespace streamscope::controller
