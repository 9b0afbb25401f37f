#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/virtual_time.h"
#include "controller/quorum_role.h"
#include "controller/snapshot_file.h"
#include "voting.h"

namespace streamscope::controller {

/// Fetches the log from the leader, or first a snapshot. Kafka: FollowerState.
class FollowerState {
 public:
  static constexpr QuorumRole kRole = QuorumRole::Follower;

  /// A snapshot on its way.
  struct SnapshotFetch {
    SnapshotId id;
    base::Bytes bytes;
  };

  FollowerState(int32_t epoch, int32_t leaderId, std::optional<ReplicaKey> votedKey, base::VirtualTime fetchDeadline)
      : m_epoch(epoch), m_leaderId(leaderId), m_votedKey(votedKey), m_fetchDeadline(fetchDeadline) {}

  int32_t epoch() const { return m_epoch; }
  std::optional<int32_t> leaderId() const { return m_leaderId; }
  std::optional<ReplicaKey> votedKey() const { return m_votedKey; }
  /// Without a good answer of the leader until then, it is taken for dead.
  base::VirtualTime fetchDeadline() const { return m_fetchDeadline; }
  void onSuccessfulFetch(base::VirtualTime fetchDeadline) {
    m_fetchDeadline = fetchDeadline;
    m_hasFetchedFromLeader = true;
  }
  /// The leader has resigned and says when this voter should stand for election.
  void overrideFetchDeadline(base::VirtualTime fetchDeadline) { m_fetchDeadline = fetchDeadline; }

  std::optional<SnapshotFetch>& snapshotFetch() { return m_snapshotFetch; }

  /// Once it has fetched from the leader, nobody's pre-vote may disturb that.
  VoteAnswer canGrantVote(const VoteCandidate& candidate) const {
    const std::string following = "it follows " + std::to_string(m_leaderId);
    if (m_hasFetchedFromLeader) return VoteAnswer::refused(following);
    return answerOfCommittedVoter(candidate, following);
  }

 private:
  int32_t m_epoch;
  int32_t m_leaderId;
  std::optional<ReplicaKey> m_votedKey;
  base::VirtualTime m_fetchDeadline;
  bool m_hasFetchedFromLeader = false;
  std::optional<SnapshotFetch> m_snapshotFetch;
};

}  // namespace streamscope::controller
