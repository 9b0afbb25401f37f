#include <algorithm>
#include <utility>

#include "raft_client.h"

namespace streamscope::controller {

using base::ErrorCode;

RaftClient::Now RaftClient::pollLeader() {
  const auto* leader = m_quorum.as<LeaderState>();
  if (now() >= leader->checkQuorumDeadline()) {
    resign("no majority has fetched for 1.5 x controller.quorum.fetch.timeout.ms");
    return base::kVirtualTimeMax;
  }
  if (now() >= leader->beginQuorumEpochDeadline()) tellVoters();
  return std::min(leader->checkQuorumDeadline(), leader->beginQuorumEpochDeadline());
}

void RaftClient::tellVoters() {
  auto* leader = m_quorum.as<LeaderState>();
  for (const int32_t voter : leader->votersToTell(now())) {
    maybeSend(voter, protocol::BeginQuorumEpochRequest::kInfo.versionMax,
              beginQuorumEpochRequest(m_config.clusterId, m_quorum.localId(), m_quorum.epoch(), voter),
              [this](const protocol::ResponseBody& body) {
                const auto& response = std::get<protocol::BeginQuorumEpochResponse>(body);
                const auto* partition = metadataPartitionOf(response);
                if (response.errorCode != 0 || partition == nullptr) return false;
                const auto error = static_cast<ErrorCode>(partition->errorCode);
                const LeaderAndEpoch theirs = leaderNamedBy(*partition);
                return handleCommonAnswer(error, theirs) || error == ErrorCode::NONE;
              });
  }
  leader->onVotersTold(now());
}

void RaftClient::resign(const std::string& reason) {
  const Before was = before();
  m_quorum.transitionToResigned(m_quorum.as<LeaderState>()->followersByDescendingEndOffset());
  onTransition(was, reason);
  poll();
}

RaftClient::Now RaftClient::pollResigned() {
  const auto* resigned = m_quorum.as<ResignedState>();
  if (now() >= resigned->electionDeadline()) {
    becomeUnattached(m_quorum.epoch() + 1, std::nullopt, "nobody else was elected in time");
    return base::kVirtualTimeMax;
  }
  Now next = resigned->electionDeadline();
  for (const int32_t voter : resigned->unacknowledgedVoters()) {
    if (m_requests.isBackingOff(voter, now())) next = std::min(next, m_requests.backoffEnd(voter));
    maybeSend(voter, protocol::EndQuorumEpochRequest::kInfo.versionMax,
              endQuorumEpochRequest(m_config.clusterId, m_quorum.localId(), m_quorum.epoch(),
                                    resigned->preferredSuccessors()),
              [this, voter](const protocol::ResponseBody& body) {
                const auto& response = std::get<protocol::EndQuorumEpochResponse>(body);
                const auto* partition = metadataPartitionOf(response);
                if (response.errorCode != 0 || partition == nullptr) return false;
                const auto error = static_cast<ErrorCode>(partition->errorCode);
                const LeaderAndEpoch theirs = leaderNamedBy(*partition);
                if (handleCommonAnswer(error, theirs)) return true;
                if (error != ErrorCode::NONE) return false;
                if (auto* state = m_quorum.as<ResignedState>()) state->acknowledge(voter);
                return true;
              });
  }
  return next;
}

// What the replicas have.

void RaftClient::onLocalAppend() {
  auto* leader = m_quorum.as<LeaderState>();
  // Replicas that wait for records are served first; they are told of the high watermark when it moves.
  const bool hasMoved = leader->updateLocalEndOffset(m_log.logEndOffset());
  if (!hasMoved) return m_listener.onAppended();
  onReplicaProgress(hasMoved);
}

void RaftClient::onReplicaProgress(bool hasMoved) {
  if (!hasMoved) return;
  m_log.advanceHighWatermark(*m_quorum.as<LeaderState>()->highWatermark());
  m_listener.onHighWatermark();
}

namespace {

/// The replica that fetches; -1 for none.
int32_t replicaIdOf(const protocol::FetchRequest& request) {
  return request.replicaState.replicaId >= 0 ? request.replicaState.replicaId : request.replicaId;
}

}  // namespace

void RaftClient::noteFetch(const protocol::FetchRequest& request, int16_t version) {
  const auto* asked = metadataPartitionOf(request, version);
  auto* leader = m_quorum.as<LeaderState>();
  if (m_isClosed || leader == nullptr || asked == nullptr || !isOwnCluster(request.clusterId)) return;
  if (asked->currentLeaderEpoch != m_quorum.epoch() || asked->fetchOffset < 0 || asked->lastFetchedEpoch < 0) return;
  const auto agreement = m_log.agreementWith(asked->fetchOffset, asked->lastFetchedEpoch);
  if (agreement.kind != MetadataLog::Agreement::Kind::Valid) return;
  onReplicaProgress(leader->updateReplica(replicaIdOf(request), asked->fetchOffset, m_log.logEndOffset(), now()));
  m_hasChanged = true;
  poll();
}

protocol::FetchResponse RaftClient::answerFetch(const protocol::FetchRequest& request, int16_t version) const {
  protocol::FetchResponse response;
  const auto* asked = metadataPartitionOf(request, version);
  if (!isOwnCluster(request.clusterId) || asked == nullptr) {
    response.errorCode =
        static_cast<int16_t>(asked == nullptr ? ErrorCode::INVALID_REQUEST : ErrorCode::INCONSISTENT_CLUSTER_ID);
    return response;
  }
  auto& topic = response.responses.emplace_back();
  topic.topic = kMetadataTopicName;
  topic.topicId = base::kMetadataTopicId;
  auto& partition = topic.partitions.emplace_back();
  partition.highWatermark = -1;
  partition.currentLeader.leaderId = m_quorum.leaderId().value_or(-1);
  partition.currentLeader.leaderEpoch = m_quorum.epoch();
  partition.records.emplace();

  // A replica with an empty log has fetched up to epoch 0.
  const bool isInvalid = request.maxWaitMs < 0 || asked->fetchOffset < 0 || asked->lastFetchedEpoch < 0 ||
                         asked->lastFetchedEpoch > asked->currentLeaderEpoch;
  const ErrorCode refused = isInvalid ? ErrorCode::INVALID_REQUEST : checkLeaderOnly(asked->currentLeaderEpoch);
  partition.errorCode = static_cast<int16_t>(refused);
  if (refused != ErrorCode::NONE) return response;

  partition.highWatermark = m_log.highWatermark();
  partition.logStartOffset = m_log.logStartOffset();
  const auto agreement = m_log.agreementWith(asked->fetchOffset, asked->lastFetchedEpoch);
  switch (agreement.kind) {
    case MetadataLog::Agreement::Kind::Diverging:
      partition.divergingEpoch = {agreement.id.epoch, agreement.id.endOffset};
      return response;
    case MetadataLog::Agreement::Kind::Snapshotted:
      partition.snapshotId = {agreement.id.endOffset, agreement.id.epoch};
      return response;
    case MetadataLog::Agreement::Kind::Valid:
      break;
  }
  const base::Offset upTo = m_quorum.isVoter(replicaIdOf(request)) ? m_log.logEndOffset() : m_log.highWatermark();
  if (asked->fetchOffset >= upTo) return response;
  auto read = m_log.read(asked->fetchOffset, upTo);
  if (read)
    partition.records = std::move(read->records);
  else
    partition.errorCode = static_cast<int16_t>(read.error().code);
  return response;
}

}  // namespace streamscope::controller
