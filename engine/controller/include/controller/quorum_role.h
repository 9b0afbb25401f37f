#pragma once

#include <cstdint>
#include <string_view>

namespace streamscope::controller {

/// What a voter of the metadata quorum is at the moment (Kafka: EpochState and its subclasses; KIP-595, KIP-996). Each
/// has a class of its own in raft/.
///
///   from          to           when
///   Unattached    Unattached   a higher epoch was heard of, or the own vote was given
///   Unattached    Prospective  election timeout; at once for an only voter
///   Unattached    Follower     a leader of this or a higher epoch was heard of
///   Prospective   Candidate    a majority would vote for this voter (pre-votes)
///   Prospective   Unattached   a higher epoch; or the pre-votes were refused, and nobody was known to lead
///   Prospective   Prospective  the own vote was given
///   Prospective   Follower     a leader; or the pre-votes were refused, and somebody was known to lead
///   Candidate     Leader       a majority of the voters granted their vote
///   Candidate     Prospective  the election timed out
///   Candidate     Unattached   a higher epoch
///   Candidate     Follower     a leader of this or a higher epoch
///   Leader        Resigned     shutdown, no majority fetches any more, or the log directory failed
///   Leader        Unattached   a higher epoch
///   Leader        Follower     a leader of a higher epoch
///   Follower      Prospective  fetch timeout
///   Follower      Unattached   a higher epoch
///   Follower      Follower     a leader of a higher epoch
///   Resigned      Unattached   a higher epoch; election timeout, into the next epoch
///   Resigned      Follower     a leader of a higher epoch
///   Resigned      Prospective  at once for an only voter
enum class QuorumRole : uint8_t { Unattached, Prospective, Candidate, Leader, Follower, Resigned };

/// "Unattached", "Prospective", ...
std::string_view quorumRoleName(QuorumRole role);

/// Whether the table above has this row.
bool isAllowedTransition(QuorumRole from, QuorumRole to);

}  // namespace streamscope::controller
