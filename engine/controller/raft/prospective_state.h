#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/virtual_time.h"
#include "controller/quorum_role.h"
#include "epoch_election.h"
#include "voting.h"

namespace streamscope::controller {

/// Asks the others whether they would vote for it, before it disturbs them with a new epoch (KIP-996). Keeps epoch,
/// leader and vote. Kafka: ProspectiveState.
class ProspectiveState {
 public:
  static constexpr QuorumRole kRole = QuorumRole::Prospective;

  /// Would vote for itself.
  ProspectiveState(int32_t localId, int32_t epoch, std::optional<int32_t> leaderId, std::optional<ReplicaKey> votedKey,
                   const std::vector<int32_t>& voters, base::VirtualTime electionDeadline)
      : m_epoch(epoch),
        m_leaderId(leaderId),
        m_votedKey(votedKey),
        m_electionDeadline(electionDeadline),
        m_election(voters) {
    m_election.record(localId, true);
  }

  int32_t epoch() const { return m_epoch; }
  std::optional<int32_t> leaderId() const { return m_leaderId; }
  std::optional<ReplicaKey> votedKey() const { return m_votedKey; }
  base::VirtualTime electionDeadline() const { return m_electionDeadline; }
  EpochElection& election() { return m_election; }
  const EpochElection& election() const { return m_election; }
  VoteAnswer canGrantVote(const VoteCandidate& candidate) const {
    return answerOfUncommittedVoter(candidate, m_leaderId, m_votedKey);
  }

 private:
  int32_t m_epoch;
  std::optional<int32_t> m_leaderId;
  std::optional<ReplicaKey> m_votedKey;
  base::VirtualTime m_electionDeadline;
  EpochElection m_election;
};

}  // namespace streamscope::controller
