#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/known_bug.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "controller/quorum_role.h"
#include "voting.h"

namespace streamscope::controller {

/// Writes the log, knows how far each replica has it, and from that the high watermark. Kafka: LeaderState.
class LeaderState {
 public:
  static constexpr QuorumRole kRole = QuorumRole::Leader;

  struct Options {
    int32_t localId = 0;
    int32_t epoch = 0;
    /// Offset of the LEADER_CHANGE this leader is going to write.
    base::Offset epochStartOffset = 0;
    std::vector<int32_t> voters;
    std::vector<int32_t> grantingVoters;
    base::Duration fetchTimeout{};
    base::KnownBugs bugs = {};
  };
  LeaderState(Options options, base::VirtualTime now);

  int32_t epoch() const { return m_options.epoch; }
  std::optional<int32_t> leaderId() const { return m_options.localId; }
  std::optional<ReplicaKey> votedKey() const { return std::nullopt; }
  VoteAnswer canGrantVote(const VoteCandidate&) const { return VoteAnswer::refused("it leads this epoch"); }

  base::Offset epochStartOffset() const { return m_options.epochStartOffset; }
  const std::vector<int32_t>& grantingVoters() const { return m_options.grantingVoters; }

  /// How far a replica has the log, as its fetches tell.
  struct ReplicaProgress {
    /// None: nothing is known yet.
    std::optional<base::Offset> endOffset;
    std::optional<base::VirtualTime> lastFetch;
    /// When it last had everything that the leader had at its fetch before.
    std::optional<base::VirtualTime> lastCaughtUp;
    base::Offset leaderEndOffsetAtLastFetch = -1;
  };
  const std::map<int32_t, ReplicaProgress>& voters() const { return m_voters; }
  /// Replicas that do not vote; those silent for five minutes are forgotten (Kafka: OBSERVER_SESSION_TIMEOUT_MS).
  std::map<int32_t, ReplicaProgress> observers(base::VirtualTime now) const;

  /// Own records are on stable storage up to here. Both say whether the high watermark has moved: only to an offset
  /// that a majority has, and only once that covers a record of this epoch (Raft, 5.4.2).
  bool updateLocalEndOffset(base::Offset endOffset);
  /// A replica fetches from `fetchOffset` on: it has everything below on stable storage.
  bool updateReplica(int32_t replica, base::Offset fetchOffset, base::Offset logEndOffset, base::VirtualTime now);
  /// None until a record of this epoch is known to be on a majority.
  std::optional<base::Offset> highWatermark() const { return m_highWatermark; }

  /// A voter fetched, records or a snapshot.
  void onFetchedBy(int32_t voter, base::VirtualTime now);
  /// Unless a majority has fetched by then the leader must resign: it may be cut off. 1.5 x fetch timeout; never for an
  /// only voter.
  base::VirtualTime checkQuorumDeadline() const { return m_checkQuorumDeadline; }

  /// Voters that have not fetched for half a fetch timeout are told (again) who leads.
  std::vector<int32_t> votersToTell(base::VirtualTime now) const;
  base::VirtualTime beginQuorumEpochDeadline() const { return m_beginQuorumEpochDeadline; }
  void onVotersTold(base::VirtualTime now) { m_beginQuorumEpochDeadline = now + beginQuorumEpochTimeout(); }

  /// The other voters, who has most of the log first.
  std::vector<int32_t> followersByDescendingEndOffset() const;

 private:
  bool isVoter(int32_t replica) const { return m_voters.contains(replica); }
  bool maybeMoveHighWatermark();
  base::Duration checkQuorumTimeout() const { return m_options.fetchTimeout * 3 / 2; }
  base::Duration beginQuorumEpochTimeout() const { return m_options.fetchTimeout / 2; }

  Options m_options;
  std::map<int32_t, ReplicaProgress> m_voters;
  std::map<int32_t, ReplicaProgress> m_observers;
  std::optional<base::Offset> m_highWatermark;
  std::set<int32_t> m_fetchedVoters;
  base::VirtualTime m_checkQuorumDeadline;
  base::VirtualTime m_beginQuorumEpochDeadline;
};

}  // namespace streamscope::controller
