#include <algorithm>

#include "base/assert.h"
#include "raft_client.h"

namespace streamscope::controller {

using base::ErrorCode;

namespace {

std::string inMilliseconds(base::Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

}  // namespace

// Asking.

RaftClient::Now RaftClient::pollUnattached() {
  const Now deadline = m_quorum.as<UnattachedState>()->electionDeadline();
  if (now() >= deadline) {
    becomeProspective("no leader found in time (controller.quorum.election.timeout.ms = " +
                      inMilliseconds(m_config.quorumElectionTimeout) + ", up to twice that)");
    return base::kVirtualTimeMax;
  }
  return std::min(deadline, maybeFetchFromAny());
}

RaftClient::Now RaftClient::pollProspective() {
  const auto* prospective = m_quorum.as<ProspectiveState>();
  if (now() >= prospective->electionDeadline()) {
    onPreVotesLost("too few answers to its pre-votes in time");
    return base::kVirtualTimeMax;
  }
  return std::min(prospective->electionDeadline(), askForVotes(prospective->election(), /*isPreVote=*/true));
}

RaftClient::Now RaftClient::pollCandidate() {
  const auto* candidate = m_quorum.as<CandidateState>();
  if (now() >= candidate->electionDeadline()) {
    becomeProspective("not elected in time");
    return base::kVirtualTimeMax;
  }
  return std::min(candidate->electionDeadline(), askForVotes(candidate->election(), /*isPreVote=*/false));
}

RaftClient::Now RaftClient::askForVotes(const EpochElection& election, bool isPreVote) {
  if (election.isVoteRejected()) return base::kVirtualTimeMax;
  const VoteQuestion question{m_config.clusterId, m_quorum.local(), m_quorum.epoch(), m_log.end(), isPreVote};
  Now next = base::kVirtualTimeMax;
  for (const int32_t voter : election.unrecordedVoters()) {
    if (m_requests.isBackingOff(voter, now())) next = std::min(next, m_requests.backoffEnd(voter));
    maybeSend(voter, protocol::VoteRequest::kInfo.versionMax, voteRequest(question, voter),
              [this, voter](const protocol::ResponseBody& body) { return handleVoteAnswer(voter, body); });
  }
  return next;
}

bool RaftClient::handleVoteAnswer(int32_t voter, const protocol::ResponseBody& body) {
  const auto& response = std::get<protocol::VoteResponse>(body);
  const auto* partition = metadataPartitionOf(response);
  if (response.errorCode != 0 || partition == nullptr) return false;
  const auto error = static_cast<ErrorCode>(partition->errorCode);
  if (handleCommonAnswer(error, leaderNamedBy(*partition))) return true;
  if (error != ErrorCode::NONE) return false;
  recordVote(voter, partition->voteGranted);
  return true;
}

void RaftClient::recordVote(int32_t voter, bool isGranted) {
  if (auto* prospective = m_quorum.as<ProspectiveState>()) {
    prospective->election().record(voter, isGranted);
    if (prospective->election().isVoteGranted())
      becomeCandidate("a majority would vote for it");
    else if (prospective->election().isVoteRejected())
      onPreVotesLost("a majority would not vote for it");
  } else if (auto* candidate = m_quorum.as<CandidateState>()) {
    candidate->election().record(voter, isGranted);
    if (candidate->election().isVoteGranted()) becomeLeader();
  }
}

void RaftClient::onPreVotesLost(const std::string& reason) {
  const std::optional<int32_t> leaderId = m_quorum.leaderId();
  if (leaderId && *leaderId != m_quorum.localId() && m_quorum.isVoter(*leaderId))
    becomeFollower(m_quorum.epoch(), *leaderId, reason);
  else
    becomeUnattached(m_quorum.epoch(), leaderId, reason);
}

// Being asked.

protocol::VoteResponse RaftClient::handleVote(const protocol::VoteRequest& request) {
  protocol::VoteResponse refused;
  const auto* asked = metadataPartitionOf(request);
  if (!isOwnCluster(request.clusterId) || asked == nullptr) {
    refused.errorCode =
        static_cast<int16_t>(asked == nullptr ? ErrorCode::INVALID_REQUEST : ErrorCode::INCONSISTENT_CLUSTER_ID);
    return refused;
  }
  const auto refuse = [this](ErrorCode error) { return voteResponse(error, leaderAndEpoch(), false); };
  // A candidate's epoch is new: nothing of it can be in its log. That of a pre-vote may be old.
  const bool isIllegalEpoch =
      asked->preVote ? asked->lastOffsetEpoch > asked->replicaEpoch : asked->lastOffsetEpoch >= asked->replicaEpoch;
  if (isIllegalEpoch || asked->lastOffset < 0 || asked->lastOffsetEpoch < 0) return refuse(ErrorCode::INVALID_REQUEST);
  if (asked->replicaEpoch < m_quorum.epoch()) return refuse(ErrorCode::FENCED_LEADER_EPOCH);
  if (asked->replicaId < 0 || asked->replicaId == m_quorum.localId()) return refuse(ErrorCode::INVALID_REQUEST);

  if (asked->replicaEpoch > m_quorum.epoch())
    becomeUnattached(asked->replicaEpoch, std::nullopt,
                     "controller " + std::to_string(asked->replicaId) + " asks for votes in a higher epoch");
  if (request.voterId >= 0 && request.voterId != m_quorum.localId()) return refuse(ErrorCode::INVALID_VOTER_KEY);
  const VoteAnswer answer = decideVote(*asked);
  if (m_isClosed) return refuse(ErrorCode::KAFKA_STORAGE_ERROR);
  m_context.trace.record(world::QuorumVoteAnswered{m_context.self, world::controllerAddress(asked->replicaId),
                                                   asked->replicaEpoch, asked->preVote, answer.isGranted,
                                                   answer.reason});
  m_hasChanged = true;
  protocol::VoteResponse response = voteResponse(ErrorCode::NONE, leaderAndEpoch(), answer.isGranted);
  poll();
  return response;
}

VoteAnswer RaftClient::decideVote(const protocol::VoteRequest::TopicData::PartitionData& asked) {
  const SnapshotId own = m_log.end();
  VoteCandidate candidate;
  candidate.key = {asked.replicaId, asked.replicaDirectoryId};
  candidate.isPreVote = asked.preVote;
  candidate.isLogUpToDate = m_config.bugs.has(base::KnownBug::VoteForShorterLog) || asked.lastOffsetEpoch > own.epoch ||
                            (asked.lastOffsetEpoch == own.epoch && asked.lastOffset >= own.endOffset);
  VoteAnswer answer = m_quorum.canGrantVote(candidate);
  // The vote is on stable storage before anybody learns of it.
  if (answer.isGranted && !asked.preVote && !m_quorum.votedKey()) isWritten(m_quorum.giveVote(candidate.key));
  return answer;
}

// Who was elected, who resigns.

protocol::BeginQuorumEpochResponse RaftClient::handleBeginQuorumEpoch(
    const protocol::BeginQuorumEpochRequest& request) {
  const auto* told = metadataPartitionOf(request);
  if (!isOwnCluster(request.clusterId) || told == nullptr) {
    protocol::BeginQuorumEpochResponse refused;
    refused.errorCode =
        static_cast<int16_t>(told == nullptr ? ErrorCode::INVALID_REQUEST : ErrorCode::INCONSISTENT_CLUSTER_ID);
    return refused;
  }
  const auto answer = [this](ErrorCode error) { return beginQuorumEpochResponse(error, leaderAndEpoch()); };
  if (told->leaderEpoch < m_quorum.epoch()) return answer(ErrorCode::FENCED_LEADER_EPOCH);
  const bool isOtherLeader =
      told->leaderEpoch == m_quorum.epoch() && m_quorum.leaderId() && *m_quorum.leaderId() != told->leaderId;
  if (told->leaderId < 0 || told->leaderId == m_quorum.localId() || isOtherLeader)
    return answer(ErrorCode::INVALID_REQUEST);
  maybeTransition({told->leaderId, told->leaderEpoch}, "the leader has told it (BeginQuorumEpoch)");
  if (m_isClosed) return answer(ErrorCode::KAFKA_STORAGE_ERROR);
  const bool isMeant = request.voterId < 0 || request.voterId == m_quorum.localId();
  const auto response = answer(isMeant ? ErrorCode::NONE : ErrorCode::INVALID_VOTER_KEY);
  poll();
  return response;
}

namespace {

/// The best successor stands for election at once, the others later, each twice as long as the one before. Kafka:
/// endEpochElectionBackoff.
base::Duration successorDelay(const std::vector<int32_t>& successors, int32_t localId, base::Duration backoffMax) {
  const auto found = std::find(successors.begin(), successors.end(), localId);
  const auto position = found - successors.begin();
  const auto count = static_cast<int64_t>(successors.size());
  if (position == 0 && found != successors.end()) return base::Duration::zero();
  if (found == successors.end()) return backoffMax;
  return std::min(backoffMax, base::Duration((backoffMax.count() >> (count - 1)) << (position - 1)));
}

}  // namespace

protocol::EndQuorumEpochResponse RaftClient::handleEndQuorumEpoch(const protocol::EndQuorumEpochRequest& request) {
  const auto* told = metadataPartitionOf(request);
  if (!isOwnCluster(request.clusterId) || told == nullptr) {
    protocol::EndQuorumEpochResponse refused;
    refused.errorCode =
        static_cast<int16_t>(told == nullptr ? ErrorCode::INVALID_REQUEST : ErrorCode::INCONSISTENT_CLUSTER_ID);
    return refused;
  }
  const auto answer = [this](ErrorCode error) { return endQuorumEpochResponse(error, leaderAndEpoch()); };
  if (told->leaderEpoch < m_quorum.epoch()) return answer(ErrorCode::FENCED_LEADER_EPOCH);
  if (told->leaderId < 0 || told->leaderId == m_quorum.localId()) return answer(ErrorCode::INVALID_REQUEST);
  maybeTransition({told->leaderId, told->leaderEpoch}, "the leader has told it (EndQuorumEpoch)");
  if (m_isClosed) return answer(ErrorCode::KAFKA_STORAGE_ERROR);
  if (auto* follower = m_quorum.as<FollowerState>(); follower != nullptr && follower->leaderId() == told->leaderId) {
    std::vector<int32_t> successors = told->preferredSuccessors;
    for (const auto& candidate : told->preferredCandidates)
      if (successors.size() < told->preferredCandidates.size()) successors.push_back(candidate.candidateId);
    follower->overrideFetchDeadline(now() +
                                    successorDelay(successors, m_quorum.localId(), m_config.quorumElectionBackoffMax));
    m_hasChanged = true;
  }
  const auto response = answer(ErrorCode::NONE);
  poll();
  return response;
}

}  // namespace streamscope::controller
