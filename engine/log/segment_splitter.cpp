#include "segment_splitter.h"

#include "producer_replay.h"
#include "producer_snapshot.h"

namespace streamscope::log {
namespace {

constexpr size_t kWriteBytes = 1024 * 1024;

base::Status fromStorage(const storage::StorageStatus& status) {
  if (status) return {};
  return base::fail(storage::toError(status.error()));
}

}  // namespace

base::Result<std::vector<base::Offset>> SegmentSplitter::split(const Segment& source, ProducerStateManager producers) {
  const auto file = source.file();
  if (!file) return base::fail(storage::toError(file.error()));
  std::vector<base::Offset> parts = {source.baseOffset()};
  if (auto status = begin(parts.back()); !status) return base::fail(std::move(status).error());
  BatchScanner scanner(**file, 0, source.sizeInBytes(), BatchScanner::Depth::Headers);
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    if (scan->end != BatchEnd::Complete)
      return base::fail(base::ErrorCode::CORRUPT_MESSAGE, source.path().string() + " is damaged at byte " +
                                                              std::to_string(scanner.position()) + ": " + scan->reason +
                                                              "; restart the broker so that it is recovered.");
    const BatchHeader& header = scan->header;
    if (header.lastOffset() - parts.back() > INT32_MAX) {
      if (auto status = finish(); !status) return base::fail(std::move(status).error());
      parts.push_back(header.baseOffset);
      if (auto status = writeSnapshot(header.baseOffset, producers); !status)
        return base::fail(std::move(status).error());
      if (auto status = begin(header.baseOffset); !status) return base::fail(std::move(status).error());
    }
    const auto aborted = noteBatch(scanner, header, producers);
    if (!aborted) return base::fail(aborted.error());
    if (*aborted)
      if (auto status = fromStorage(m_part->transactionIndex().append(**aborted)); !status)
        return base::fail(std::move(status).error());
    const auto bytes = scanner.bytes();
    if (!bytes) return base::fail(storage::toError(bytes.error()));
    m_bytes.insert(m_bytes.end(), bytes->begin(), bytes->end());
    m_headers.push_back(header);
    if (m_bytes.size() >= kWriteBytes)
      if (auto status = write(); !status) return base::fail(std::move(status).error());
  }
  if (auto status = finish(); !status) return base::fail(std::move(status).error());
  return parts;
}

base::Status SegmentSplitter::begin(base::Offset baseOffset) {
  auto part = Segment::create(m_cleanedFiles, baseOffset, m_nowMs);
  if (!part) return base::fail(storage::toError(part.error()));
  m_part = std::move(*part);
  return {};
}

base::Status SegmentSplitter::write() {
  if (m_bytes.empty()) return {};
  auto status = fromStorage(m_part->append(m_bytes, m_headers, m_indexIntervalBytes));
  m_bytes.clear();
  m_headers.clear();
  return status;
}

base::Status SegmentSplitter::finish() {
  if (auto status = write(); !status) return status;
  if (auto status = fromStorage(m_part->finish()); !status) return status;
  if (auto status = fromStorage(m_part->flush()); !status) return status;
  m_part->closeFile();
  return {};
}

/// For good before a segment has this base offset, or recovery takes the gap before it for missing records.
base::Status SegmentSplitter::writeSnapshot(base::Offset offset, ProducerStateManager& producers) {
  producers.setEndOffset(offset);
  return fromStorage(m_files.storage.writeFileAtomically(m_files.path(offset, kSnapshotSuffix),
                                                         formatProducerSnapshot(producers.snapshot())));
}

}  // namespace streamscope::log
