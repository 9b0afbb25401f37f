#include "metadata_snapshot_fetch.h"

#include <utility>

#include "protocol/messages/fetch_snapshot.h"

namespace streamscope::broker {
namespace {

// Kafka: controller.quorum.fetch.timeout.ms, MAX_FETCH_SIZE_BYTES of KafkaRaftClient.
constexpr base::Duration kFetchTimeout = std::chrono::milliseconds(2000);
constexpr int32_t kFetchBytesMax = 8 * 1024 * 1024;

}  // namespace

MetadataSnapshotFetch::MetadataSnapshotFetch(world::NodeContext& context, const BrokerConfig& config,
                                             ControllerChannel& controller, controller::SnapshotId id, int32_t leader,
                                             int32_t leaderEpoch, Done done)
    : m_context(context),
      m_config(config),
      m_controller(controller),
      m_id(id),
      m_leader(leader),
      m_leaderEpoch(leaderEpoch),
      m_done(std::move(done)) {}

void MetadataSnapshotFetch::fetchNext() {
  protocol::FetchSnapshotRequest request;
  request.clusterId = m_config.clusterId;
  request.replicaId = m_config.nodeId;
  request.maxBytes = kFetchBytesMax;
  auto& topic = request.topics.emplace_back();
  topic.name = "__cluster_metadata";
  auto& partition = topic.partitions.emplace_back();
  partition.currentLeaderEpoch = m_leaderEpoch;
  partition.snapshotId = {m_id.endOffset, m_id.epoch};
  partition.position = static_cast<int64_t>(m_bytes.size());
  m_controller.sendTo(m_leader, std::move(request), kFetchTimeout,
                      [this](const world::Response& response) { onResponse(response); });
}

void MetadataSnapshotFetch::onResponse(const world::Response& response) {
  const auto* fetched = receivedBody<protocol::FetchSnapshotResponse>(response);
  const auto refuse = [this](base::ErrorCode code) {
    m_done(base::fail(code, "The snapshot " + controller::snapshotFileName(m_id) + " could not be fetched."));
  };
  if (fetched == nullptr || fetched->topics.size() != 1 || fetched->topics.front().partitions.size() != 1)
    return refuse(base::ErrorCode::REQUEST_TIMED_OUT);
  const auto& partition = fetched->topics.front().partitions.front();
  if (partition.errorCode != 0) return refuse(static_cast<base::ErrorCode>(partition.errorCode));
  if (partition.position != static_cast<int64_t>(m_bytes.size())) return refuse(base::ErrorCode::INVALID_REQUEST);
  const base::ByteView part = partition.unalignedRecords.view();
  m_bytes.insert(m_bytes.end(), part.begin(), part.end());
  if (static_cast<int64_t>(m_bytes.size()) < partition.size) return fetchNext();
  finish();
}

void MetadataSnapshotFetch::finish() {
  controller::MetadataImage image;
  const base::Offset lastOffset = m_id.endOffset - 1;
  const auto read = controller::readSnapshot(
      base::SharedBytes(std::move(m_bytes)), controller::snapshotFileName(m_id),
      [&](const auto& record) -> base::Status {
        if (record) return image.tryReplay(*record);
        m_context.trace.record(world::MetadataRecordSkipped{m_context.self, lastOffset, record.error().message});
        return {};
      });
  if (!read) return m_done(base::fail(read.error()));
  image.setPosition(lastOffset, m_id.epoch);
  m_done(std::move(image));
}

}  // namespace streamscope::broker
