#include "log/dump_segment.h"

#include <algorithm>

#include "batch_scanner.h"
#include "batch_search.h"
#include "compression.h"
#include "record_fields.h"
#include "record_reader.h"

namespace streamscope::log {

std::vector<DumpedField> headerFields(uint64_t position) {
  using namespace batch_layout;
  struct Start {
    const char* name;
    size_t at;
  };
  static constexpr Start kStarts[] = {
      {"baseOffset", kBaseOffset},
      {"batchLength", kBatchLength},
      {"partitionLeaderEpoch", kPartitionLeaderEpoch},
      {"magic", kMagic},
      {"crc", kCrc},
      {"attributes", kAttributes},
      {"lastOffsetDelta", kLastOffsetDelta},
      {"baseTimestamp", kBaseTimestamp},
      {"maxTimestamp", kMaxTimestamp},
      {"producerId", kProducerId},
      {"producerEpoch", kProducerEpoch},
      {"baseSequence", kBaseSequence},
      {"recordCount", kRecordCount},
      {"", kRecords},
  };
  std::vector<DumpedField> fields;
  for (size_t i = 0; i + 1 < std::size(kStarts); ++i)
    fields.push_back({kStarts[i].name, position + kStarts[i].at, position + kStarts[i + 1].at});
  return fields;
}

namespace {

std::optional<base::Bytes> copyOf(const std::optional<base::ByteView>& view) {
  if (!view) return std::nullopt;
  return base::Bytes(view->begin(), view->end());
}

/// Reads the records of a batch and, when asked for, their byte ranges.
class RecordDump {
 public:
  RecordDump(base::ByteView bytes, bool withFields, DumpedBatch& batch)
      : m_bytes(bytes), m_withFields(withFields), m_batch(batch) {}

  void read() {
    auto reader = RecordReader::open(m_bytes, m_batch.header);
    if (!reader) return fail(reader.error().message);
    if (m_withFields) openBlock();
    RecordView view;
    while (reader->hasNext()) {
      if (const auto status = reader->next(view, true); !status) return fail(status.error().message);
      take(view);
    }
    if (const auto status = reader->finish(); !status) fail(status.error().message);
  }

 private:
  void fail(const std::string& why) { m_batch.recordProblem = why; }

  /// The bytes the records stand in and where these begin.
  void openBlock() {
    const base::ByteView stored = m_bytes.subspan(batch_layout::kRecords);
    m_batch.areRecordFieldsInFile = m_batch.header.compression() == Compression::None;
    if (m_batch.areRecordFieldsInFile) {
      m_block = stored;
      m_blockBegin = m_batch.position + batch_layout::kRecords;
    } else if (auto decompressed = decompress(m_batch.header.compression(), stored)) {
      m_decompressed = std::move(*decompressed);
      m_block = m_decompressed;
    }
  }

  void take(const RecordView& view) {
    DumpedRecord& record = m_batch.records.emplace_back();
    record.offset = view.offset;
    record.timestamp = view.timestamp;
    record.sequence = view.sequence;
    record.sizeInBytes = view.sizeInBytes;
    record.key = copyOf(view.key);
    record.value = copyOf(view.value);
    for (const RecordHeaderView& header : view.headers)
      record.headers.push_back({std::string(header.key), copyOf(header.value)});
    if (m_withFields && m_block.size() - m_at >= view.sizeInBytes)
      record.fields = recordFields(m_block.subspan(m_at, view.sizeInBytes), m_blockBegin + m_at);
    m_at += view.sizeInBytes;
  }

  const base::ByteView m_bytes;
  const bool m_withFields;
  DumpedBatch& m_batch;
  base::Bytes m_decompressed;
  base::ByteView m_block;
  uint64_t m_blockBegin = 0;
  size_t m_at = 0;
};

/// One walk over a file.
class SegmentWalk {
 public:
  SegmentWalk(const storage::File& file, const SegmentDumpOptions& options,
              const std::function<bool(const DumpedBatch&)>& visit)
      : m_file(file), m_options(options), m_visit(visit) {
    m_dump.bytes = file.size();
  }

  base::Result<SegmentDump> run() {
    uint64_t from = 0;
    while (from < std::min(m_dump.bytes, m_options.bytesMax)) {
      const auto stoppedAt = walkFrom(from);
      if (!stoppedAt) return base::fail(storage::toError(stoppedAt.error()));
      if (!*stoppedAt) break;
      const auto next = searchFrom(**stoppedAt);
      if (!next) return base::fail(storage::toError(next.error()));
      if (!*next) break;
      from = **next;
    }
    return std::move(m_dump);
  }

 private:
  /// Where something is not a batch; none at the end.
  storage::StorageResult<std::optional<uint64_t>> walkFrom(uint64_t from) {
    BatchScanner scanner(m_file, from, m_dump.bytes, BatchScanner::Depth::Headers);
    while (!scanner.atEnd() && scanner.nextPosition() < m_options.bytesMax) {
      const auto scan = scanner.next();
      if (!scan) return base::fail(scan.error());
      if (scan->end != BatchEnd::Complete) {
        m_stopReason = scan->reason;
        return std::optional(scanner.position());
      }
      const auto bytes = scanner.bytes();
      if (!bytes) return base::fail(bytes.error());
      if (!takeBatch(scanner.position(), scan->header, *bytes)) return std::optional<uint64_t>();
    }
    return std::optional<uint64_t>();
  }

  /// False when the visitor has seen enough.
  bool takeBatch(uint64_t position, const BatchHeader& header, base::ByteView bytes) {
    DumpedBatch batch;
    batch.position = position;
    batch.header = header;
    const BatchScan checked = scanBatch(bytes, true);
    batch.isChecksumValid = checked.end == BatchEnd::Complete;
    batch.fields = headerFields(position);
    if (m_options.withRecords && bytes.size() == header.sizeInBytes)
      RecordDump(bytes, m_options.withRecordFields, batch).read();
    if (batch.isChecksumValid) {
      // What is wrong before a whole batch is no torn tail.
      for (; m_tailProblem < m_dump.problems.size(); ++m_tailProblem)
        m_dump.problems[m_tailProblem].kind = ProblemKind::Damage;
      m_firstBad.reset();
    } else {
      if (!m_firstBad) m_firstBad = position;
      addProblem(position, checked.reason);
    }
    if (batch.isChecksumValid && batch.recordProblem) addDamage(position, *batch.recordProblem);
    count(batch);
    return m_visit(batch);
  }

  void count(const DumpedBatch& batch) {
    const BatchHeader& header = batch.header;
    ++m_dump.batchCount;
    // What a wrong checksum covers may be wrong itself.
    if (!batch.isChecksumValid) return;
    if (m_dump.firstOffset == base::kNoOffset) {
      m_dump.firstOffset = header.baseOffset;
    } else if (header.baseOffset < m_dump.endOffset) {
      addDamage(batch.position, "the offsets go back from " + std::to_string(m_dump.endOffset) + " to " +
                                    std::to_string(header.baseOffset));
    } else if (header.baseOffset > m_dump.endOffset) {
      ++m_dump.offsetGapCount;
    }
    m_dump.recordCount += static_cast<uint64_t>(std::max(header.recordCount, 0));
    m_dump.endOffset = header.nextOffset();
    m_dump.maxTimestamp = std::max(m_dump.maxTimestamp, header.maxTimestamp);
  }

  /// The next whole batch behind a place that is none; none when there is none.
  storage::StorageResult<std::optional<uint64_t>> searchFrom(uint64_t stoppedAt) {
    const auto isPadding = isZeroFrom(m_file, stoppedAt);
    if (!isPadding) return base::fail(isPadding.error());
    if (*isPadding) {
      m_dump.paddingBytes = m_dump.bytes - stoppedAt;
      return std::optional<uint64_t>();
    }
    // A batch with a wrong checksum may have a wrong length, too: what follows may begin inside it.
    const auto next = findBatch(m_file, m_firstBad.value_or(stoppedAt) + 1);
    if (!next) return base::fail(next.error());
    addProblem(stoppedAt, m_stopReason + (*next ? "; the next whole batch begins at byte " + std::to_string(**next)
                                                : std::string()));
    m_firstBad.reset();
    return next;
  }

  /// Torn until a whole batch follows.
  void addProblem(uint64_t atByte, const std::string& reason) {
    m_dump.problems.push_back({atByte, reason, ProblemKind::TornTail});
  }
  void addDamage(uint64_t atByte, const std::string& reason) {
    m_dump.problems.push_back({atByte, reason, ProblemKind::Damage});
  }

  const storage::File& m_file;
  const SegmentDumpOptions& m_options;
  const std::function<bool(const DumpedBatch&)>& m_visit;
  SegmentDump m_dump;
  std::string m_stopReason;
  /// Problems from here on have no whole batch behind them yet.
  size_t m_tailProblem = 0;
  /// The first of the batches with a wrong checksum that end where the walk is.
  std::optional<uint64_t> m_firstBad;
};

}  // namespace

base::Result<SegmentDump> dumpSegment(storage::Storage& storage, const std::filesystem::path& path,
                                      const SegmentDumpOptions& options,
                                      const std::function<bool(const DumpedBatch&)>& visit) {
  const auto file = storage.open(path, storage::OpenMode::ReadOnly);
  if (!file) return base::fail(storage::toError(file.error()));
  return SegmentWalk(**file, options, visit).run();
}

}  // namespace streamscope::log
