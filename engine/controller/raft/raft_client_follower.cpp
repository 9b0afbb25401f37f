#include <algorithm>

#include "raft_client.h"

namespace streamscope::controller {

using base::ErrorCode;

namespace {

// Kafka: MAX_FETCH_WAIT_MS and MAX_FETCH_SIZE_BYTES of KafkaRaftClient.
constexpr int32_t kFetchWaitMsMax = 500;
constexpr int32_t kFetchBytesMax = 8 * 1024 * 1024;

}  // namespace

RaftClient::Now RaftClient::pollFollower() {
  auto* follower = m_quorum.as<FollowerState>();
  if (now() >= follower->fetchDeadline()) {
    becomeProspective("nothing fetched from the leader in time (controller.quorum.fetch.timeout.ms)");
    return base::kVirtualTimeMax;
  }
  const int32_t leader = *follower->leaderId();
  // While the leader is silent, another voter may know a newer one.
  if (m_requests.isBackingOff(leader, now())) return std::min(follower->fetchDeadline(), maybeFetchFromAny());
  if (follower->snapshotFetch())
    maybeFetchSnapshotFrom(leader);
  else if (!m_requests.hasAnyInFlight())
    maybeFetchFrom(leader);
  return follower->fetchDeadline();
}

RaftClient::Now RaftClient::maybeFetchFromAny() {
  if (m_requests.hasAnyInFlight()) return base::kVirtualTimeMax;
  const std::optional<int32_t> voter = m_requests.anyReady(now(), m_random);
  if (!voter) return m_requests.earliestBackoffEnd();
  maybeFetchFrom(*voter);
  return base::kVirtualTimeMax;
}

void RaftClient::maybeFetchFrom(int32_t voter) {
  maybeSend(voter, protocol::FetchRequest::kInfo.versionMax, fetchRequest(),
            [this, voter](const protocol::ResponseBody& body) { return handleFetchAnswer(voter, body); });
}

protocol::FetchRequest RaftClient::fetchRequest() const {
  protocol::FetchRequest request;
  request.clusterId = m_config.clusterId;
  request.replicaState.replicaId = m_quorum.localId();
  request.maxWaitMs = kFetchWaitMsMax;
  request.maxBytes = kFetchBytesMax;
  auto& topic = request.topics.emplace_back();
  topic.topic = kMetadataTopicName;
  topic.topicId = base::kMetadataTopicId;
  auto& partition = topic.partitions.emplace_back();
  partition.currentLeaderEpoch = m_quorum.epoch();
  partition.fetchOffset = m_log.logEndOffset();
  partition.lastFetchedEpoch = m_log.lastEpoch();
  partition.logStartOffset = m_log.logStartOffset();
  partition.partitionMaxBytes = kFetchBytesMax;
  partition.replicaDirectoryId = m_quorum.local().directoryId;
  partition.highWatermark = m_log.highWatermark();
  return request;
}

bool RaftClient::handleFetchAnswer(int32_t source, const protocol::ResponseBody& body) {
  const auto& response = std::get<protocol::FetchResponse>(body);
  const auto* partition = metadataPartitionOf(response);
  if (response.errorCode != 0 || partition == nullptr) return false;
  const auto error = static_cast<ErrorCode>(partition->errorCode);
  const LeaderAndEpoch theirs = leaderNamedBy(partition->currentLeader);
  // Being told that somebody does not lead is no reason to ask again at once.
  if (handleCommonAnswer(error, theirs)) return error == ErrorCode::NONE;
  auto* follower = m_quorum.as<FollowerState>();
  if (error != ErrorCode::NONE || follower == nullptr || follower->leaderId() != source) return false;
  if (!followTo(*partition)) return false;
  // Installing or cutting may have failed, and with it the role.
  if (auto* still = m_quorum.as<FollowerState>()) still->onSuccessfulFetch(m_quorum.nextFetchDeadline());
  return true;
}

bool RaftClient::followTo(const protocol::FetchResponse::PartitionData& fetched) {
  if (fetched.divergingEpoch.epoch >= 0)
    return truncateTo({fetched.divergingEpoch.endOffset, fetched.divergingEpoch.epoch});
  if (fetched.snapshotId.epoch >= 0 && fetched.snapshotId.endOffset >= 0) {
    startSnapshotFetch({fetched.snapshotId.endOffset, fetched.snapshotId.epoch});
    return true;
  }
  if (fetched.records && !fetched.records->empty() && !appendFetched(*fetched.records)) return false;
  updateFollowerHighWatermark(fetched.highWatermark);
  return true;
}

bool RaftClient::truncateTo(const SnapshotId& leaderEnd) {
  const base::Offset from = m_log.logEndOffset();
  const auto cut = m_log.truncateToEndOffset(leaderEnd, nowMs());
  if (!cut) {
    fail(cut.error());
    return false;
  }
  m_context.trace.record(world::LogTruncated{m_context.self, metadataPartition(), from, *cut});
  return true;
}

bool RaftClient::appendFetched(const base::SharedBytes& batches) {
  const base::Status appended = m_log.appendAsFollower(batches, nowMs());
  if (!appended && appended.error().code == ErrorCode::KAFKA_STORAGE_ERROR) fail(appended.error());
  return appended.has_value();
}

void RaftClient::updateFollowerHighWatermark(base::Offset leaderHighWatermark) {
  const base::Offset highWatermark = std::min(leaderHighWatermark, m_log.logEndOffset());
  if (highWatermark <= m_log.highWatermark()) return;
  m_log.advanceHighWatermark(highWatermark);
  m_listener.onHighWatermark();
}

}  // namespace streamscope::controller
