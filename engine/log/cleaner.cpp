#include "cleaner.h"

#include <algorithm>

#include "base/assert.h"
#include "record_reader.h"

namespace streamscope::log {
namespace {

/// Half of log.cleaner.io.buffer.size is for writing, as in Kafka.
constexpr int32_t kBuffers = 2;

storage::StorageStatus removeCleaned(const LogFiles& cleanedFiles, base::Offset baseOffset) {
  for (const std::string_view suffix : {kLogSuffix, kOffsetIndexSuffix, kTimeIndexSuffix, kTransactionIndexSuffix}) {
    const std::filesystem::path path = cleanedFiles.path(baseOffset, suffix);
    if (!cleanedFiles.storage.exists(path)) continue;
    if (auto status = cleanedFiles.storage.remove(path); !status) return status;
  }
  return {};
}

}  // namespace

Cleaner::Cleaner(const PartitionLog& log, PartitionLog::Impl& impl, const CleanerConfig& config,
                 base::TimestampMs nowMs)
    : m_partitionLog(log),
      m_log(impl),
      m_config(config),
      m_nowMs(nowMs),
      m_map(static_cast<uint64_t>(config.dedupeBufferSize)),
      m_mapSizeMax(std::max(size_t{1},
                            static_cast<size_t>(static_cast<double>(m_map.slotCount()) * config.ioBufferLoadFactor))) {}

base::Result<CleanerStats> Cleaner::clean(const LogToClean& range) {
  m_stats.segmentsBefore = m_log.segments.size();
  if (auto status = buildOffsetMap(range); !status) return base::fail(std::move(status).error());
  m_stats.endOffset = m_map.latestOffset() + 1;
  m_stats.keys = m_map.size();
  m_stats.bufferUtilization = m_map.utilization();

  m_transactions = {};
  size_t first = 0;
  for (const size_t count : groupSegments(m_stats.endOffset, range.firstUncleanableOffset)) {
    if (auto status = cleanSegments(first, count, range.firstUncleanableOffset); !status)
      return base::fail(std::move(status).error());
    ++first;
  }
  m_stats.segmentsAfter = m_log.segments.size();
  return m_stats;
}

base::Result<BatchScan> Cleaner::next(BatchScanner& scanner, const Segment& segment) const {
  auto scan = scanner.next();
  if (!scan) return base::fail(m_log.failed(scan.error()));
  if (scan->end == BatchEnd::Complete) return std::move(*scan);
  return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                    segment.path().string() + " is damaged at byte " + std::to_string(scanner.position()) + ": " +
                        scan->reason + "; delete this replica so that it is copied from another broker.");
}

base::Status Cleaner::addAborted(base::Offset from, base::Offset endExclusive) {
  const auto aborted = m_partitionLog.abortedTransactions(from, endExclusive);
  if (!aborted) return base::fail(aborted.error());
  m_transactions.add(*aborted);
  return {};
}

// Pass 1.

base::Status Cleaner::buildOffsetMap(const LogToClean& range) {
  m_map.clear();
  if (auto status = addAborted(range.firstDirtyOffset, range.firstUncleanableOffset); !status) return status;
  const auto& segments = m_log.segments;
  for (size_t i = m_log.segmentIndexOf(range.firstDirtyOffset); i < segments.size(); ++i) {
    const Segment& segment = *segments[i];
    if (segment.baseOffset() >= range.firstUncleanableOffset) break;
    const auto isFull = addToOffsetMap(segment, range.firstDirtyOffset);
    if (&segment != m_log.openInactive) segment.closeFile();
    if (!isFull) return base::fail(isFull.error());
    if (*isFull) break;
    // The offsets up to the next segment are read even if no batch has them.
    const base::Offset end = i + 1 < segments.size() ? segments[i + 1]->baseOffset() : range.firstUncleanableOffset;
    m_map.updateLatestOffset(std::min(end, range.firstUncleanableOffset) - 1);
  }
  return {};
}

base::Result<bool> Cleaner::addToOffsetMap(const Segment& segment, base::Offset startOffset) {
  const auto start = segment.offsetIndex().lookup(startOffset);
  if (!start) return base::fail(m_log.failed(start.error()));
  const auto file = segment.file();
  if (!file) return base::fail(m_log.failed(file.error()));
  BatchScanner scanner(**file, start->position, segment.sizeInBytes(), BatchScanner::Depth::Checksums);
  while (!scanner.atEnd()) {
    const auto scan = next(scanner, segment);
    if (!scan) return base::fail(scan.error());
    const BatchHeader& header = scan->header;
    const auto batch = scanner.bytes();
    if (!batch) return base::fail(m_log.failed(batch.error()));
    m_stats.mapBytesRead += header.sizeInBytes;
    if (header.isControl()) {
      m_transactions.onControlBatch(header, *batch);
      ++m_stats.mapMessagesRead;
    } else if (m_transactions.onDataBatch(header)) {
      // What was aborted overwrites nothing.
      m_stats.mapMessagesRead += static_cast<uint64_t>(std::max(0, header.recordCount));
    } else {
      const auto isFull = addRecords(*batch, header, startOffset);
      if (!isFull || *isFull) return isFull;
    }
    if (header.lastOffset() >= startOffset) m_map.updateLatestOffset(header.lastOffset());
  }
  return false;
}

base::Result<bool> Cleaner::addRecords(base::ByteView batch, const BatchHeader& header, base::Offset startOffset) {
  auto reader = RecordReader::open(batch, header);
  if (!reader) return base::fail(std::move(reader).error());
  RecordView record;
  while (reader->hasNext()) {
    if (auto status = reader->next(record, false); !status) return base::fail(std::move(status).error());
    if (record.key && record.offset >= startOffset) {
      if (m_map.size() >= m_mapSizeMax) return true;
      m_map.put(*record.key, record.offset);
    }
    ++m_stats.mapMessagesRead;
  }
  return false;
}

// Pass 2.

std::vector<size_t> Cleaner::groupSegments(base::Offset endOffset, base::Offset firstUncleanableOffset) const {
  const auto& segments = m_log.segments;
  size_t end = 0;
  while (end < segments.size() && segments[end]->baseOffset() < endOffset) ++end;
  const uint64_t bytesMax = static_cast<uint64_t>(m_log.config.segmentBytes);
  const uint64_t indexBytesMax = static_cast<uint64_t>(m_log.config.segmentIndexBytes);
  std::vector<size_t> counts;
  for (size_t i = 0; i < end;) {
    const size_t first = i;
    Segment::Sizes sizes;
    do {
      sizes.log += segments[i]->sizeInBytes();
      sizes.offsetIndex += segments[i]->offsetIndex().sizeInBytes();
      sizes.timeIndex += segments[i]->timeIndex().sizeInBytes();
      ++i;
      if (i == end) break;
      // The next segment's last offset is not known without reading it; it is below the base offset of the one after.
      const base::Offset lastOffset = (i + 1 < end ? segments[i + 1]->baseOffset() : firstUncleanableOffset) - 1;
      const bool fits = sizes.log + segments[i]->sizeInBytes() <= bytesMax &&
                        sizes.offsetIndex + segments[i]->offsetIndex().sizeInBytes() <= indexBytesMax &&
                        sizes.timeIndex + segments[i]->timeIndex().sizeInBytes() <= indexBytesMax &&
                        (segments[i]->sizeInBytes() == 0 || lastOffset - segments[first]->baseOffset() <= INT32_MAX);
      if (!fits) break;
    } while (true);
    counts.push_back(i - first);
  }
  return counts;
}

base::Status Cleaner::cleanSegments(size_t first, size_t count, base::Offset upperBound) {
  const base::Offset baseOffset = m_log.segments[first]->baseOffset();
  const LogFiles cleanedFiles{m_log.files.storage, m_log.files.directory, kCleanedSuffix};
  if (auto status = m_log.statusOf(removeCleaned(cleanedFiles, baseOffset)); !status) return status;
  auto cleaned = Segment::create(cleanedFiles, baseOffset, m_nowMs);
  if (!cleaned) return base::fail(m_log.failed(cleaned.error()));
  if (auto status = writeCleaned(**cleaned, first, count, upperBound); !status) {
    // Whatever is left of it goes when the log is opened.
    (*cleaned)->closeFile();
    const auto ignored = removeCleaned(cleanedFiles, baseOffset);
    static_cast<void>(ignored);
    return status;
  }
  (*cleaned)->closeFile();
  std::vector<std::unique_ptr<Segment>> replacements;
  replacements.push_back(std::move(*cleaned));
  return m_log.replaceSegments(first, count, replacements, m_nowMs);
}

base::Status Cleaner::writeCleaned(Segment& cleaned, size_t first, size_t count, base::Offset upperBound) {
  Output output{cleaned, {}, {}};
  for (size_t i = first; i < first + count; ++i) {
    const Segment& source = *m_log.segments[i];
    const base::Offset end = i + 1 < m_log.segments.size() ? m_log.segments[i + 1]->baseOffset() : m_log.logEndOffset;
    if (auto status = addAborted(source.baseOffset(), end); !status) return status;
    auto status = cleanInto(output, source, upperBound);
    if (&source != m_log.openInactive) source.closeFile();
    if (!status) return status;
  }
  if (auto status = write(output); !status) return status;
  for (const AbortedTransaction& transaction : m_transactions.takeKeptAborted())
    if (auto status = m_log.statusOf(cleaned.transactionIndex().append(transaction)); !status) return status;
  if (auto status = m_log.statusOf(cleaned.finish()); !status) return status;
  return m_log.statusOf(cleaned.flush());
}

base::Status Cleaner::cleanInto(Output& output, const Segment& source, base::Offset upperBound) {
  const auto file = source.file();
  if (!file) return base::fail(m_log.failed(file.error()));
  BatchScanner scanner(**file, 0, source.sizeInBytes(), BatchScanner::Depth::Checksums);
  while (!scanner.atEnd()) {
    const auto scan = next(scanner, source);
    if (!scan) return base::fail(scan.error());
    const auto batch = scanner.bytes();
    if (!batch) return base::fail(m_log.failed(batch.error()));
    const BatchFilter filter = filterFor(scan->header, *batch, upperBound);
    const auto filtered = filterBatch(*batch, scan->header, filter);
    if (!filtered) return base::fail(filtered.error());
    m_stats.bytesRead += scan->header.sizeInBytes;
    m_stats.messagesRead += static_cast<uint64_t>(filtered->recordsRead);
    m_stats.messagesWritten += static_cast<uint64_t>(filtered->recordsKept);
    if (filtered->outcome == FilteredBatch::Outcome::Removed) continue;
    const base::ByteView kept =
        filtered->outcome == FilteredBatch::Outcome::Rewritten ? base::ByteView(filtered->bytes) : *batch;
    m_stats.bytesWritten += kept.size();
    output.bytes.insert(output.bytes.end(), kept.begin(), kept.end());
    output.headers.push_back(scanBatch(kept, false).header);
    if (output.bytes.size() < static_cast<size_t>(m_config.ioBufferSize / kBuffers)) continue;
    if (auto status = write(output); !status) return status;
  }
  return {};
}

base::Status Cleaner::write(Output& output) {
  if (output.bytes.empty()) return {};
  auto status = m_log.statusOf(output.segment.append(output.bytes, output.headers, m_log.config.indexIntervalBytes));
  output.bytes.clear();
  output.headers.clear();
  return status;
}

bool Cleaner::isLastOfActiveProducer(const BatchHeader& header) const {
  if (header.producerId < 0) return false;
  const auto& producers = m_log.producers.producers();
  const auto producer = producers.find(header.producerId);
  if (producer == producers.end()) return false;
  // Without data, the marker of its last epoch is what fences older instances of the producer.
  const auto* last = producer->second.lastBatch();
  if (last == nullptr) return header.isControl() && header.producerEpoch == producer->second.epoch;
  return header.lastOffset() == last->lastOffset;
}

BatchFilter Cleaner::filterFor(const BatchHeader& header, base::ByteView batch, base::Offset upperBound) {
  const bool mayGo =
      header.isControl() ? m_transactions.onControlBatch(header, batch) : m_transactions.onDataBatch(header);
  // A marker stays until consumers had the time to see it.
  const bool mustGo = mayGo && (!header.isControl() || (header.hasDeleteHorizon() && header.baseTimestamp <= m_nowMs));
  BatchFilter filter;
  // The last batch tells where the cleaned part of the log ends.
  if (isLastOfActiveProducer(header) || header.nextOffset() == upperBound)
    filter.retention = BatchRetention::RetainEmpty;
  else
    filter.retention = mustGo ? BatchRetention::Delete : BatchRetention::DeleteEmpty;
  filter.isMarkerOfEmptyTransaction = mayGo && header.isControl();
  filter.newDeleteHorizonMs = m_nowMs + std::min(m_log.config.deleteRetentionMs, INT64_MAX - m_nowMs);
  if (mustGo)
    filter.retains = [](const RecordView&) { return false; };
  else if (header.isControl())
    filter.retains = [](const RecordView&) { return true; };
  else
    filter.retains = [this, &header](const RecordView& record) { return retains(header, record); };
  return filter;
}

bool Cleaner::retains(const BatchHeader& header, const RecordView& record) {
  if (record.offset > m_map.latestOffset()) return true;
  if (!record.key) {
    ++m_stats.invalidMessagesRead;
    return false;
  }
  if (record.offset < m_map.get(*record.key)) return false;
  const bool isTombstoneDue = header.hasDeleteHorizon() && m_nowMs >= header.baseTimestamp;
  return record.value || !isTombstoneDue;
}

}  // namespace streamscope::log
