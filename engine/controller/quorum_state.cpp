#include "controller/quorum_state.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "controller/quorum_state_file.h"

namespace streamscope::controller {

namespace {

struct Transition {
  QuorumRole from;
  QuorumRole to;
};

constexpr std::array<Transition, 5> kTransitions{{
    {QuorumRole::Unattached, QuorumRole::Candidate},
    {QuorumRole::Candidate, QuorumRole::Leader},
    {QuorumRole::Candidate, QuorumRole::Candidate},
    {QuorumRole::Leader, QuorumRole::Resigned},
    {QuorumRole::Resigned, QuorumRole::Candidate},
}};

}  // namespace

std::string_view quorumRoleName(QuorumRole role) {
  switch (role) {
    case QuorumRole::Unattached:
      return "Unattached";
    case QuorumRole::Candidate:
      return "Candidate";
    case QuorumRole::Leader:
      return "Leader";
    case QuorumRole::Resigned:
      return "Resigned";
  }
  return {};
}

bool isAllowedTransition(QuorumRole from, QuorumRole to) {
  return std::any_of(kTransitions.begin(), kTransitions.end(),
                     [&](const Transition& row) { return row.from == from && row.to == to; });
}

QuorumState::QuorumState(storage::Storage& storage, std::filesystem::path file, int32_t localId, int16_t kraftVersion,
                         const base::Uuid& localDirectoryId)
    : m_storage(&storage),
      m_file(std::move(file)),
      m_localId(localId),
      m_kraftVersion(kraftVersion),
      m_localDirectoryId(localDirectoryId),
      m_voters{localId} {}

base::Result<QuorumState> QuorumState::load(storage::Storage& storage, std::filesystem::path file, int32_t localId,
                                            int32_t lastLogEpoch, int16_t kraftVersion,
                                            const base::Uuid& localDirectoryId) {
  QuorumState state(storage, std::move(file), localId, kraftVersion, localDirectoryId);
  if (storage.exists(state.m_file)) {
    if (const base::Status status = state.read(); !status) return base::fail(status.error());
  }
  if (lastLogEpoch > state.m_epoch) {
    state.m_epoch = lastLogEpoch;
    state.m_leaderId.reset();
    state.m_votedId.reset();
  }
  if (state.m_leaderId == localId) state.m_role = QuorumRole::Resigned;
  return state;
}

base::Status QuorumState::read() {
  const auto bytes = m_storage->readFile(m_file);
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  const auto election = parseQuorumState(*bytes, m_file.string());
  if (!election) return base::fail(election.error());
  m_epoch = election->leaderEpoch;
  m_leaderId = election->leaderId;
  m_votedId = election->votedId;
  return {};
}

base::Status QuorumState::write(int32_t epoch, std::optional<int32_t> leaderId, std::optional<int32_t> votedId) const {
  const base::Uuid votedDirectory = votedId ? m_localDirectoryId : base::kZeroUuid;
  const std::string text = formatQuorumState({epoch, leaderId, votedId, votedDirectory, m_voters}, m_kraftVersion);
  const auto written = m_storage->writeFileAtomically(m_file, base::asBytes(text));
  if (!written) return base::fail(storage::toError(written.error()));
  return {};
}

void QuorumState::moveTo(QuorumRole role) {
  STREAMSCOPE_ASSERT(isAllowedTransition(m_role, role),
                     std::string(quorumRoleName(m_role)) + " to " + std::string(quorumRoleName(role)));
  m_role = role;
}

base::Status QuorumState::transitionToCandidate() {
  if (const base::Status written = write(m_epoch + 1, std::nullopt, m_localId); !written) return written;
  moveTo(QuorumRole::Candidate);
  ++m_epoch;
  m_leaderId.reset();
  m_votedId = m_localId;
  return {};
}

base::Status QuorumState::transitionToLeader() {
  STREAMSCOPE_ASSERT(m_votedId == m_localId, "epoch " + std::to_string(m_epoch));
  // One vote, its own, is a majority only here.
  STREAMSCOPE_ASSERT(isOnlyVoter(), std::to_string(m_voters.size()) + " voters");
  if (const base::Status written = write(m_epoch, m_localId, std::nullopt); !written) return written;
  moveTo(QuorumRole::Leader);
  m_leaderId = m_localId;
  m_votedId.reset();
  return {};
}

void QuorumState::transitionToResigned() {
  moveTo(QuorumRole::Resigned);
  m_leaderId.reset();
}

}  // namespace streamscope::controller
