#include "log/partition_log.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "log_loader.h"
#include "partition_log_impl.h"
#include "partition_metadata_file.h"
#include "producer_replay.h"

namespace streamscope::log {

PartitionLog::Impl::Impl(storage::Storage& storage, std::filesystem::path directory, const OpenOptions& options)
    : files{storage, std::move(directory)},
      partition(options.partition),
      name(options.partition.toString()),
      directoryState(options.directoryState ? options.directoryState : std::make_shared<DirectoryState>()),
      config(options.config),
      epochs(files, {}),
      snapshots(files),
      deletedSegments(files),
      hotTail(directoryState->hotTails) {}

base::Error PartitionLog::Impl::failed(const base::Error& error) const {
  if (error.code == base::ErrorCode::KAFKA_STORAGE_ERROR && !directoryState->failure) directoryState->failure = error;
  return error;
}

base::Error PartitionLog::Impl::failed(const storage::Fault& fault) const {
  return failed(storage::toError(fault));
}

base::Status PartitionLog::Impl::statusOf(const storage::StorageStatus& status) const {
  if (status) return {};
  return base::fail(failed(status.error()));
}

base::Status PartitionLog::Impl::checkWritable() const {
  STREAMSCOPE_ASSERT(!isClosed, name);
  if (!directoryState->failure) return {};
  return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR, "The log directory of " + name +
                                                              " is offline: " + directoryState->failure->message +
                                                              ", then restart the broker.");
}

size_t PartitionLog::Impl::segmentIndexOf(base::Offset offset) const {
  const auto after = std::upper_bound(
      segments.begin(), segments.end(), offset,
      [](base::Offset wanted, const std::unique_ptr<Segment>& segment) { return wanted < segment->baseOffset(); });
  return after == segments.begin() ? 0 : static_cast<size_t>(after - segments.begin()) - 1;
}

void PartitionLog::Impl::forgetReads() {
  hotTail.clear();
  cursors = {};
  openInactive = nullptr;
}

// Opening.

base::Result<std::unique_ptr<PartitionLog>> PartitionLog::open(storage::Storage& storage,
                                                               const std::filesystem::path& directory,
                                                               const OpenOptions& options, RecoveryReport& report) {
  auto impl = std::make_unique<Impl>(storage, directory, options);
  if (!storage.exists(directory)) {
    if (auto status = impl->statusOf(storage.createDirectories(directory)); !status) return base::fail(status.error());
    if (auto status = impl->statusOf(storage.syncDirectory(directory.parent_path())); !status)
      return base::fail(status.error());
  }
  if (auto status = impl->openTopicId(options.topicId, report); !status) return base::fail(status.error());

  auto loaded = LogLoader(impl->files, options, impl->deletedSegments, impl->snapshots, report).load();
  if (!loaded) return base::fail(impl->failed(loaded.error()));
  impl->segments = std::move(loaded->segments);
  impl->epochs = LeaderEpochCache(impl->files, std::move(loaded->epochs));
  impl->logStartOffset = loaded->logStartOffset;
  impl->logEndOffset = loaded->logEndOffset;
  impl->recoveryPoint = loaded->recoveryPoint;
  impl->highWatermark = loaded->logStartOffset;
  impl->lastFlushMs = options.nowMs;
  // Files may have come and gone, and before a crash too.
  impl->namesChanged = !options.cleanShutdown || report.segmentsRecovered > 0 || impl->active().sizeInBytes() == 0;

  impl->producers = std::move(loaded->producers);
  impl->producers.forgetDecidedBelow(impl->highWatermark);
  for (const auto& segment : impl->segments) segment->closeFile();
  return std::unique_ptr<PartitionLog>(new PartitionLog(std::move(impl)));
}

base::Status PartitionLog::Impl::openTopicId(const base::Uuid& wanted, RecoveryReport& report) {
  const std::filesystem::path path = files.directory / kPartitionMetadataFile;
  if (files.storage.exists(path)) {
    const auto bytes = files.storage.readFile(path);
    if (!bytes) return base::fail(failed(bytes.error()));
    const auto found = parsePartitionMetadata(*bytes);
    if (found)
      topicId = *found;
    else
      report.cuts.push_back({path.string(), found.error().atByte, bytes->size(),
                             sentence(path.string(), found.error(), "it is written anew once the topic id is known")});
  }
  if (wanted.isZero() || topicId == wanted) return {};
  if (topicId.isZero()) return writeTopicId(wanted);
  return base::fail(base::ErrorCode::INCONSISTENT_TOPIC_ID,
                    path.string() + " says topic id " + topicId.toString() + ", the cluster says " + wanted.toString() +
                        "; this replica belongs to a deleted topic of the same name, remove it.");
}

base::Status PartitionLog::Impl::writeTopicId(const base::Uuid& id) {
  topicId = id;
  return statusOf(
      files.storage.writeFileAtomically(files.directory / kPartitionMetadataFile, formatPartitionMetadata(id)));
}

base::Status PartitionLog::Impl::rebuildProducers(base::TimestampMs nowMs) {
  if (auto status = statusOf(snapshots.loadNewest(producers, logStartOffset, logEndOffset, nullptr)); !status)
    return status;
  producers.removeExpired(nowMs, config.producerIdExpirationMs);
  if (auto status = replayProducers(segments, logEndOffset, producers); !status)
    return base::fail(failed(status.error()));
  producers.forgetDecidedBelow(highWatermark);
  return {};
}

PartitionLog::PartitionLog(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
PartitionLog::~PartitionLog() = default;

// What it is.

const base::TopicPartition& PartitionLog::partition() const {
  return m_impl->partition;
}
const std::filesystem::path& PartitionLog::directory() const {
  return m_impl->files.directory;
}
base::Uuid PartitionLog::topicId() const {
  return m_impl->topicId;
}
const LogConfig& PartitionLog::config() const {
  return m_impl->config;
}
void PartitionLog::setConfig(const LogConfig& config) {
  m_impl->config = config;
}
base::Offset PartitionLog::logStartOffset() const {
  return m_impl->logStartOffset;
}
base::Offset PartitionLog::logEndOffset() const {
  return m_impl->logEndOffset;
}
base::Offset PartitionLog::recoveryPoint() const {
  return m_impl->recoveryPoint;
}
base::Offset PartitionLog::highWatermark() const {
  return m_impl->highWatermark;
}
void PartitionLog::setHighWatermark(base::Offset offset) {
  m_impl->highWatermark = std::clamp(offset, m_impl->logStartOffset, m_impl->logEndOffset);
  m_impl->producers.forgetDecidedBelow(m_impl->highWatermark);
}
base::Offset PartitionLog::firstSegmentBaseOffset() const {
  return m_impl->segments.front()->baseOffset();
}
uint64_t PartitionLog::readsFromMemory() const {
  return m_impl->hotTail.hits();
}

base::Status PartitionLog::assignTopicId(const base::Uuid& topicId) {
  if (auto status = m_impl->checkWritable(); !status) return status;
  RecoveryReport ignored;
  return m_impl->openTopicId(topicId, ignored);
}

uint64_t PartitionLog::sizeInBytes() const {
  uint64_t total = 0;
  for (const auto& segment : m_impl->segments) total += segment->sizeInBytes();
  return total;
}

std::vector<SegmentInfo> PartitionLog::segments() const {
  std::vector<SegmentInfo> infos;
  infos.reserve(m_impl->segments.size());
  for (size_t i = 0; i < m_impl->segments.size(); ++i) {
    const Segment& segment = *m_impl->segments[i];
    SegmentInfo info;
    info.baseOffset = segment.baseOffset();
    info.endOffset = i + 1 < m_impl->segments.size() ? m_impl->segments[i + 1]->baseOffset() : m_impl->logEndOffset;
    info.bytes = segment.sizeInBytes();
    info.indexBytes = segment.offsetIndex().sizeInBytes();
    info.timeIndexBytes = segment.timeIndex().sizeInBytes();
    info.transactionIndexBytes = segment.transactionIndex().sizeInBytes();
    if (const auto largest = segment.maxTimestamp()) info.maxTimestamp = largest->timestamp;
    infos.push_back(info);
  }
  return infos;
}

std::vector<PartitionLog::ProducerInfo> PartitionLog::producers() const {
  std::vector<ProducerInfo> infos;
  for (const auto& [producerId, producer] : m_impl->producers.producers()) {
    ProducerInfo info;
    info.producerId = producerId;
    info.epoch = producer.epoch;
    info.lastTimestamp = producer.lastTimestamp;
    info.currentTxnFirstOffset = producer.currentTxnFirstOffset;
    info.coordinatorEpoch = producer.coordinatorEpoch;
    if (const auto* last = producer.lastBatch()) {
      info.lastSequence = last->lastSequence;
      info.lastOffset = last->lastOffset;
    }
    infos.push_back(info);
  }
  return infos;
}

// Leader epochs.

const std::vector<PartitionLog::EpochEntry>& PartitionLog::epochs() const {
  return m_impl->epochs.entries();
}
base::LeaderEpoch PartitionLog::latestEpoch() const {
  return m_impl->epochs.latestEpoch();
}

base::Status PartitionLog::assignEpochStart(base::LeaderEpoch epoch, base::Offset startOffset) {
  STREAMSCOPE_ASSERT(epoch >= 0, m_impl->name);
  STREAMSCOPE_ASSERT(startOffset >= 0, m_impl->name);
  if (auto status = m_impl->checkWritable(); !status) return status;
  return m_impl->statusOf(m_impl->epochs.assign(epoch, startOffset));
}

PartitionLog::EpochEnd PartitionLog::endOffsetForEpoch(base::LeaderEpoch epoch) const {
  return m_impl->epochs.endOffsetFor(epoch, m_impl->logEndOffset);
}

base::LeaderEpoch PartitionLog::epochForOffset(base::Offset offset) const {
  return m_impl->epochs.epochForOffset(offset);
}

// Truncation.

base::Status PartitionLog::Impl::deleteFiles(base::Offset baseOffset, base::TimestampMs nowMs) {
  namesChanged = true;
  const base::TimestampMs removeAtMs = removalTime(nowMs, config.fileDeleteDelayMs);
  if (auto status = statusOf(deletedSegments.addSegment(baseOffset, removeAtMs)); !status) return status;
  snapshots.forget(baseOffset);
  if (auto status = statusOf(deletedSegments.addSnapshot(baseOffset, removeAtMs)); !status) return status;
  if (directoryState->filesAwaitRemoval) directoryState->filesAwaitRemoval(removeAtMs);
  return {};
}

/// The newest first: a crash in between leaves a log without a hole.
base::Status PartitionLog::Impl::deleteSegmentsFrom(size_t index, base::TimestampMs nowMs) {
  openInactive = nullptr;
  while (segments.size() > index) {
    const base::Offset baseOffset = active().baseOffset();
    segments.pop_back();
    if (auto status = deleteFiles(baseOffset, nowMs); !status) return status;
  }
  return {};
}

base::Status PartitionLog::truncateTo(base::Offset offset, base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return status;
  // No record goes, but an epoch may: this replica led, and another took over before it had appended anything.
  if (offset >= impl.logEndOffset) return impl.statusOf(impl.epochs.truncateFromEnd(impl.logEndOffset));
  if (offset < impl.segments.front()->baseOffset()) return truncateFullyAndStartAt(offset, nowMs);

  impl.forgetReads();
  const size_t index = impl.segmentIndexOf(offset);
  const auto cut = impl.segments[index]->find(offset);
  if (!cut) return base::fail(impl.failed(cut.error()));
  // Compaction may have left a gap there: what is written into it next is not on the disk yet.
  const base::Offset newEnd = *cut ? std::min(offset, (*cut)->header.baseOffset) : offset;
  if (auto status = impl.beginTruncation(*this, newEnd, impl.segments[index]->baseOffset()); !status) return status;
  if (auto status = impl.deleteSegmentsFrom(index + 1, nowMs); !status) return status;
  const auto end = impl.active().truncateTo(offset);
  if (!end) return base::fail(impl.failed(end.error()));
  impl.logEndOffset = *end;
  setHighWatermark(impl.highWatermark);
  if (auto status = impl.statusOf(impl.epochs.truncateFromEnd(*end)); !status) return status;
  if (auto status = impl.rebuildProducers(nowMs); !status) return status;
  return impl.finishTruncation();
}

base::Status PartitionLog::truncateFullyAndStartAt(base::Offset offset, base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return status;
  impl.forgetReads();
  // A crash in between may leave an empty log that begins at its old start.
  const base::Offset emptyStart = std::min(impl.logStartOffset, offset);
  if (auto status = impl.beginTruncation(*this, offset, emptyStart); !status) return status;
  if (auto status = impl.deleteSegmentsFrom(0, nowMs); !status) return status;
  auto created = Segment::create(impl.files, offset, nowMs);
  if (!created) return base::fail(impl.failed(created.error()));
  impl.segments.push_back(std::move(*created));
  impl.namesChanged = true;
  impl.logStartOffset = offset;
  impl.logEndOffset = offset;
  setHighWatermark(offset);
  impl.producers.clear(offset);
  if (auto status = impl.statusOf(impl.snapshots.removeAll()); !status) return status;
  if (auto status = impl.statusOf(impl.epochs.clear()); !status) return status;
  return impl.finishTruncation();
}

base::Status PartitionLog::Impl::beginTruncation(const PartitionLog& log, base::Offset newEnd, base::Offset cleanEnd) {
  logStartOffset = std::min(logStartOffset, newEnd);
  recoveryPoint = std::min(recoveryPoint, newEnd);
  if (directoryState->lowerCheckpoints)
    if (auto status = directoryState->lowerCheckpoints(log); !status) return status;
  return directoryState->lowerCleanerOffset ? directoryState->lowerCleanerOffset(partition, cleanEnd) : base::Status{};
}

/// What was cut must not come back under what is appended next.
base::Status PartitionLog::Impl::finishTruncation() {
  namesChanged = true;
  return flush();
}

// Stable storage.

base::Status PartitionLog::flush() {
  if (auto status = m_impl->checkWritable(); !status) return status;
  return m_impl->flush();
}

base::Status PartitionLog::flushIfDue(base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  if (nowMs - impl.lastFlushMs < impl.config.flushMs) return {};
  impl.lastFlushMs = nowMs;
  if (impl.recoveryPoint == impl.logEndOffset) return {};
  return flush();
}

bool PartitionLog::hasEndedSegmentsToFlush() const {
  const auto first = m_impl->snapshots.firstUnwritten();
  return first && *first <= m_impl->active().baseOffset();
}

base::Status PartitionLog::flushEndedSegments() {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return status;
  if (!hasEndedSegmentsToFlush()) return {};
  return impl.flushSegments(impl.segments.size() - 1, impl.active().baseOffset());
}

base::Status PartitionLog::Impl::flush() {
  return flushSegments(segments.size(), logEndOffset);
}

base::Status PartitionLog::Impl::flushSegments(size_t count, base::Offset end) {
  // A log start that was raised takes the recovery point along, past segments that were not synced.
  const base::Offset from = std::min(recoveryPoint, snapshots.firstUnwritten().value_or(recoveryPoint + 1) - 1);
  for (size_t i = segmentIndexOf(from); i < count; ++i) {
    const Segment& segment = *segments[i];
    if (auto status = statusOf(segments[i]->flush()); !status) return status;
    if (&segment != &active() && &segment != openInactive) segment.closeFile();
  }
  if (snapshots.firstUnwritten()) {
    if (auto status = syncNames(); !status) return status;
    if (auto status = statusOf(snapshots.write(end)); !status) return status;
    namesChanged = true;
  }
  if (auto status = syncNames(); !status) return status;
  recoveryPoint = std::max(recoveryPoint, std::min(end, logEndOffset));
  return {};
}

base::Status PartitionLog::Impl::syncNames() {
  if (namesChanged)
    if (auto status = statusOf(files.storage.syncDirectory(files.directory)); !status) return status;
  namesChanged = false;
  wereNamesSynced = true;
  return {};
}

base::Status PartitionLog::close() {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return status;
  if (auto status = impl.statusOf(impl.active().finish()); !status) return status;
  impl.producers.setEndOffset(impl.logEndOffset);
  impl.snapshots.take(impl.producers);
  impl.namesChanged = true;
  if (auto status = flush(); !status) return status;
  impl.forgetReads();
  impl.isClosed = true;
  return {};
}

}  // namespace streamscope::log
