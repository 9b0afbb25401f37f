#include <algorithm>
#include <utility>

#include "raft_client.h"

namespace streamscope::controller {

using base::ErrorCode;

namespace {

/// Of a snapshot in one answer. Kafka: MAX_FETCH_SIZE_BYTES.
constexpr int32_t kFetchBytesMax = 8 * 1024 * 1024;

}  // namespace

// Serving.

protocol::FetchSnapshotResponse RaftClient::handleFetchSnapshot(const protocol::FetchSnapshotRequest& request) {
  protocol::FetchSnapshotResponse refused;
  const auto* asked = metadataPartitionOf(request);
  if (!isOwnCluster(request.clusterId) || asked == nullptr) {
    refused.errorCode =
        static_cast<int16_t>(asked == nullptr ? ErrorCode::INVALID_REQUEST : ErrorCode::INCONSISTENT_CLUSTER_ID);
    return refused;
  }
  const SnapshotId id{asked->snapshotId.endOffset, asked->snapshotId.epoch};
  const auto answer = [&](ErrorCode error) { return fetchSnapshotResponse(error, id, leaderAndEpoch()); };
  if (const ErrorCode error = checkLeaderOnly(asked->currentLeaderEpoch); error != ErrorCode::NONE)
    return answer(error);
  const auto& sizes = m_log.snapshots().sizes();
  if (!sizes.contains(id)) return answer(ErrorCode::SNAPSHOT_NOT_FOUND);
  const uint64_t size = sizes.at(id);
  if (asked->position < 0 || static_cast<uint64_t>(asked->position) >= size)
    return answer(ErrorCode::POSITION_OUT_OF_RANGE);
  const auto bytes = m_log.snapshots().read(id);
  if (!bytes) return answer(bytes.error().code);

  m_quorum.as<LeaderState>()->onFetchedBy(request.replicaId, now());
  protocol::FetchSnapshotResponse response = answer(ErrorCode::NONE);
  auto& partition = response.topics.front().partitions.front();
  const auto position = static_cast<size_t>(asked->position);
  const auto count = std::min(bytes->size() - position, static_cast<size_t>(std::max(request.maxBytes, 0)));
  partition.size = static_cast<int64_t>(size);
  partition.position = asked->position;
  partition.unalignedRecords = base::SharedBytes::copyOf(bytes->view().subspan(position, count));
  m_hasChanged = true;
  poll();
  return response;
}

// Fetching.

void RaftClient::startSnapshotFetch(const SnapshotId& id) {
  m_quorum.as<FollowerState>()->snapshotFetch() = FollowerState::SnapshotFetch{id, {}};
}

void RaftClient::maybeFetchSnapshotFrom(int32_t leader) {
  const auto& fetch = *m_quorum.as<FollowerState>()->snapshotFetch();
  protocol::FetchSnapshotRequest request;
  request.clusterId = m_config.clusterId;
  request.replicaId = m_quorum.localId();
  request.maxBytes = kFetchBytesMax;
  auto& topic = request.topics.emplace_back();
  topic.name = kMetadataTopicName;
  auto& partition = topic.partitions.emplace_back();
  partition.currentLeaderEpoch = m_quorum.epoch();
  partition.snapshotId = {fetch.id.endOffset, fetch.id.epoch};
  partition.position = static_cast<int64_t>(fetch.bytes.size());
  partition.replicaDirectoryId = m_quorum.local().directoryId;
  maybeSend(leader, protocol::FetchSnapshotRequest::kInfo.versionMax, std::move(request),
            [this, leader](const protocol::ResponseBody& body) { return handleFetchSnapshotAnswer(leader, body); });
}

bool RaftClient::handleFetchSnapshotAnswer(int32_t source, const protocol::ResponseBody& body) {
  const auto& response = std::get<protocol::FetchSnapshotResponse>(body);
  const auto* partition = metadataPartitionOf(response);
  if (response.errorCode != 0 || partition == nullptr) return false;
  const auto error = static_cast<ErrorCode>(partition->errorCode);
  const LeaderAndEpoch theirs = leaderNamedBy(partition->currentLeader);
  if (handleCommonAnswer(error, theirs)) return error == ErrorCode::NONE;
  auto* follower = m_quorum.as<FollowerState>();
  if (follower == nullptr || follower->leaderId() != source || !follower->snapshotFetch()) return false;
  FollowerState::SnapshotFetch& fetch = *follower->snapshotFetch();
  const bool isExpected = error == ErrorCode::NONE && partition->snapshotId.endOffset == fetch.id.endOffset &&
                          partition->snapshotId.epoch == fetch.id.epoch &&
                          partition->position == static_cast<int64_t>(fetch.bytes.size());
  if (!isExpected) {
    // The leader has a newer one by now; its answer to the next Fetch names it.
    follower->snapshotFetch().reset();
    return false;
  }
  const base::ByteView part = partition->unalignedRecords.view();
  fetch.bytes.insert(fetch.bytes.end(), part.begin(), part.end());
  if (static_cast<int64_t>(fetch.bytes.size()) >= partition->size && !installFetchedSnapshot(*follower)) return false;
  if (auto* still = m_quorum.as<FollowerState>()) still->onSuccessfulFetch(m_quorum.nextFetchDeadline());
  return true;
}

bool RaftClient::installFetchedSnapshot(FollowerState& follower) {
  FollowerState::SnapshotFetch fetch = std::move(*follower.snapshotFetch());
  follower.snapshotFetch().reset();
  const base::SharedBytes bytes(std::move(fetch.bytes));
  // One that was damaged on its way is asked for again: the own log must not go for it.
  const auto read = readSnapshot(bytes, snapshotFileName(fetch.id), [](const auto&) -> base::Status { return {}; });
  if (!read) return false;
  if (!isWritten(m_log.installSnapshot(fetch.id, bytes.view(), nowMs()))) return false;
  m_context.trace.record(world::MetadataSnapshotFetched{m_context.self, world::controllerAddress(*follower.leaderId()),
                                                        fetch.id.endOffset, fetch.id.epoch, bytes.size()});
  m_listener.onSnapshotInstalled();
  return !m_isClosed;
}

}  // namespace streamscope::controller
