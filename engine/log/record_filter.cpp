#include "record_filter.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/byte_writer.h"
#include "batch_header.h"
#include "compression.h"
#include "record_reader.h"

namespace streamscope::log {
namespace {

constexpr int kCodecBits = 7;
constexpr int kDeleteHorizonBit = 64;

struct KeptRecord {
  base::TimestampMs timestamp = -1;
  /// Offset delta, key, value and headers; into the batch's (decompressed) bytes.
  base::ByteView behindTimestamp;
};

int64_t wrappingSubtract(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

base::Bytes encodeRecords(const std::vector<KeptRecord>& records, base::TimestampMs baseTimestamp) {
  constexpr size_t kOverheadMax = 16;
  size_t size = 0;
  for (const KeptRecord& record : records) size += record.behindTimestamp.size() + kOverheadMax;
  base::ByteWriter writer(size);
  for (const KeptRecord& record : records) {
    const int64_t timestampDelta = wrappingSubtract(record.timestamp, baseTimestamp);
    writer.writeVarint(static_cast<int32_t>(1 + base::varlongSize(timestampDelta) + record.behindTimestamp.size()));
    writer.writeInt8(0);
    writer.writeVarlong(timestampDelta);
    writer.writeBytes(record.behindTimestamp);
  }
  return writer.take();
}

base::Bytes emptied(BatchHeader header) {
  header.attributes = static_cast<int16_t>(header.attributes & ~(kCodecBits | kDeleteHorizonBit));
  header.baseTimestamp = -1;
  header.recordCount = 0;
  return encodeBatch(header, {});
}

base::Bytes withRecords(BatchHeader header, const std::vector<KeptRecord>& records,
                        std::optional<base::TimestampMs> newDeleteHorizonMs) {
  if (newDeleteHorizonMs) {
    header.attributes = static_cast<int16_t>(header.attributes | kDeleteHorizonBit);
    header.baseTimestamp = *newDeleteHorizonMs;
  } else if (!header.hasDeleteHorizon()) {
    header.baseTimestamp = records.front().timestamp;
  }
  if (!header.isLogAppendTime()) {
    header.maxTimestamp = -1;
    for (const KeptRecord& record : records) header.maxTimestamp = std::max(header.maxTimestamp, record.timestamp);
  }
  header.recordCount = static_cast<int32_t>(records.size());
  const base::Bytes plain = encodeRecords(records, header.baseTimestamp);
  if (header.compression() == Compression::None) return encodeBatch(header, plain);
  return encodeBatch(header, compress(header.compression(), plain));
}

}  // namespace

base::Result<FilteredBatch> filterBatch(base::ByteView batch, const BatchHeader& header, const BatchFilter& filter) {
  FilteredBatch result;
  if (filter.retention == BatchRetention::Delete) return result;
  auto reader = RecordReader::open(batch, header);
  if (!reader) return base::fail(std::move(reader).error());
  std::vector<KeptRecord> kept;
  bool hasTombstones = false;
  RecordView record;
  while (reader->hasNext()) {
    if (auto status = reader->next(record, false); !status) return base::fail(std::move(status).error());
    if (!filter.retains(record)) continue;
    kept.push_back({record.timestamp, reader->behindTimestamp()});
    hasTombstones = hasTombstones || !record.value;
  }
  if (auto status = reader->finish(); !status) return base::fail(std::move(status).error());
  result.recordsRead = reader->index();
  result.recordsKept = static_cast<int32_t>(kept.size());

  if (kept.empty()) {
    if (filter.retention != BatchRetention::RetainEmpty) return result;
    result.outcome = FilteredBatch::Outcome::Rewritten;
    result.bytes = emptied(header);
    return result;
  }
  std::optional<base::TimestampMs> newDeleteHorizonMs;
  if ((hasTombstones || filter.isMarkerOfEmptyTransaction) && !header.hasDeleteHorizon())
    newDeleteHorizonMs = filter.newDeleteHorizonMs;
  if (result.recordsKept == result.recordsRead && !newDeleteHorizonMs) {
    result.outcome = FilteredBatch::Outcome::Unchanged;
    return result;
  }
  result.outcome = FilteredBatch::Outcome::Rewritten;
  result.bytes = withRecords(header, kept, newDeleteHorizonMs);
  return result;
}

}  // namespace streamscope::log
