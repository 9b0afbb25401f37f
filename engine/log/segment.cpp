#include "segment.h"

#include <algorithm>

#include "base/assert.h"
#include "batch_scanner.h"

namespace streamscope::log {

Segment::Segment(const LogFiles& files, base::Offset baseOffset, base::TimestampMs nowMs, const Sizes& sizes)
    : m_files(files),
      m_baseOffset(baseOffset),
      m_createdMs(nowMs),
      m_size(sizes.log),
      m_offsetIndex(files, baseOffset, sizes.offsetIndex),
      m_timeIndex(files, baseOffset, sizes.timeIndex),
      m_transactionIndex(files, baseOffset, sizes.transactionIndex) {}

storage::StorageResult<std::unique_ptr<Segment>> Segment::create(const LogFiles& files, base::Offset baseOffset,
                                                                 base::TimestampMs nowMs) {
  auto segment = std::make_unique<Segment>(files, baseOffset, nowMs, Sizes{});
  auto file = files.storage.open(segment->path(), storage::OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  if ((*file)->size() != 0)
    if (auto status = (*file)->truncate(0); !status) return base::fail(status.error());
  segment->m_file = std::move(*file);
  segment->m_isUnsynced = true;
  return segment;
}

storage::StorageResult<storage::File*> Segment::file() const {
  if (!m_file) {
    auto file = m_files.storage.open(path(), storage::OpenMode::ReadWrite);
    if (!file) return base::fail(file.error());
    m_file = std::move(*file);
  }
  return m_file.get();
}

Segment::Sizes Segment::sizes() const {
  return {m_size, m_offsetIndex.sizeInBytes(), m_timeIndex.sizeInBytes(), m_transactionIndex.sizeInBytes()};
}

base::Error Segment::damaged(uint64_t position, const std::string& reason) const {
  return {base::ErrorCode::CORRUPT_MESSAGE, path().string() + " is damaged at byte " + std::to_string(position) + ": " +
                                                reason +
                                                "; delete this replica so that it is copied from another broker."};
}

// Writing.

base::Result<base::TimestampMs> Segment::firstBatchTimestamp() const {
  if (!m_firstBatchTimestamp) {
    const auto first = find(m_baseOffset);
    if (!first) return base::fail(first.error());
    m_firstBatchTimestamp = *first ? (*first)->header.maxTimestamp : -1;
  }
  return *m_firstBatchTimestamp;
}

base::Result<std::optional<RollReason>> Segment::shouldRoll(const LogConfig& config, const Append& append) const {
  if (static_cast<int64_t>(m_size) > config.segmentBytes - static_cast<int64_t>(append.bytes))
    return RollReason::SegmentBytes;
  if (append.lastOffset - m_baseOffset > INT32_MAX) return RollReason::OffsetRange;
  if (m_offsetIndex.isFull(config.segmentIndexBytes) || m_timeIndex.isFull(config.segmentIndexBytes))
    return RollReason::IndexFull;
  if (m_size == 0) return std::nullopt;
  const auto first = firstBatchTimestamp();
  if (!first) return base::fail(first.error());
  const int64_t waitedMs = *first >= 0 ? append.maxTimestamp - *first : append.nowMs - m_createdMs;
  if (waitedMs > config.maxSegmentMs() - append.rollJitterMs) return RollReason::SegmentMs;
  return std::nullopt;
}

void Segment::noteTimestamp(base::TimestampMs timestamp, base::Offset offset) {
  if (!m_maxTimestamp || timestamp > m_maxTimestamp->timestamp) m_maxTimestamp = TimeIndex::Entry{timestamp, offset};
}

storage::StorageStatus Segment::append(base::ByteView bytes, std::span<const BatchHeader> headers,
                                       int32_t indexIntervalBytes) {
  const auto file = this->file();
  if (!file) return base::fail(file.error());
  if (auto status = (*file)->append(bytes); !status) {
    // Best effort: recovery cuts it too, and the log takes no more writes.
    const auto ignored = (*file)->truncate(m_size);
    static_cast<void>(ignored);
    return status;
  }
  m_isUnsynced = true;
  if (!m_maxTimestamp) {
    const auto last = m_timeIndex.lastEntry();
    if (!last) return base::fail(last.error());
    m_maxTimestamp = *last;
  }
  if (m_size == 0 && !headers.empty()) m_firstBatchTimestamp = headers.front().maxTimestamp;
  for (const BatchHeader& header : headers) {
    noteTimestamp(header.maxTimestamp, header.lastOffset());
    if (m_bytesSinceLastIndexEntry > indexIntervalBytes) {
      if (auto status = m_offsetIndex.append(header.lastOffset(), m_size); !status) return status;
      if (auto status = m_timeIndex.maybeAppend(m_maxTimestamp->timestamp, m_maxTimestamp->offset); !status)
        return status;
      m_bytesSinceLastIndexEntry = 0;
    }
    m_bytesSinceLastIndexEntry += header.sizeInBytes;
    m_size += header.sizeInBytes;
  }
  return {};
}

base::Result<base::Offset> Segment::truncateTo(base::Offset offset) {
  const auto found = find(offset);
  if (!found) return base::fail(found.error());
  if (!*found) return offset;
  const auto cut = [&]() -> storage::StorageStatus {
    if (auto status = m_offsetIndex.truncateTo((*found)->header.baseOffset); !status) return status;
    if (auto status = m_timeIndex.truncateTo((*found)->header.baseOffset); !status) return status;
    return truncateFile((*found)->position);
  };
  if (auto status = cut(); !status) return base::fail(storage::toError(status.error()));
  if (auto status = m_transactionIndex.truncateTo((*found)->header.baseOffset); !status)
    return base::fail(std::move(status).error());
  m_bytesSinceLastIndexEntry = 0;
  m_firstBatchTimestamp.reset();

  // The time index is sparse: batches behind its last entry may be later than it says.
  m_maxTimestamp.reset();
  const auto last = m_timeIndex.lastEntry();
  if (!last) return base::fail(storage::toError(last.error()));
  noteTimestamp(last->timestamp, last->offset);
  const auto start = m_offsetIndex.lookup(last->offset);
  if (!start) return base::fail(storage::toError(start.error()));
  const auto file = this->file();
  if (!file) return base::fail(storage::toError(file.error()));
  BatchScanner scanner(**file, start->position, m_size, BatchScanner::Depth::Headers);
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    if (scan->end != BatchEnd::Complete) break;
    noteTimestamp(scan->header.maxTimestamp, scan->header.lastOffset());
  }
  return std::min(offset, (*found)->header.baseOffset);
}

storage::StorageStatus Segment::truncateFile(uint64_t size) {
  const auto file = this->file();
  if (!file) return base::fail(file.error());
  m_isUnsynced = true;
  m_size = size;
  return (*file)->truncate(size);
}

storage::StorageStatus Segment::finish() {
  if (m_maxTimestamp)
    if (auto status = m_timeIndex.maybeAppend(m_maxTimestamp->timestamp, m_maxTimestamp->offset); !status)
      return status;
  if (auto status = m_offsetIndex.write(false); !status) return status;
  return m_timeIndex.write(false);
}

storage::StorageStatus Segment::flush() {
  if (m_isUnsynced) {
    const auto file = this->file();
    if (!file) return base::fail(file.error());
    if (auto status = (*file)->sync(); !status) return status;
    m_isUnsynced = false;
  }
  if (auto status = m_offsetIndex.write(true); !status) return status;
  if (auto status = m_timeIndex.write(true); !status) return status;
  return m_transactionIndex.flush();
}

storage::StorageStatus Segment::resetIndexes() {
  m_maxTimestamp = TimeIndex::Entry{-1, m_baseOffset};
  m_firstBatchTimestamp.reset();
  m_bytesSinceLastIndexEntry = 0;
  if (auto status = m_offsetIndex.reset(); !status) return status;
  if (auto status = m_timeIndex.reset(); !status) return status;
  return m_transactionIndex.reset();
}

// Reading.

base::Result<std::optional<Segment::Found>> Segment::find(base::Offset offset) const {
  const auto entry = m_offsetIndex.lookup(offset);
  if (!entry) return base::fail(storage::toError(entry.error()));
  // A damaged index may point anywhere; then the way from the first batch on is as good, only longer.
  if (entry->position >= m_size) return findFrom(0, offset, false);
  return findFrom(entry->position, offset, entry->position != 0);
}

base::Result<std::optional<Segment::Found>> Segment::findFrom(uint64_t position, base::Offset offset,
                                                              bool mayRestart) const {
  const auto file = this->file();
  if (!file) return base::fail(storage::toError(file.error()));
  BatchScanner scanner(**file, position, m_size, BatchScanner::Depth::Headers);
  for (bool isFirst = true; !scanner.atEnd(); isFirst = false) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    const bool isWrong = scan->end != BatchEnd::Complete || scan->header.baseOffset < m_baseOffset;
    const bool isBeyond = isFirst && !isWrong && scan->header.baseOffset > offset;
    if (mayRestart && (isWrong || isBeyond)) return findFrom(0, offset, false);
    if (isWrong)
      return base::fail(
          damaged(scanner.position(), scan->reason.empty() ? "its offset is not of this segment" : scan->reason));
    if (scan->header.lastOffset() >= offset) return Found{scanner.position(), scan->header};
  }
  return std::nullopt;
}

base::Result<std::optional<Segment::Found>> Segment::findTimestamp(base::TimestampMs timestamp,
                                                                   base::Offset from) const {
  const auto entry = m_timeIndex.lookup(timestamp);
  if (!entry) return base::fail(storage::toError(entry.error()));
  auto found = find(std::max(from, entry->offset));
  if (!found || !*found) return found;
  const auto file = this->file();
  if (!file) return base::fail(storage::toError(file.error()));
  BatchScanner scanner(**file, (*found)->position, m_size, BatchScanner::Depth::Headers);
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    if (scan->end != BatchEnd::Complete) return base::fail(damaged(scanner.position(), scan->reason));
    if (scan->header.maxTimestamp >= timestamp) return Found{scanner.position(), scan->header};
  }
  return std::nullopt;
}

base::Result<base::Bytes> Segment::readBatch(const Found& found) const {
  const auto file = this->file();
  if (!file) return base::fail(storage::toError(file.error()));
  base::Bytes bytes(found.header.sizeInBytes);
  const auto read = (*file)->readAt(found.position, bytes);
  if (!read) return base::fail(storage::toError(read.error()));
  bytes.resize(*read);
  const BatchScan scan = scanBatch(bytes, true);
  if (scan.end != BatchEnd::Complete) return base::fail(damaged(found.position, scan.reason));
  return bytes;
}

base::Result<std::optional<base::Offset>> Segment::readEndOffset() const {
  const auto last = m_offsetIndex.lastEntry();
  if (!last) return base::fail(storage::toError(last.error()));
  const uint64_t position = *last ? (*last)->position : 0;
  if (position > m_size || (*last && position == m_size)) return std::nullopt;
  const auto file = this->file();
  if (!file) return base::fail(storage::toError(file.error()));
  base::Offset end = m_baseOffset;
  BatchScanner scanner(**file, position, m_size, BatchScanner::Depth::Headers);
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    const bool isBatch = scan->end == BatchEnd::Complete && scan->header.baseOffset >= end &&
                         scan->header.lastOffsetDelta >= 0 && scan->header.lastOffset() - m_baseOffset <= INT32_MAX;
    if (!isBatch) return std::nullopt;
    end = scan->header.nextOffset();
  }
  return end;
}

base::Result<base::TimestampMs> Segment::largestTimestamp() const {
  const auto largest = maxTimestamp();
  if (!largest) return base::fail(largest.error());
  return largest->timestamp >= 0 ? largest->timestamp : m_createdMs;
}

base::Result<TimeIndex::Entry> Segment::maxTimestamp() const {
  if (!m_maxTimestamp) {
    const auto last = m_timeIndex.lastEntry();
    if (!last) return base::fail(storage::toError(last.error()));
    m_maxTimestamp = *last;
  }
  return *m_maxTimestamp;
}

}  // namespace streamscope::log
