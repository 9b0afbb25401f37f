#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/known_bug.h"
#include "base/random.h"
#include "base/result.h"
#include "base/uuid.h"
#include "candidate_state.h"
#include "controller/quorum_role.h"
#include "follower_state.h"
#include "leader_state.h"
#include "prospective_state.h"
#include "quorum_state_file.h"
#include "resigned_state.h"
#include "storage/storage.h"
#include "unattached_state.h"
#include "world/node.h"

namespace streamscope::controller {

/// A voter's part in the election of the metadata log's leader: exactly one role, and the ways between them (the table
/// in controller/quorum_role.h; any other way is a bug: assertion). Epoch, vote and leader are in the `quorum-state`
/// file before anybody can learn of them, so a voter never forgets an epoch it has been in, nor its vote; a
/// KAFKA_STORAGE_ERROR leaves everything as it was. Deadlines are drawn here and obeyed elsewhere.
/// Sources: KIP-595, KIP-996; Kafka's QuorumState, ElectionState, FileQuorumStateStore.
class QuorumState {
 public:
  struct Options {
    ReplicaKey local;
    /// Ids, sorted, this node among them.
    std::vector<int32_t> voters;
    /// Decides the form of the file: with 0 it lists the voters, with 1 a vote names a directory.
    int16_t kraftVersion = 0;
    /// controller.quorum.election.timeout.ms; each is drawn from [t, 2t).
    base::Duration electionTimeout = std::chrono::milliseconds(1000);
    /// controller.quorum.fetch.timeout.ms.
    base::Duration fetchTimeout = std::chrono::milliseconds(2000);
    base::KnownBugs bugs = {};
  };

  /// Reads `file` when it is there. The epoch is the larger of the file's and `lastLogEpoch`. A node that led when its
  /// process ended starts as Resigned: it must not write in that epoch again; one that was a candidate goes on as one.
  /// KAFKA_STORAGE_ERROR when the file is there and cannot be understood. `random` gives the election timeouts.
  static base::Result<QuorumState> load(storage::Storage& storage, std::filesystem::path file, Options options,
                                        int32_t lastLogEpoch, const world::Clock& clock, base::Random random);

  QuorumRole role() const;
  int32_t epoch() const;
  /// The leader of this epoch, if there is one and it is known.
  std::optional<int32_t> leaderId() const;
  std::optional<ReplicaKey> votedKey() const;
  int32_t localId() const { return m_options.local.id; }
  const ReplicaKey& local() const { return m_options.local; }
  const std::vector<int32_t>& voters() const { return m_options.voters; }
  std::vector<int32_t> otherVoters() const;
  bool isOnlyVoter() const { return m_options.voters.size() == 1; }
  bool isVoter(int32_t id) const;

  /// The role's own state; null when the role is another.
  template <class State>
  State* as() {
    return std::get_if<State>(&m_state);
  }
  template <class State>
  const State* as() const {
    return std::get_if<State>(&m_state);
  }

  VoteAnswer canGrantVote(const VoteCandidate& candidate) const;

  /// Of a higher epoch, or from Prospective of the same one.
  base::Status transitionToUnattached(int32_t epoch, std::optional<int32_t> leaderId);
  /// Gives the vote of this epoch, once and for good; only as Unattached or Prospective.
  base::Status giveVote(const ReplicaKey& candidate);
  void transitionToProspective();
  /// Next epoch, with the own vote.
  base::Status transitionToCandidate();
  /// Needs a majority. `epochStartOffset`: where its first record will be.
  base::Status transitionToLeader(base::Offset epochStartOffset);
  /// Of a leader of a higher epoch, or of this one while none was known.
  base::Status transitionToFollower(int32_t epoch, int32_t leaderId);
  /// Keeps the epoch; the node leads no more. `preferredSuccessors`: the best first.
  void transitionToResigned(std::vector<int32_t> preferredSuccessors);

  base::VirtualTime nextFetchDeadline() const;

 private:
  using State =
      std::variant<UnattachedState, ProspectiveState, CandidateState, LeaderState, FollowerState, ResignedState>;

  QuorumState(storage::Storage& storage, std::filesystem::path file, Options options, const world::Clock& clock,
              base::Random random);

  base::Status read();
  State initialState(int32_t lastLogEpoch);
  /// What the file says of a state.
  ElectionState electionOf(const State& state) const;
  base::Status persist(const ElectionState& election);
  base::Status durableTransitionTo(State state);
  void memoryTransitionTo(State state);
  base::VirtualTime drawElectionDeadline();
  base::VirtualTime unattachedElectionDeadline();

  storage::Storage* m_storage;
  std::filesystem::path m_file;
  Options m_options;
  const world::Clock* m_clock;
  base::Random m_random;

  /// As the file has it; none before the first.
  std::optional<ElectionState> m_persisted;
  State m_state;
};

}  // namespace streamscope::controller
