#include "epoch_election.h"

namespace streamscope::controller {

EpochElection::EpochElection(const std::vector<int32_t>& voters) {
  for (const int32_t voter : voters) m_votes[voter] = Vote::Unrecorded;
}

void EpochElection::record(int32_t voter, bool isGranted) {
  if (const auto found = m_votes.find(voter); found != m_votes.end())
    found->second = isGranted ? Vote::Granted : Vote::Rejected;
}

std::vector<int32_t> EpochElection::votersWith(Vote vote) const {
  std::vector<int32_t> voters;
  for (const auto& [voter, cast] : m_votes)
    if (cast == vote) voters.push_back(voter);
  return voters;
}

}  // namespace streamscope::controller
