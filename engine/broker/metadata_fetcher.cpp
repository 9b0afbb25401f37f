#include "metadata_fetcher.h"

#include <utility>

#include "log/record_batch.h"
#include "protocol/record_codec.h"

namespace streamscope::broker {
namespace {

// Kafka: controller.quorum.fetch.timeout.ms, controller.quorum.retry.backoff.ms, MAX_FETCH_WAIT_MS and
// MAX_FETCH_SIZE_BYTES of KafkaRaftClient.
constexpr base::Duration kFetchTimeout = std::chrono::milliseconds(2000);
constexpr base::Duration kRetryBackoff = std::chrono::milliseconds(20);
constexpr int32_t kFetchWaitMsMax = 500;
constexpr int32_t kFetchBytesMax = 8 * 1024 * 1024;

}  // namespace

MetadataFetcher::MetadataFetcher(world::NodeContext& context, const BrokerConfig& config, ControllerChannel& controller,
                                 std::function<void()> onFirstImage, Publisher publish)
    : m_context(context),
      m_config(config),
      m_controller(controller),
      m_onFirstImage(std::move(onFirstImage)),
      m_publish(std::move(publish)) {}

void MetadataFetcher::fetch() {
  protocol::FetchRequest request;
  request.clusterId = m_config.clusterId;
  request.replicaState.replicaId = m_config.nodeId;
  request.maxWaitMs = kFetchWaitMsMax;
  request.maxBytes = kFetchBytesMax;
  protocol::FetchRequest::FetchTopic topic;
  topic.topic = "__cluster_metadata";
  topic.topicId = base::kMetadataTopicId;
  protocol::FetchRequest::FetchPartition partition;
  partition.currentLeaderEpoch = m_controllerEpoch;
  partition.fetchOffset = m_nextOffset;
  partition.lastFetchedEpoch = m_lastEpoch;
  partition.logStartOffset = 0;
  partition.partitionMaxBytes = kFetchBytesMax;
  topic.partitions.push_back(partition);
  request.topics.push_back(std::move(topic));
  m_asked = nextToAsk();
  m_controller.sendTo(m_asked, std::move(request), kFetchTimeout,
                      [this](const world::Response& response) { onResponse(response); });
}

// Finding the leader.

int32_t MetadataFetcher::nextToAsk() {
  if (const std::optional<int32_t> leader = m_controller.leader()) return *leader;
  const std::vector<int32_t>& voters = m_controller.voters();
  return voters[m_nextVoter++ % voters.size()];
}

void MetadataFetcher::loseLeader() {
  if (m_controller.leader() == m_asked) m_controller.setLeader(std::nullopt);
}

bool MetadataFetcher::learnLeader(const protocol::FetchResponse::PartitionData& partition) {
  const auto& told = partition.currentLeader;
  if (told.leaderEpoch < m_controllerEpoch) return false;
  const bool isNewEpoch = told.leaderEpoch > m_controllerEpoch;
  m_controllerEpoch = told.leaderEpoch;
  const std::optional<int32_t> before = m_controller.leader();
  if (told.leaderId >= 0)
    m_controller.setLeader(told.leaderId);
  else if (isNewEpoch || partition.errorCode != 0)
    m_controller.setLeader(std::nullopt);
  return isNewEpoch || m_controller.leader() != before;
}

void MetadataFetcher::retryLater() {
  m_context.timers.after(kRetryBackoff, [this] { fetch(); });
}

void MetadataFetcher::onResponse(const world::Response& response) {
  const auto* fetched = receivedBody<protocol::FetchResponse>(response);
  if (fetched == nullptr || fetched->errorCode != 0 || fetched->responses.empty() ||
      fetched->responses.front().partitions.empty()) {
    loseLeader();
    return retryLater();
  }
  const auto& partition = fetched->responses.front().partitions.front();
  const bool isNews = learnLeader(partition);
  if (partition.errorCode != 0 && isNews && m_controller.leader()) return fetch();
  // Only committed records are replayed here, so the logs cannot diverge below the next offset; a controller that says
  // so has not loaded its log yet.
  if (partition.errorCode != 0 || partition.divergingEpoch.endOffset != base::kNoOffset) return retryLater();
  if (partition.snapshotId.epoch >= 0 && partition.snapshotId.endOffset >= 0)
    return fetchSnapshot({partition.snapshotId.endOffset, partition.snapshotId.epoch});

  MetadataDelta delta;
  const base::Offset before = m_nextOffset;
  base::Status replayed;
  if (partition.records) replayed = replay(partition.records->view(), partition.highWatermark, delta);
  // A leader knows how far the log is committed once a record of its own epoch is.
  const bool hasAll =
      replayed && m_nextOffset > 0 && m_lastEpoch == m_controllerEpoch && m_nextOffset >= partition.highWatermark;
  if (hasAll && m_onFirstImage) std::exchange(m_onFirstImage, nullptr)();
  if (m_nextOffset != before) m_publish(delta);
  if (!replayed) return retryLater();
  fetch();
}

// A snapshot instead of records.

void MetadataFetcher::fetchSnapshot(const controller::SnapshotId& id) {
  m_snapshotFetch = std::make_unique<MetadataSnapshotFetch>(
      m_context, m_config, m_controller, id, m_asked, m_controllerEpoch,
      [this](base::Result<controller::MetadataImage> image) { onSnapshot(std::move(image)); });
  m_snapshotFetch->start();
}

void MetadataFetcher::onSnapshot(base::Result<controller::MetadataImage> image) {
  // The fetch that calls this ends with it, once it has returned.
  m_context.timers.after(base::Duration::zero(), [this] { m_snapshotFetch.reset(); });
  if (!image) return retryLater();
  MetadataDelta delta = MetadataDelta::ofWholeImage(*image);
  for (const auto& [id, topic] : m_image.topics())
    if (image->findTopic(id) == nullptr) delta.removedTopics.insert(id);
  m_image = std::move(*image);
  m_nextOffset = m_image.offset() + 1;
  m_lastEpoch = m_image.epoch();
  m_publish(delta);
  fetch();
}

// Records.

base::Status MetadataFetcher::replay(base::ByteView batches, base::Offset highWatermark, MetadataDelta& delta) {
  while (!batches.empty()) {
    const log::BatchScan scan = log::scanBatch(batches, true);
    if (scan.end == log::BatchEnd::Torn) return {};
    if (scan.end == log::BatchEnd::Damaged) return base::fail(base::ErrorCode::CORRUPT_MESSAGE, scan.reason);
    if (scan.header.nextOffset() > highWatermark) return {};
    if (scan.header.lastOffset() >= m_nextOffset) {
      if (!scan.header.isControl()) {
        if (const auto replayed = replayBatch(batches.first(scan.header.sizeInBytes), delta); !replayed)
          return replayed;
      }
      m_nextOffset = scan.header.nextOffset();
      m_lastEpoch = scan.header.partitionLeaderEpoch;
      m_image.setPosition(scan.header.lastOffset(), scan.header.partitionLeaderEpoch);
    }
    batches = batches.subspan(scan.header.sizeInBytes);
  }
  return {};
}

base::Status MetadataFetcher::replayBatch(base::ByteView batch, MetadataDelta& delta) {
  base::Status outcome;
  const base::Status iterated = log::forEachRecord(batch, [&](const log::RecordView& record) {
    // A batch is replayed as a whole or, after a damaged answer, once more from its first missing record.
    if (record.offset < m_nextOffset || !record.value) return true;
    const auto decoded = protocol::decodeMetadataRecord(base::SharedBytes::copyOf(*record.value));
    if (!decoded && decoded.error().code == base::ErrorCode::UNSUPPORTED_VERSION) {
      m_context.trace.record(world::MetadataRecordSkipped{m_context.self, record.offset, decoded.error().message});
    } else {
      outcome = decoded ? m_image.tryReplay(*decoded) : base::fail(decoded.error());
      if (!outcome) return false;
      delta.note(*decoded);
    }
    m_nextOffset = record.offset + 1;
    return true;
  });
  return iterated ? outcome : iterated;
}

}  // namespace streamscope::broker
