#include "log_validator.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/byte_reader.h"
#include "base/crc32c.h"
#include "log/batch_frame.h"

namespace streamscope::log {
namespace {

constexpr int16_t kLogAppendTimeBit = 8;

template <class Unsigned>
void patch(uint8_t* at, Unsigned value) {
  for (size_t i = 0; i < sizeof(Unsigned); ++i) at[i] = static_cast<uint8_t>(value >> (8 * (sizeof(Unsigned) - 1 - i)));
}

/// As Java subtracts: a hostile timestamp wraps instead of being undefined.
int64_t wrappingSubtract(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

void assignOffsets(uint8_t* batch, BatchHeader& header, base::Offset firstOffset, base::LeaderEpoch leaderEpoch) {
  header.baseOffset = firstOffset;
  header.partitionLeaderEpoch = leaderEpoch;
  patch(batch + batch_layout::kBaseOffset, static_cast<uint64_t>(firstOffset));
  patch(batch + batch_layout::kPartitionLeaderEpoch, static_cast<uint32_t>(leaderEpoch));
}

/// Timestamp type and largest timestamp as the topic wants them; the checksum only when that changes something.
void assignTimestamps(uint8_t* batch, BatchHeader& header, bool logAppendTime, base::TimestampMs maxTimestamp) {
  if (header.isLogAppendTime() == logAppendTime && header.maxTimestamp == maxTimestamp) return;
  const int attributes = logAppendTime ? header.attributes | kLogAppendTimeBit : header.attributes & ~kLogAppendTimeBit;
  header.attributes = static_cast<int16_t>(attributes);
  header.maxTimestamp = maxTimestamp;
  patch(batch + batch_layout::kAttributes, static_cast<uint16_t>(header.attributes));
  patch(batch + batch_layout::kMaxTimestamp, static_cast<uint64_t>(maxTimestamp));
  header.crc = base::crc32c({batch + batch_layout::kAttributes, header.sizeInBytes - batch_layout::kAttributes});
  patch(batch + batch_layout::kCrc, header.crc);
}

/// compression.<codec>.level of the topic.
std::optional<int32_t> levelOf(Compression codec, const LogConfig& config) {
  switch (codec) {
    case Compression::Gzip:
      return config.compressionGzipLevel;
    case Compression::Lz4:
      return config.compressionLz4Level;
    case Compression::Zstd:
      return config.compressionZstdLevel;
    case Compression::None:
    case Compression::Snappy:
      break;
  }
  return std::nullopt;
}

std::vector<RecordHeader> ownedHeaders(const RecordView& record) {
  std::vector<RecordHeader> headers;
  headers.reserve(record.headers.size());
  for (const RecordHeaderView& header : record.headers) {
    std::optional<base::Bytes> value;
    if (header.value) value.emplace(header.value->begin(), header.value->end());
    headers.push_back({std::string(header.key), std::move(value)});
  }
  return headers;
}

}  // namespace

// Refusals.

tl::unexpected<base::Error> LogValidator::invalidRecord(const std::string& why) const {
  return base::fail(base::ErrorCode::INVALID_RECORD,
                    "A record batch for " + m_where + " is invalid: " + why + "; the producer has to build it anew.");
}

tl::unexpected<base::Error> LogValidator::corrupt(const std::string& why) const {
  return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                    "A record batch for " + m_where + " is corrupt: " + why + "; the producer has to send it again.");
}

tl::unexpected<base::Error> LogValidator::stumbled(const std::string& why) const {
  return base::fail(base::ErrorCode::UNKNOWN_SERVER_ERROR, "A record batch for " + m_where + " cannot be appended: " +
                                                               why + "; the producer has to build it anew.");
}

base::Status LogValidator::checkSize(size_t sizeInBytes, const char* when) const {
  if (sizeInBytes <= static_cast<size_t>(m_config.maxMessageBytes)) return {};
  return base::fail(base::ErrorCode::MESSAGE_TOO_LARGE,
                    "A record batch for " + m_where + " has " + std::to_string(sizeInBytes) + " bytes" + when +
                        ", max.message.bytes allows " + std::to_string(m_config.maxMessageBytes) +
                        "; send smaller batches or raise the limit.");
}

// The batch.

base::Result<BatchHeader> LogValidator::analyze(base::ByteView bytes) const {
  const BatchFrame frame = nextBatchFrame(bytes);
  if (frame.kind == BatchFrame::Kind::Damaged) return corrupt(frame.reason);
  if (frame.kind == BatchFrame::Kind::Partial) return invalidRecord(frame.reason);
  if (frame.magic != 2)
    return invalidRecord("its magic is " + std::to_string(frame.magic) + ", only format 2 can be written");
  const base::ByteView batch = bytes.first(frame.sizeInBytes);
  const base::Offset baseOffset = base::ByteReader(batch).readInt64();
  if (baseOffset != 0)
    return invalidRecord("its base offset is " + std::to_string(baseOffset) + " where clients write 0");
  if (auto status = checkSize(batch.size(), ""); !status) return base::fail(std::move(status).error());
  const BatchScan scan = scanBatch(batch, true);
  if (scan.end != BatchEnd::Complete) return corrupt(scan.reason);
  if (scan.header.compression() > Compression::Zstd)
    return stumbled("its codec is " + std::to_string(static_cast<int>(scan.header.compression())) +
                    ", which Kafka does not define");
  if (nextBatchFrame(bytes.subspan(frame.sizeInBytes)).kind == BatchFrame::Kind::Whole)
    return invalidRecord("there is more than one batch");
  return scan.header;
}

base::Status LogValidator::validateHeader(const BatchHeader& header) const {
  if (header.lastOffsetDelta < 0)
    return invalidRecord("its last offset delta is " + std::to_string(header.lastOffsetDelta));
  if (header.recordCount <= 0) return invalidRecord("it counts " + std::to_string(header.recordCount) + " records");
  if (static_cast<int64_t>(header.lastOffsetDelta) + 1 != header.recordCount)
    return invalidRecord("it counts " + std::to_string(header.recordCount) + " records but its offsets are for " +
                         std::to_string(static_cast<int64_t>(header.lastOffsetDelta) + 1));
  if (header.isControl()) return invalidRecord("clients are not allowed to write control records");
  if (header.producerId >= 0 && header.baseSequence < 0)
    return invalidRecord("producer " + std::to_string(header.producerId) + " gave it the sequence number " +
                         std::to_string(header.baseSequence));
  return {};
}

// Its records.

void LogValidator::validateRecord(const BatchHeader& header, const RecordView& record, int32_t index,
                                  Walk& walk) const {
  if (m_config.cleanupCompact && !record.key) {
    walk.errors.push_back({index, "The record has no key, which a compacted topic needs."});
    return;
  }
  if (!m_config.logAppendTime && record.timestamp != -1) {
    const int64_t ageMs = wrappingSubtract(walk.nowMs, record.timestamp);
    if (ageMs <= m_config.messageTimestampBeforeMaxMs &&
        wrappingSubtract(0, ageMs) <= m_config.messageTimestampAfterMaxMs)
      return;
    walk.errors.push_back({index, "The timestamp " + std::to_string(record.timestamp) +
                                      " is too far from the broker's time " + std::to_string(walk.nowMs) +
                                      " (message.timestamp.before.max.ms, message.timestamp.after.max.ms)."});
  } else if (header.isLogAppendTime()) {
    walk.errors.push_back({index, "The batch has the timestamp type LogAppendTime, which only a broker may set."});
  } else {
    return;
  }
  walk.hasBadTimestamp = true;
}

base::Error LogValidator::errorOf(const Walk& walk) const {
  return {walk.hasBadTimestamp ? base::ErrorCode::INVALID_TIMESTAMP : base::ErrorCode::INVALID_RECORD,
          std::to_string(walk.errors.size()) + " records for " + m_where + " were refused, the first is record " +
              std::to_string(walk.errors.front().batchIndex) + " of its batch: " + walk.errors.front().message};
}

base::Status LogValidator::walkRecords(base::ByteView batch, const BatchHeader& header, Walk& walk,
                                       RecordBatchBuilder* rebuilt) const {
  auto reader = RecordReader::open(batch, header);
  if (!reader) return stumbled(reader.error().message);
  RecordView record;
  while (reader->hasNext()) {
    const int32_t index = reader->index();
    if (auto status = reader->next(record, rebuilt != nullptr); !status) return status;
    if (record.offset != index) walk.offsetsCount = false;
    validateRecord(header, record, index, walk);
    walk.maxTimestamp = std::max(walk.maxTimestamp, record.timestamp);
    if (rebuilt == nullptr || !walk.errors.empty()) continue;
    if (record.timestamp < -1)
      return stumbled("record " + std::to_string(index) + " has the timestamp " + std::to_string(record.timestamp) +
                      ", with which it cannot be written anew");
    rebuilt->append(record.timestamp, record.key, record.value, ownedHeaders(record));
  }
  return reader->finish();
}

// Its place in the log.

base::Result<ValidatedBatches> LogValidator::validateClientBatch(base::ByteView bytes, base::Offset firstOffset,
                                                                 base::LeaderEpoch leaderEpoch, base::TimestampMs nowMs,
                                                                 std::vector<RecordError>* recordErrors) const {
  auto header = analyze(bytes);
  if (!header) return base::fail(std::move(header).error());
  if (auto status = validateHeader(*header); !status) return base::fail(std::move(status).error());
  const base::ByteView batch = bytes.first(header->sizeInBytes);
  const Compression codec = m_config.compressionType.value_or(header->compression());
  Walk walk;
  walk.nowMs = nowMs;
  if (codec != header->compression()) {
    auto rebuilt = rebuild(batch, *header, codec, firstOffset, leaderEpoch, walk);
    if (recordErrors != nullptr) *recordErrors = std::move(walk.errors);
    return rebuilt;
  }
  if (auto status = walkRecords(batch, *header, walk, nullptr); !status) return base::fail(std::move(status).error());
  if (!walk.errors.empty()) {
    base::Error error = errorOf(walk);
    if (recordErrors != nullptr) *recordErrors = std::move(walk.errors);
    return base::fail(std::move(error));
  }
  // Without compression Kafka never looks at the offsets inside; with it, the batch would have to be built anew from
  // records of which Kafka's validator has kept neither key nor value.
  if (!walk.offsetsCount && codec != Compression::None)
    return stumbled("the offsets of its records do not count from 0");

  auto copy = base::SharedBytes::makeUninitialized(batch.size());
  std::memcpy(copy.first, batch.data(), batch.size());
  assignOffsets(copy.first, *header, firstOffset, leaderEpoch);
  assignTimestamps(copy.first, *header, m_config.logAppendTime, m_config.logAppendTime ? nowMs : walk.maxTimestamp);
  return ValidatedBatches{std::move(copy.second), {*header}};
}

base::Result<ValidatedBatches> LogValidator::rebuild(base::ByteView bytes, const BatchHeader& header, Compression codec,
                                                     base::Offset firstOffset, base::LeaderEpoch leaderEpoch,
                                                     Walk& walk) const {
  RecordBatchBuilder::Options options;
  options.compression = codec;
  options.compressionLevel = levelOf(codec, m_config);
  options.baseOffset = firstOffset;
  options.partitionLeaderEpoch = leaderEpoch;
  options.producerId = header.producerId;
  options.producerEpoch = header.producerEpoch;
  options.baseSequence = header.baseSequence;
  options.isTransactional = header.isTransactional();
  RecordBatchBuilder builder(options);
  if (auto status = walkRecords(bytes, header, walk, &builder); !status) return base::fail(std::move(status).error());
  if (!walk.errors.empty()) return base::fail(errorOf(walk));
  base::Bytes built = builder.build();
  if (auto status = checkSize(built.size(), " after the broker compressed it anew"); !status)
    return base::fail(std::move(status).error());
  BatchHeader newHeader = scanBatch(built, false).header;
  if (m_config.logAppendTime) assignTimestamps(built.data(), newHeader, true, walk.nowMs);
  return ValidatedBatches{base::SharedBytes(std::move(built)), {newHeader}};
}

// The controller's.

base::Result<BatchHeader> LogValidator::checkOwnBatch(base::ByteView bytes) const {
  BatchScan scan = scanBatch(bytes, false);
  if (scan.end == BatchEnd::Torn) return invalidRecord(scan.reason);
  if (scan.end == BatchEnd::Complete) {
    if (auto status = checkSize(scan.header.sizeInBytes, ""); !status) return base::fail(std::move(status).error());
    scan = scanBatch(bytes, true);
  }
  if (scan.end != BatchEnd::Complete) return corrupt(scan.reason);
  if (scan.header.lastOffsetDelta < 0)
    return invalidRecord("its last offset delta is " + std::to_string(scan.header.lastOffsetDelta));
  return scan.header;
}

base::Result<ValidatedBatches> LogValidator::validateOwnBatches(base::ByteView bytes, base::Offset firstOffset,
                                                                base::LeaderEpoch leaderEpoch,
                                                                std::optional<base::TimestampMs> appendTimeMs) const {
  if (bytes.empty()) return invalidRecord("there is none");
  auto copy = base::SharedBytes::makeUninitialized(bytes.size());
  std::memcpy(copy.first, bytes.data(), bytes.size());
  ValidatedBatches validated;
  base::Offset nextOffset = firstOffset;
  for (size_t at = 0; at < bytes.size();) {
    auto header = checkOwnBatch(bytes.subspan(at));
    if (!header) return base::fail(std::move(header).error());
    assignOffsets(copy.first + at, *header, nextOffset, leaderEpoch);
    if (appendTimeMs) assignTimestamps(copy.first + at, *header, true, *appendTimeMs);
    nextOffset = header->nextOffset();
    at += header->sizeInBytes;
    validated.headers.push_back(*header);
  }
  validated.bytes = std::move(copy.second);
  return validated;
}

}  // namespace streamscope::log
