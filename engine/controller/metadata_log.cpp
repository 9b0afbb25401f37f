#include "metadata_log.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "log/record_batch.h"
#include "protocol/record_codec.h"

namespace streamscope::controller {

base::TopicPartition metadataPartition() {
  return {std::string(kMetadataTopicName), 0};
}

base::Result<MetadataLog> MetadataLog::open(storage::Storage& storage, const ControllerConfig& config,
                                            base::TimestampMs nowMs, log::RecoveryReport& report) {
  log::PartitionLog::OpenOptions options;
  options.partition = metadataPartition();
  options.config.segmentBytes = config.metadataLogSegmentBytes;
  options.config.maxMessageBytes = static_cast<int32_t>(kBatchBytesMax);
  // Snapshots decide what may go, see `KIP-630`.
  options.config.retentionMs = -1;
  options.config.retentionBytes = -1;
  options.nowMs = nowMs;
  options.topicId = base::kMetadataTopicId;
  auto log = log::PartitionLog::open(storage, options.partition.toString(), options, report);
  if (!log) return base::fail(log.error());
  auto snapshots = MetadataSnapshots::open(storage, (*log)->directory(), (*log)->logStartOffset());
  if (!snapshots) return base::fail(snapshots.error());
  return MetadataLog(std::move(*log), std::move(*snapshots));
}

int32_t MetadataLog::lastEpoch() const {
  const auto snapshot = m_snapshots.latest();
  return std::max({m_log->latestEpoch(), snapshot ? snapshot->epoch : 0, 0});
}

// Loading.

base::Status MetadataLog::load(MetadataImage& image, base::TimestampMs nowMs, const ReplayListener& listener) {
  auto loaded = loadLatestSnapshot(nowMs, listener);
  if (!loaded) return base::fail(loaded.error());
  image = std::move(*loaded);
  const base::Status replayed = replayLog(image, listener);
  if (replayed) m_log->setHighWatermark(m_log->logEndOffset());
  return replayed;
}

base::Result<MetadataImage> MetadataLog::readSnapshotInto(const SnapshotId& id, const ReplayListener& listener,
                                                          QuorumVoters& voters) const {
  const auto bytes = m_snapshots.read(id);
  if (!bytes) return base::fail(bytes.error());
  MetadataImage image;
  // Every record of a snapshot counts as of its last offset (Kafka: QuorumController.handleLoadSnapshot).
  const base::Offset offset = id.endOffset - 1;
  const auto contents = readSnapshot(*bytes, m_snapshots.path(id).string(), [&](const auto& record) -> base::Status {
    if (!record) {
      if (listener.onSkipped) listener.onSkipped(offset, record.error().message);
      return {};
    }
    if (listener.onRecord) listener.onRecord(*record, offset);
    return image.tryReplay(*record);
  });
  if (!contents) return base::fail(contents.error());
  image.setPosition(offset, id.epoch);
  voters = contents->voters;
  return image;
}

base::Result<MetadataImage> MetadataLog::loadLatestSnapshot(base::TimestampMs nowMs, const ReplayListener& listener) {
  const auto& sizes = m_snapshots.sizes();
  for (auto snapshot = sizes.rbegin(); snapshot != sizes.rend(); ++snapshot) {
    const SnapshotId& id = snapshot->first;
    auto image = readSnapshotInto(id, listener, m_voters);
    if (!image && image.error().code != base::ErrorCode::CORRUPT_MESSAGE) return image;
    if (!image) {
      if (listener.onDamagedSnapshot) listener.onDamagedSnapshot(image.error().message);
      continue;
    }
    const base::LeaderEpoch logEpoch = m_log->latestEpoch();
    // The log stops before the snapshot: it was fetched and the log not yet cut (Kafka: truncateToLatestSnapshot).
    if (logEpoch < id.epoch || (logEpoch == id.epoch && m_log->logEndOffset() < id.endOffset)) {
      if (m_log->logEndOffset() == id.endOffset) return image;
      const base::Status cut = m_log->truncateFullyAndStartAt(id.endOffset, nowMs);
      if (!cut) return base::fail(cut.error());
    }
    return image;
  }
  if (m_log->logStartOffset() == 0) return MetadataImage();
  return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                    m_log->directory().string() + " begins at offset " + std::to_string(m_log->logStartOffset()) +
                        " and has no snapshot that can be read for what comes before; restore one.");
}

base::Status MetadataLog::replayLog(MetadataImage& image, const ReplayListener& listener) {
  const auto visitControl = [this](const protocol::ControlRecord& record) {
    if (const auto* version = std::get_if<protocol::KRaftVersionRecord>(&record))
      m_voters.kraftVersion = version->kRaftVersion;
    else if (const auto* voters = std::get_if<protocol::VotersRecord>(&record))
      m_voters.voters = *voters;
  };
  while (image.offset() + 1 < m_log->logEndOffset()) {
    const base::Offset before = image.offset();
    const auto batches = m_log->read(before + 1, m_log->logEndOffset(), kBatchBytesMax, /*atLeastOneBatch=*/true);
    if (!batches) return base::fail(batches.error());
    const base::Status replayed = replayBatches(image, batches->records, listener, visitControl);
    if (!replayed) return replayed;
    STREAMSCOPE_ASSERT(image.offset() > before, "offset " + std::to_string(before));
  }
  return {};
}

// Appending.

base::Result<log::AppendInfo> MetadataLog::appendLeaderChange(int32_t epoch, int32_t leaderId,
                                                              const std::vector<int32_t>& voters,
                                                              base::TimestampMs nowMs) {
  const bool isFirst = m_log->logEndOffset() == 0;
  const base::Status begun = m_log->assignEpochStart(epoch, m_log->logEndOffset());
  if (!begun) return base::fail(begun.error());
  // Version 0, as Kafka writes it: voters without directory ids.
  protocol::LeaderChangeMessage message;
  message.leaderId = leaderId;
  for (const int32_t voter : voters) message.voters.push_back({voter, base::kZeroUuid});
  message.grantingVoters = message.voters;

  log::RecordBatchBuilder::Options options;
  options.partitionLeaderEpoch = epoch;
  options.isControl = true;
  log::RecordBatchBuilder builder(options);
  const auto add = [&](const protocol::ControlRecord& record) {
    const protocol::ControlRecordBytes bytes = protocol::encodeControlRecord(record);
    builder.append(nowMs, bytes.key, bytes.value);
  };
  add(message);
  if (isFirst && m_voters.kraftVersion > 0) {
    add(protocol::KRaftVersionRecord{0, m_voters.kraftVersion});
    add(m_voters.voters);
  }
  return appendAndFlush(builder.build(), epoch, nowMs);
}

base::Result<log::AppendInfo> MetadataLog::append(const std::vector<protocol::MetadataRecord>& records,
                                                  int16_t metadataVersionLevel, int32_t epoch,
                                                  base::TimestampMs nowMs) {
  STREAMSCOPE_ASSERT(!records.empty());
  log::RecordBatchBuilder::Options options;
  options.partitionLeaderEpoch = epoch;
  log::RecordBatchBuilder builder(options);
  for (const protocol::MetadataRecord& record : records) {
    const int16_t version = protocol::metadataRecordVersion(record, metadataVersionLevel);
    builder.append(nowMs, std::nullopt, protocol::encodeMetadataRecord(record, version));
  }
  return appendAndFlush(builder.build(), epoch, nowMs);
}

base::Result<log::AppendInfo> MetadataLog::appendAndFlush(base::Bytes batch, int32_t epoch, base::TimestampMs nowMs) {
  auto appended =
      m_log->appendAsLeader(base::SharedBytes(std::move(batch)), epoch, nowMs, log::AppendOrigin::RaftLeader);
  if (!appended) return appended;
  if (const base::Status flushed = m_log->flush(); !flushed) return base::fail(flushed.error());
  m_log->setHighWatermark(m_log->logEndOffset());
  return appended;
}

base::Result<log::ReadInfo> MetadataLog::read(base::Offset from) const {
  return m_log->read(from, highWatermark(), kBatchBytesMax, /*atLeastOneBatch=*/true);
}

// Snapshots.

base::Result<SnapshotId> MetadataLog::writeSnapshot(const MetadataImage& image, int16_t metadataVersionLevel,
                                                    base::TimestampMs nowMs) {
  STREAMSCOPE_ASSERT(image.offset() + 1 == logEndOffset(), std::to_string(image.offset()));
  const SnapshotId id{image.offset() + 1, image.epoch()};
  SnapshotWriter writer({.epoch = id.epoch,
                         .lastContainedLogTimestamp = nowMs,
                         .nowMs = nowMs,
                         .voters = m_voters,
                         .metadataVersionLevel = metadataVersionLevel});
  const base::Status written = m_snapshots.write(id, writer.write(image.toRecords()));
  if (!written) return base::fail(written.error());
  return id;
}

}  // namespace streamscope::controller
