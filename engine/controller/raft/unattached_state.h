#pragma once

#include <cstdint>
#include <optional>

#include "base/virtual_time.h"
#include "controller/quorum_role.h"
#include "voting.h"

namespace streamscope::controller {

/// Knows no leader to fetch from; may have voted in this epoch. Looks for the leader among the voters until its
/// election timeout. Kafka: UnattachedState.
class UnattachedState {
 public:
  static constexpr QuorumRole kRole = QuorumRole::Unattached;

  UnattachedState(int32_t epoch, std::optional<int32_t> leaderId, std::optional<ReplicaKey> votedKey,
                  base::VirtualTime electionDeadline)
      : m_epoch(epoch), m_leaderId(leaderId), m_votedKey(votedKey), m_electionDeadline(electionDeadline) {}

  int32_t epoch() const { return m_epoch; }
  std::optional<int32_t> leaderId() const { return m_leaderId; }
  std::optional<ReplicaKey> votedKey() const { return m_votedKey; }
  base::VirtualTime electionDeadline() const { return m_electionDeadline; }
  VoteAnswer canGrantVote(const VoteCandidate& candidate) const {
    return answerOfUncommittedVoter(candidate, m_leaderId, m_votedKey);
  }

 private:
  int32_t m_epoch;
  std::optional<int32_t> m_leaderId;
  std::optional<ReplicaKey> m_votedKey;
  base::VirtualTime m_electionDeadline;
};

}  // namespace streamscope::controller
