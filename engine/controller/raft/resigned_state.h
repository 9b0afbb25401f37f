#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/virtual_time.h"
#include "controller/quorum_role.h"
#include "voting.h"

namespace streamscope::controller {

/// Has led this epoch and does no more; it must not write in it again. Tells the others until each has acknowledged.
/// Kafka: ResignedState.
class ResignedState {
 public:
  static constexpr QuorumRole kRole = QuorumRole::Resigned;

  /// `unacknowledged`: the other voters; `preferredSuccessors`: the same, the one with the longest log first.
  ResignedState(int32_t localId, int32_t epoch, std::set<int32_t> unacknowledged,
                std::vector<int32_t> preferredSuccessors, base::VirtualTime electionDeadline)
      : m_localId(localId),
        m_epoch(epoch),
        m_unacknowledged(std::move(unacknowledged)),
        m_preferredSuccessors(std::move(preferredSuccessors)),
        m_electionDeadline(electionDeadline) {}

  int32_t epoch() const { return m_epoch; }
  std::optional<int32_t> leaderId() const { return m_localId; }
  std::optional<ReplicaKey> votedKey() const { return std::nullopt; }
  base::VirtualTime electionDeadline() const { return m_electionDeadline; }
  const std::set<int32_t>& unacknowledgedVoters() const { return m_unacknowledged; }
  const std::vector<int32_t>& preferredSuccessors() const { return m_preferredSuccessors; }
  void acknowledge(int32_t voter) { m_unacknowledged.erase(voter); }
  VoteAnswer canGrantVote(const VoteCandidate& candidate) const {
    return answerOfCommittedVoter(candidate, "it has led this epoch and resigned");
  }

 private:
  int32_t m_localId;
  int32_t m_epoch;
  std::set<int32_t> m_unacknowledged;
  std::vector<int32_t> m_preferredSuccessors;
  base::VirtualTime m_electionDeadline;
};

}  // namespace streamscope::controller
