#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace streamscope::controller {

/// The votes of one election, or of one round of pre-votes. Kafka: EpochElection.
class EpochElection {
 public:
  explicit EpochElection(const std::vector<int32_t>& voters);

  /// The last word of a voter counts. Not being one changes nothing.
  void record(int32_t voter, bool isGranted);

  /// A majority has granted ...
  bool isVoteGranted() const { return count(Vote::Granted) >= majority(); }
  /// ... or can no longer grant.
  bool isVoteRejected() const { return count(Vote::Granted) + count(Vote::Unrecorded) < majority(); }
  std::vector<int32_t> grantingVoters() const { return votersWith(Vote::Granted); }
  std::vector<int32_t> unrecordedVoters() const { return votersWith(Vote::Unrecorded); }

 private:
  enum class Vote : uint8_t { Unrecorded, Granted, Rejected };

  size_t majority() const { return m_votes.size() / 2 + 1; }
  size_t count(Vote vote) const { return votersWith(vote).size(); }
  std::vector<int32_t> votersWith(Vote vote) const;

  std::map<int32_t, Vote> m_votes;
};

}  // namespace streamscope::controller
