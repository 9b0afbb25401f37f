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
  return MetadataLog(std::move(*log), std::move(*snapshots), config.bugs);
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
  m_log->setHighWatermark(std::max(m_log->highWatermark(), image.offset() + 1));
  return findVoters();
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

base::Status MetadataLog::findVoters() {
  const auto visitControl = [this](const protocol::ControlRecord& record) {
    if (const auto* version = std::get_if<protocol::KRaftVersionRecord>(&record))
      m_voters.kraftVersion = version->kRaftVersion;
    else if (const auto* voters = std::get_if<protocol::VotersRecord>(&record))
      m_voters.voters = *voters;
  };
  for (base::Offset next = m_log->logStartOffset(); next < m_log->logEndOffset();) {
    const auto batches = m_log->read(next, m_log->logEndOffset(), kBatchBytesMax, /*atLeastOneBatch=*/true);
    if (!batches) return base::fail(batches.error());
    const base::Offset after = visitControlBatches(batches->records, visitControl);
    if (after <= next) return {};
    next = after;
  }
  return {};
}

base::Status MetadataLog::replayCommitted(MetadataImage& image, const ReplayListener& listener) {
  while (image.offset() + 1 < highWatermark()) {
    const base::Offset before = image.offset();
    const auto batches = read(before + 1, highWatermark());
    if (!batches) return base::fail(batches.error());
    const base::Status replayed = replayBatches(image, batches->records, listener);
    if (!replayed) return replayed;
    STREAMSCOPE_ASSERT(image.offset() > before, "offset " + std::to_string(before));
  }
  return {};
}

// Appending.

base::Result<log::AppendInfo> MetadataLog::appendLeaderChange(const LeaderChange& change, base::TimestampMs nowMs) {
  const bool isFirst = m_log->logEndOffset() == 0;
  const base::Status begun = m_log->assignEpochStart(change.epoch, m_log->logEndOffset());
  if (!begun) return base::fail(begun.error());
  // Version 0, as Kafka writes it: voters without directory ids.
  protocol::LeaderChangeMessage message;
  message.leaderId = change.leaderId;
  for (const int32_t voter : change.voters) message.voters.push_back({voter, base::kZeroUuid});
  for (const int32_t voter : change.grantingVoters) message.grantingVoters.push_back({voter, base::kZeroUuid});

  log::RecordBatchBuilder::Options options;
  options.partitionLeaderEpoch = change.epoch;
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
  return appendAndFlush(builder.build(), change.epoch, nowMs);
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
  if (const base::Status synced = sync(); !synced) return base::fail(synced.error());
  return appended;
}

base::Status MetadataLog::sync() {
  return m_bugs.has(base::KnownBug::MetadataNotSynced) ? base::Status() : m_log->flush();
}

base::Status MetadataLog::appendAsFollower(const base::SharedBytes& batches, base::TimestampMs nowMs) {
  const auto appended = m_log->appendAsFollower(batches, nowMs);
  if (!appended) return base::fail(appended.error());
  return sync();
}

base::Result<base::Offset> MetadataLog::truncateToEndOffset(const SnapshotId& leaderEnd, base::TimestampMs nowMs) {
  const SnapshotId ours = endOfEpoch(leaderEnd.epoch);
  const base::Offset target =
      ours.epoch == leaderEnd.epoch ? std::min(ours.endOffset, leaderEnd.endOffset) : ours.endOffset;
  if (target < highWatermark())
    return base::fail(base::ErrorCode::OFFSET_OUT_OF_RANGE,
                      "The leader asks to cut the metadata log to offset " + std::to_string(target) +
                          ", below its committed records up to " + std::to_string(highWatermark()) + ".");
  if (const base::Status cut = m_log->truncateTo(target, nowMs); !cut) return base::fail(cut.error());
  return m_log->logEndOffset();
}

// Comparing and reading.

void MetadataLog::advanceHighWatermark(base::Offset offset) {
  if (offset > highWatermark()) m_log->setHighWatermark(offset);
}

base::Result<log::ReadInfo> MetadataLog::read(base::Offset from, base::Offset upTo) const {
  return m_log->read(from, upTo, kBatchBytesMax, /*atLeastOneBatch=*/true);
}

SnapshotId MetadataLog::endOfEpoch(int32_t epoch) const {
  const auto end = m_log->endOffsetForEpoch(epoch);
  if (end.epoch == base::kNoEpoch) return this->end();
  // The records of that epoch are gone: the log begins with the oldest snapshot.
  const auto& sizes = m_snapshots.sizes();
  if (!sizes.empty() && end.epoch == epoch && sizes.begin()->first.endOffset == end.endOffset)
    return sizes.begin()->first;
  return {end.endOffset, end.epoch};
}

MetadataLog::Agreement MetadataLog::agreementWith(base::Offset offset, int32_t epoch) const {
  using Kind = Agreement::Kind;
  if (logStartOffset() == 0 && offset == 0) return {Kind::Valid, {offset, epoch}};
  const auto& sizes = m_snapshots.sizes();
  if (!sizes.empty()) {
    const SnapshotId& oldest = sizes.begin()->first;
    const bool isAtStart = offset == logStartOffset() && logStartOffset() != 0;
    if (offset < logStartOffset() || (isAtStart && epoch != oldest.epoch) || epoch < oldest.epoch)
      return {Kind::Snapshotted, *m_snapshots.latest()};
  }
  const SnapshotId end = endOfEpoch(epoch);
  if (end.epoch != epoch || end.endOffset < offset) return {Kind::Diverging, end};
  return {Kind::Valid, {offset, epoch}};
}

// Snapshots.

base::Result<SnapshotId> MetadataLog::writeSnapshot(const MetadataImage& image, int16_t metadataVersionLevel,
                                                    base::TimestampMs nowMs) {
  STREAMSCOPE_ASSERT(image.offset() < highWatermark(), std::to_string(image.offset()));
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

base::Status MetadataLog::installSnapshot(const SnapshotId& id, base::ByteView bytes, base::TimestampMs nowMs) {
  if (const base::Status written = m_snapshots.write(id, bytes); !written) return written;
  if (const base::Status cut = m_log->truncateFullyAndStartAt(id.endOffset, nowMs); !cut) return cut;
  m_log->setHighWatermark(id.endOffset);
  return {};
}

// Retention.

base::Result<std::string> MetadataLog::whyNotKept(const SnapshotId& id, const Retention& retention,
                                                  uint64_t snapshotBytes, base::TimestampMs nowMs) {
  const uint64_t total = m_log->sizeInBytes() + snapshotBytes;
  if (retention.bytesMax >= 0 && total > static_cast<uint64_t>(retention.bytesMax))
    return "log and snapshots have " + std::to_string(total) +
           " bytes (metadata.max.retention.bytes = " + std::to_string(retention.bytesMax) + ")";
  if (retention.ageMsMax < 0) return std::string();
  if (!m_snapshotTimes.contains(id)) {
    const auto bytes = m_snapshots.read(id);
    if (!bytes) return base::fail(bytes.error());
    const auto contents =
        readSnapshot(*bytes, m_snapshots.path(id).string(), [](const auto&) -> base::Status { return {}; });
    // One that cannot be read says nothing of its age; it goes when it is too large.
    m_snapshotTimes[id] = contents ? contents->lastContainedLogTimestamp : nowMs;
  }
  if (nowMs - m_snapshotTimes.at(id) <= retention.ageMsMax) return std::string();
  return "metadata.max.retention.ms = " + std::to_string(retention.ageMsMax);
}

base::Result<MetadataLog::Cleaning> MetadataLog::clean(const Retention& retention, base::TimestampMs nowMs) {
  if (const base::Status removed = m_snapshots.removeRetired(); !removed) return base::fail(removed.error());
  if (const auto removed = m_log->removeDeletedFiles(nowMs); !removed) return base::fail(removed.error());
  Cleaning cleaning;
  while (m_snapshots.sizes().size() > 1) {
    uint64_t snapshotBytes = 0;
    for (const auto& [id, size] : m_snapshots.sizes()) snapshotBytes += size;
    const SnapshotId oldest = m_snapshots.sizes().begin()->first;
    const SnapshotId next = std::next(m_snapshots.sizes().begin())->first;
    auto reason = whyNotKept(oldest, retention, snapshotBytes, nowMs);
    if (!reason) return base::fail(reason.error());
    if (reason->empty() || next.endOffset > highWatermark()) break;
    if (const auto moved = m_log->incrementLogStartOffset(next.endOffset); !moved) return base::fail(moved.error());
    auto deleted = m_log->deleteOldSegments(nowMs);
    if (!deleted) return base::fail(deleted.error());
    cleaning.segments.insert(cleaning.segments.end(), deleted->deleted.begin(), deleted->deleted.end());
    if (const base::Status retired = m_snapshots.retireBefore(next); !retired) return base::fail(retired.error());
    m_snapshotTimes.erase(oldest);
    cleaning.snapshots.emplace_back(oldest, *reason);
  }
  return cleaning;
}

}  // namespace streamscope::controller
