#include "log_loader.h"

#include <algorithm>
#include <map>
#include <utility>

#include "batch_scanner.h"
#include "checkpoint_file.h"
#include "interrupted_replacement.h"
#include "producer_replay.h"
#include "segment_replacement.h"
#include "segment_splitter.h"
#include "surviving_batches.h"

namespace streamscope::log {
namespace {

using Cut = RecoveryReport::Cut;

base::Status fromStorage(const storage::StorageStatus& status) {
  if (status) return {};
  return base::fail(storage::toError(status.error()));
}

}  // namespace

LogLoader::LogLoader(const LogFiles& files, const PartitionLog::OpenOptions& options, DeletedSegments& deletedSegments,
                     ProducerSnapshots& snapshots, RecoveryReport& report)
    : m_files(files),
      m_options(options),
      m_deletedSegments(deletedSegments),
      m_snapshots(snapshots),
      m_report(report),
      m_epochs(files, {}) {}

base::Result<LoadedLog> LogLoader::load() {
  if (auto status = fromStorage(settleInterruptedReplacement(m_files)); !status)
    return base::fail(std::move(status).error());
  if (auto status = loadSegments(); !status) return base::fail(std::move(status).error());
  while (m_overflowed) {
    if (auto status = splitOverflowed(); !status) return base::fail(std::move(status).error());
    if (auto status = loadSegments(); !status) return base::fail(std::move(status).error());
  }
  if (auto status = settleOffsets(); !status) return base::fail(std::move(status).error());
  if (auto status = loadProducers(); !status) return base::fail(std::move(status).error());
  m_loaded.epochs = m_epochs.entries();
  return std::move(m_loaded);
}

base::Status LogLoader::loadSegments() {
  m_loaded = {};
  m_epochs = LeaderEpochCache(m_files, {});
  m_withoutIndex.clear();
  m_recoveredEnd = m_recoveredFrom = base::kNoOffset;
  m_mustRecoverAll = false;
  m_overflowed.reset();
  if (auto status = findSegments(); !status) return status;
  loadEpochs();
  return recoverSegments();
}

base::Status LogLoader::findSegments() {
  const auto entries = m_files.storage.list(m_files.directory);
  if (!entries) return base::fail(storage::toError(entries.error()));
  std::map<base::Offset, Segment::Sizes> sizes;
  std::set<base::Offset> withIndex;
  std::set<base::Offset> withTimeIndex;
  for (const storage::DirectoryEntry& entry : *entries)
    if (const auto offset = offsetOfFileName(entry.name, kLogSuffix)) sizes[*offset].log = entry.size;
  for (const storage::DirectoryEntry& entry : *entries) {
    const auto indexOffset = offsetOfFileName(entry.name, kOffsetIndexSuffix);
    const auto timeOffset = offsetOfFileName(entry.name, kTimeIndexSuffix);
    const auto transactionOffset = offsetOfFileName(entry.name, kTransactionIndexSuffix);
    const auto offset = indexOffset ? indexOffset : timeOffset ? timeOffset : transactionOffset;
    if (!offset) continue;
    const auto segment = sizes.find(*offset);
    if (segment == sizes.end()) {
      if (auto status = fromStorage(m_files.storage.remove(m_files.directory / entry.name)); !status) return status;
      continue;
    }
    if (indexOffset) segment->second.offsetIndex = entry.size;
    if (timeOffset) segment->second.timeIndex = entry.size;
    if (transactionOffset) segment->second.transactionIndex = entry.size;
    if (indexOffset) withIndex.insert(*offset);
    if (timeOffset) withTimeIndex.insert(*offset);
  }
  std::set<base::Offset> baseOffsets;
  for (const auto& [offset, size] : sizes) {
    baseOffsets.insert(offset);
    m_loaded.segments.push_back(std::make_unique<Segment>(m_files, offset, m_options.nowMs, size));
    if (!withIndex.contains(offset) || !withTimeIndex.contains(offset)) m_withoutIndex.insert(offset);
  }
  if (auto status = fromStorage(m_snapshots.open(baseOffsets)); !status) return status;
  m_withSnapshot = m_snapshots.offsets();
  return {};
}

void LogLoader::loadEpochs() {
  const bool hasBatches = std::any_of(m_loaded.segments.begin(), m_loaded.segments.end(),
                                      [](const auto& segment) { return segment->sizeInBytes() > 0; });
  const std::filesystem::path path = m_files.directory / kEpochCheckpointFile;
  const auto bytes = m_files.storage.readFile(path);
  if (!bytes) {
    m_mustRecoverAll = hasBatches;
    return;
  }
  const auto entries = parseEpochCheckpoint(*bytes);
  if (entries) {
    m_epochs = LeaderEpochCache(m_files, *entries);
    m_mustRecoverAll = hasBatches && entries->empty();
    return;
  }
  m_mustRecoverAll = true;
  m_report.cuts.push_back({path.string(), entries.error().atByte, bytes->size(),
                           sentence(path.string(), entries.error(), "the epochs were taken from the batches instead")});
}

base::Status LogLoader::recoverSegments() {
  auto& segments = m_loaded.segments;
  size_t firstUnclean = segments.size();
  if (m_mustRecoverAll) {
    firstUnclean = 0;
  } else if (!m_options.cleanShutdown) {
    // From the segment that contains the recovery point on.
    while (firstUnclean > 0 && segments[firstUnclean - 1]->baseOffset() > m_options.recoveryPoint) --firstUnclean;
    if (firstUnclean > 0) --firstUnclean;
    // A segment may have ended at the recovery point: then its records were on disk, but not yet its indexes.
    while (firstUnclean > 0 && firstUnclean < segments.size() &&
           !m_withSnapshot.contains(segments[firstUnclean]->baseOffset()))
      --firstUnclean;
  }
  const size_t before = m_report.cuts.size();
  bool epochsMayBeNew = false;
  for (size_t i = 0; i < segments.size(); ++i) {
    bool mustRecover = i >= firstUnclean || m_withoutIndex.contains(segments[i]->baseOffset());
    if (!mustRecover) {
      const auto transactionsUsable = checkTransactionIndex(segments[i]->transactionIndex());
      if (!transactionsUsable) return base::fail(transactionsUsable.error());
      mustRecover = !*transactionsUsable;
    }
    if (!mustRecover && (i + 1 == segments.size() || mayOverflow(i))) {
      // The end of the log must be known in any case; an overflowed segment tells none.
      const auto end = segments[i]->readEndOffset();
      if (!end) return base::fail(end.error());
      mustRecover = !end->has_value();
    }
    if (!mustRecover) continue;
    epochsMayBeNew = true;
    if (i > firstUnclean && isBehindHole(i)) {
      if (auto status = dropSegmentsFrom(i, "it follows the offsets " + std::to_string(m_recoveredEnd) + " to " +
                                                std::to_string(segments[i]->baseOffset() - 1) +
                                                ", which had not reached the disk");
          !status)
        return status;
      break;
    }
    if (auto status = recover(i); !status || m_overflowed) return status;
    // Once the reason to read it is gone, nothing makes the next start look at its new indexes.
    const bool isBelowRecoveryPoint =
        i + 1 < segments.size() &&
        (m_options.cleanShutdown || segments[i + 1]->baseOffset() <= m_options.recoveryPoint);
    if (isBelowRecoveryPoint)
      if (auto status = fromStorage(segments[i]->flush()); !status) return status;
  }
  if (auto status = fromStorage(m_snapshots.removeSuperseded()); !status) return status;
  if (epochsMayBeNew && (m_mustRecoverAll || m_report.cuts.size() != before || !m_epochs.entries().empty()))
    return fromStorage(m_epochs.write());
  return {};
}

/// The system may have written a segment to the disk before the one that it follows. What is missing at that one's end
/// leaves no torn batch when it was cut at a page that a batch ends with, or was all of it.
bool LogLoader::isBehindHole(size_t index) const {
  const base::Offset baseOffset = m_loaded.segments[index]->baseOffset();
  return !m_options.cleanShutdown && baseOffset > m_options.recoveryPoint && baseOffset > m_recoveredEnd &&
         !m_withSnapshot.contains(baseOffset);
}

base::Result<bool> LogLoader::checkTransactionIndex(const TransactionIndex& index) {
  const auto problem = index.sanityCheck();
  if (!problem) return base::fail(storage::toError(problem.error()));
  if (!*problem) return true;
  const std::string path = index.path().string();
  m_report.cuts.push_back(
      {path, (*problem)->atByte, index.sizeInBytes(), sentence(path, **problem, "it is built anew from the batches")});
  return false;
}

base::Status LogLoader::bringProducersTo(size_t index) {
  const base::Offset baseOffset = m_loaded.segments[index]->baseOffset();
  if (m_recoveredFrom == base::kNoOffset) {
    std::set<base::Offset> baseOffsets;
    for (const auto& segment : m_loaded.segments) baseOffsets.insert(segment->baseOffset());
    if (auto status = fromStorage(m_snapshots.supersedeBeyond(baseOffset, baseOffsets)); !status) return status;
    if (auto status = loadSnapshot(baseOffset); !status) return status;
    m_recoveredFrom = baseOffset;
  }
  // A segment that begins before the log start is read from its beginning: markers behind the start may end what began
  // before it.
  const auto before = std::span<const std::unique_ptr<Segment>>(m_loaded.segments).first(index);
  if (auto status = replayProducers(before, baseOffset, m_loaded.producers); !status) return status;
  m_snapshots.take(m_loaded.producers);
  return {};
}

bool LogLoader::mayOverflow(size_t index) const {
  const auto& segments = m_loaded.segments;
  return index + 1 < segments.size() &&
         segments[index + 1]->baseOffset() - segments[index]->baseOffset() - 1 > INT32_MAX;
}

base::Result<bool> LogLoader::isOverflowed(size_t index, uint64_t position) const {
  const auto& segments = m_loaded.segments;
  if (!mayOverflow(index)) return false;
  const auto file = segments[index]->file();
  if (!file) return base::fail(storage::toError(file.error()));
  BatchScanner scanner(**file, position, segments[index]->sizeInBytes(), BatchScanner::Depth::Headers);
  base::Offset expected = segments[index]->baseOffset();
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    const BatchHeader& header = scan->header;
    if (scan->end != BatchEnd::Complete || header.baseOffset < expected || header.lastOffsetDelta < 0) return false;
    expected = header.nextOffset();
  }
  return expected <= segments[index + 1]->baseOffset();
}

base::Status LogLoader::splitOverflowed() {
  auto& segments = m_loaded.segments;
  const Segment& segment = *segments[m_overflowed->index];
  // The snapshots of the parts say that everything before them is on stable storage.
  for (size_t i = 0; i < m_overflowed->index; ++i) {
    segments[i]->markUnsynced();
    if (auto status = fromStorage(segments[i]->flush()); !status) return status;
    segments[i]->closeFile();
  }
  SegmentSplitter splitter(m_files, m_options.config.indexIntervalBytes, m_options.nowMs);
  auto parts = splitter.split(segment, std::move(m_overflowed->producers));
  if (!parts) return base::fail(std::move(parts).error());
  segment.closeFile();
  const SegmentReplacement replacement{
      {segment.baseOffset()}, std::move(*parts), removalTime(m_options.nowMs, m_options.config.fileDeleteDelayMs)};
  return fromStorage(replaceSegments(m_files, replacement, m_deletedSegments, m_snapshots));
}

base::Status LogLoader::recover(size_t index) {
  Segment& segment = *m_loaded.segments[index];
  if (auto status = bringProducersTo(index); !status) return status;
  std::optional<ProducerStateManager> producersBefore;
  if (mayOverflow(index)) producersBefore = m_loaded.producers;
  segment.markUnsynced();
  if (auto status = fromStorage(segment.resetIndexes()); !status) return status;
  const auto file = segment.file();
  if (!file) return base::fail(storage::toError(file.error()));
  const uint64_t size = segment.sizeInBytes();
  BatchScanner scanner(**file, 0, size, BatchScanner::Depth::Checksums);
  base::Offset expected = segment.baseOffset();
  uint64_t lastIndexedPosition = 0;
  std::string reason;
  bool isWhole = false;
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    const BatchHeader& header = scan->header;
    isWhole = scan->end == BatchEnd::Complete;
    if (scan->end != BatchEnd::Complete)
      reason = scan->reason;
    else if (header.baseOffset < expected || header.lastOffsetDelta < 0)
      reason = "the offsets " + std::to_string(header.baseOffset) + " to " + std::to_string(header.lastOffset()) +
               " do not follow " + std::to_string(expected);
    else if (header.lastOffset() - segment.baseOffset() > INT32_MAX) {
      const auto overflowed = isOverflowed(index, scanner.position());
      if (!overflowed) return base::fail(overflowed.error());
      if (*overflowed) {
        m_overflowed = Overflowed{index, std::move(*producersBefore)};
        return {};
      }
      reason = "offset " + std::to_string(header.lastOffset()) + " is too large for this segment";
    }
    if (!reason.empty()) break;

    expected = header.nextOffset();
    segment.noteTimestamp(header.maxTimestamp, header.lastOffset());
    if (scanner.position() - lastIndexedPosition > static_cast<uint64_t>(m_options.config.indexIntervalBytes)) {
      const auto largest = segment.maxTimestamp();
      if (!largest) return base::fail(largest.error());
      if (auto status = fromStorage(segment.offsetIndex().append(header.lastOffset(), scanner.position())); !status)
        return status;
      if (auto status = fromStorage(segment.timeIndex().maybeAppend(largest->timestamp, largest->offset)); !status)
        return status;
      lastIndexedPosition = scanner.position();
    }
    if (header.partitionLeaderEpoch >= 0 && header.partitionLeaderEpoch > m_epochs.latestEpoch())
      m_epochs.assignUnwritten(header.partitionLeaderEpoch, header.baseOffset);
    const auto aborted = noteBatch(scanner, header, m_loaded.producers);
    if (!aborted) return base::fail(aborted.error());
    if (*aborted)
      if (auto status = fromStorage(segment.transactionIndex().append(**aborted)); !status) return status;
  }
  const uint64_t validBytes = reason.empty() ? size : scanner.position();
  m_recoveredEnd = expected;
  m_report.bytesScanned += validBytes;
  ++m_report.segmentsRecovered;
  if (validBytes < size)
    if (auto status = cut(index, {validBytes, reason, isWhole}); !status) return status;
  if (auto status = fromStorage(segment.finish()); !status) return status;
  return goOnFromSnapshot();
}

/// Kafka takes a snapshot of each segment it has recovered and goes on from that: of a producer the last batch is
/// known, and nothing of one that has expired.
base::Status LogLoader::goOnFromSnapshot() {
  ProducerStateManager& producers = m_loaded.producers;
  m_snapshots.take(producers);
  producers.load(producers.snapshot(), producers.endOffset());
  producers.removeExpired(m_options.nowMs, m_options.config.producerIdExpirationMs);
  return {};
}

base::Status LogLoader::cut(size_t index, const Damage& damage) {
  Segment& segment = *m_loaded.segments[index];
  const auto file = segment.file();
  if (!file) return base::fail(storage::toError(file.error()));
  const auto lost = findSurvivingBatches(**file, damage.atByte + (damage.isWholeBatch ? 0 : 1));
  if (!lost) return base::fail(storage::toError(lost.error()));
  const bool isTail = lost->batches == 0 && segmentsAreEmptyFrom(index + 1);
  m_report.cuts.push_back({segment.path().string(), damage.atByte, segment.sizeInBytes() - damage.atByte, damage.reason,
                           isTail ? Cut::Kind::TornTail : Cut::Kind::DamageInMiddle, lost->batches, lost->records});
  // First what follows: after another crash the damage is still here to say that it must go.
  if (auto status = dropSegmentsFrom(index + 1, "it follows the cut"); !status) return status;
  return fromStorage(segment.truncateFile(damage.atByte));
}

bool LogLoader::segmentsAreEmptyFrom(size_t index) const {
  return std::all_of(m_loaded.segments.begin() + static_cast<std::ptrdiff_t>(index), m_loaded.segments.end(),
                     [](const auto& segment) { return segment->sizeInBytes() == 0; });
}

base::Status LogLoader::dropSegmentsFrom(size_t index, const std::string& reason) {
  auto& segments = m_loaded.segments;
  while (segments.size() > index) {
    const Segment& last = *segments.back();
    const auto file = last.file();
    if (!file) return base::fail(storage::toError(file.error()));
    const auto lost = findSurvivingBatches(**file, 0);
    if (!lost) return base::fail(storage::toError(lost.error()));
    last.closeFile();
    m_report.cuts.push_back(
        {last.path().string(), 0, last.sizeInBytes(), reason, Cut::Kind::SegmentDropped, lost->batches, lost->records});
    const base::Offset baseOffset = last.baseOffset();
    segments.pop_back();
    m_snapshots.forget(baseOffset);
    const base::TimestampMs removeAtMs = removalTime(m_options.nowMs, m_options.config.fileDeleteDelayMs);
    if (auto status = fromStorage(m_deletedSegments.addSegment(baseOffset, removeAtMs)); !status) return status;
    if (auto status = fromStorage(m_deletedSegments.addSnapshot(baseOffset, removeAtMs)); !status) return status;
  }
  return {};
}

base::Status LogLoader::settleOffsets() {
  auto& segments = m_loaded.segments;
  base::Offset end = m_options.logStartOffset;
  if (!segments.empty()) {
    const auto lastEnd = segments.back()->readEndOffset();
    if (!lastEnd) return base::fail(lastEnd.error());
    end = lastEnd->value_or(segments.back()->baseOffset());
  }
  if (end < m_options.logStartOffset) {
    if (auto status = dropSegmentsFrom(0, "the log ends at " + std::to_string(end) + ", before its start offset " +
                                              std::to_string(m_options.logStartOffset));
        !status)
      return status;
    end = m_options.logStartOffset;
  }
  if (segments.empty()) {
    auto created = Segment::create(m_files, m_options.logStartOffset, m_options.nowMs);
    if (!created) return base::fail(storage::toError(created.error()));
    segments.push_back(std::move(*created));
  }
  m_loaded.logEndOffset = end;
  m_loaded.logStartOffset = std::max(m_options.logStartOffset, segments.front()->baseOffset());
  m_loaded.recoveryPoint = m_options.cleanShutdown ? end : std::min(m_options.recoveryPoint, end);
  if (auto status = fromStorage(m_epochs.truncateFromEnd(end)); !status) return status;
  return fromStorage(m_epochs.truncateFromStart(m_loaded.logStartOffset));
}

// The state of producers.

base::Status LogLoader::loadSnapshot(base::Offset end) {
  const base::Offset start = std::max(m_options.logStartOffset, m_loaded.segments.front()->baseOffset());
  if (auto status = fromStorage(m_snapshots.loadNewest(m_loaded.producers, start, end, &m_report)); !status)
    return status;
  m_loaded.producers.removeExpired(m_options.nowMs, m_options.config.producerIdExpirationMs);
  return {};
}

base::Status LogLoader::loadProducers() {
  // What recovery knows stays, as in Kafka also producers whose batches all lie below the log start in a segment that
  // goes on behind it; not what it knows of dropped batches or when all it read lies below.
  const base::Offset known = m_loaded.producers.endOffset();
  if (m_recoveredFrom == base::kNoOffset || known <= m_loaded.logStartOffset || known > m_loaded.logEndOffset)
    if (auto status = loadSnapshot(m_loaded.logEndOffset); !status) return status;
  return replayProducers(m_loaded.segments, m_loaded.logEndOffset, m_loaded.producers);
}

}  // namespace streamscope::log
