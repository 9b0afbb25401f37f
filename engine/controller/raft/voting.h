#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/uuid.h"

namespace streamscope::controller {

/// A voter: with kraft.version 1 its id and its log directory, before only its id. Kafka: ReplicaKey.
struct ReplicaKey {
  int32_t id = -1;
  base::Uuid directoryId = base::kZeroUuid;

  bool operator==(const ReplicaKey&) const = default;
};

/// A voter that asks for a vote.
struct VoteCandidate {
  ReplicaKey key;
  /// Its log is at least as long as the own one, newer epochs first.
  bool isLogUpToDate = false;
  /// A pre-vote: the answer binds nobody.
  bool isPreVote = false;
};

/// Granted, or why not.
struct VoteAnswer {
  bool isGranted = false;
  std::string reason;

  static VoteAnswer granted() { return {true, {}}; }
  static VoteAnswer refused(std::string why) { return {false, std::move(why)}; }
};

/// The rule for a voter that leads nobody and follows nobody at the moment. Kafka:
/// QuorumState.unattachedOrProspectiveCanGrantVote.
VoteAnswer answerOfUncommittedVoter(const VoteCandidate& candidate, const std::optional<int32_t>& leaderId,
                                    const std::optional<ReplicaKey>& votedKey);

/// The rule for a voter whose vote of this epoch is its own: a pre-vote is about a later epoch.
VoteAnswer answerOfCommittedVoter(const VoteCandidate& candidate, const std::string& whyNotVote);

}  // namespace streamscope::controller
