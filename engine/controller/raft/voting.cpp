#include "voting.h"

namespace streamscope::controller {

namespace {

const std::string kLogBehind = "the candidate's log is behind";

VoteAnswer byLog(const VoteCandidate& candidate) {
  return candidate.isLogUpToDate ? VoteAnswer::granted() : VoteAnswer::refused(kLogBehind);
}

}  // namespace

VoteAnswer answerOfUncommittedVoter(const VoteCandidate& candidate, const std::optional<int32_t>& leaderId,
                                    const std::optional<ReplicaKey>& votedKey) {
  if (candidate.isPreVote) return byLog(candidate);
  if (votedKey) {
    const bool isSameDirectory = votedKey->directoryId.isZero() || votedKey->directoryId == candidate.key.directoryId;
    if (votedKey->id == candidate.key.id && isSameDirectory) return VoteAnswer::granted();
    return VoteAnswer::refused("it has voted for " + std::to_string(votedKey->id) + " in this epoch");
  }
  if (leaderId) return VoteAnswer::refused(std::to_string(*leaderId) + " leads this epoch");
  return byLog(candidate);
}

VoteAnswer answerOfCommittedVoter(const VoteCandidate& candidate, const std::string& whyNotVote) {
  return candidate.isPreVote ? byLog(candidate) : VoteAnswer::refused(whyNotVote);
}

}  // namespace streamscope::controller
