#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/virtual_time.h"
#include "controller/quorum_role.h"
#include "epoch_election.h"
#include "voting.h"

namespace streamscope::controller {

/// Has voted for itself in a new epoch and collects votes. Waits the whole election timeout, also when it cannot win
/// any more, so that others have their turn. Kafka: CandidateState.
class CandidateState {
 public:
  static constexpr QuorumRole kRole = QuorumRole::Candidate;

  CandidateState(ReplicaKey local, int32_t epoch, const std::vector<int32_t>& voters,
                 base::VirtualTime electionDeadline)
      : m_local(local), m_epoch(epoch), m_electionDeadline(electionDeadline), m_election(voters) {
    m_election.record(local.id, true);
  }

  int32_t epoch() const { return m_epoch; }
  std::optional<int32_t> leaderId() const { return std::nullopt; }
  std::optional<ReplicaKey> votedKey() const { return m_local; }
  base::VirtualTime electionDeadline() const { return m_electionDeadline; }
  EpochElection& election() { return m_election; }
  const EpochElection& election() const { return m_election; }
  VoteAnswer canGrantVote(const VoteCandidate& candidate) const {
    return answerOfCommittedVoter(candidate, "it is a candidate itself in this epoch");
  }

 private:
  ReplicaKey m_local;
  int32_t m_epoch;
  base::VirtualTime m_electionDeadline;
  EpochElection m_election;
};

}  // namespace streamscope::controller
