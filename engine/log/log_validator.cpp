#include "log_validator.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/assert.h"
#include "base/crc32c.h"
#include "record_reader.h"

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

}  // namespace

tl::unexpected<base::Error> LogValidator::invalidRecord(const std::string& why) const {
  return base::fail(base::ErrorCode::INVALID_RECORD,
                    "A record batch for " + m_where + " is invalid: " + why + "; the producer has to build it anew.");
}

base::Result<BatchHeader> LogValidator::analyze(base::ByteView bytes, bool fromClient) const {
  BatchScan scan = scanBatch(bytes, false);
  if (scan.end == BatchEnd::Torn) return invalidRecord(bytes.empty() ? "there is none" : scan.reason);
  if (scan.end == BatchEnd::Complete) {
    if (fromClient && scan.header.baseOffset != 0)
      return invalidRecord("its base offset is " + std::to_string(scan.header.baseOffset) + " instead of 0");
    if (scan.header.sizeInBytes > static_cast<uint32_t>(m_config.maxMessageBytes))
      return base::fail(base::ErrorCode::MESSAGE_TOO_LARGE,
                        "A record batch for " + m_where + " has " + std::to_string(scan.header.sizeInBytes) +
                            " bytes, max.message.bytes allows " + std::to_string(m_config.maxMessageBytes) +
                            "; send smaller batches or raise the limit.");
    scan = scanBatch(bytes, true);
  }
  if (scan.end != BatchEnd::Complete)
    return base::fail(base::ErrorCode::CORRUPT_MESSAGE, "A record batch for " + m_where + " is corrupt: " +
                                                            scan.reason + "; the producer has to send it again.");
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

base::Status LogValidator::validateTimestamp(const BatchHeader& header, const RecordView& record,
                                             base::TimestampMs nowMs) const {
  if (!m_config.logAppendTime && record.timestamp != -1) {
    const int64_t ageMs = wrappingSubtract(nowMs, record.timestamp);
    if (ageMs > m_config.messageTimestampBeforeMaxMs ||
        wrappingSubtract(0, ageMs) > m_config.messageTimestampAfterMaxMs)
      return base::fail(base::ErrorCode::INVALID_TIMESTAMP,
                        "The timestamp " + std::to_string(record.timestamp) + " of record " +
                            std::to_string(record.offset) + " of a batch for " + m_where +
                            " is too far from the broker's time " + std::to_string(nowMs) +
                            "; check the producer's clock, message.timestamp.before.max.ms and "
                            "message.timestamp.after.max.ms.");
  }
  if (header.isLogAppendTime())
    return base::fail(base::ErrorCode::INVALID_TIMESTAMP,
                      "A batch for " + m_where +
                          " says its timestamps are the broker's; a producer must not set the type LogAppendTime.");
  return {};
}

base::Status LogValidator::validateRecords(base::ByteView batch, const BatchHeader& header, base::TimestampMs nowMs,
                                           base::TimestampMs& maxTimestamp) const {
  auto reader = RecordReader::open(batch, header);
  if (!reader) return base::fail(std::move(reader).error());
  RecordView record;
  while (reader->hasNext()) {
    const base::Offset expected = header.baseOffset + reader->index();
    if (auto status = reader->next(record, false); !status) return status;
    if (record.offset != expected)
      return invalidRecord("record " + std::to_string(expected) + " has the offset " + std::to_string(record.offset));
    if (auto status = validateTimestamp(header, record, nowMs); !status) return status;
    maxTimestamp = std::max(maxTimestamp, record.timestamp);
  }
  return reader->finish();
}

base::Result<ValidatedBatches> LogValidator::validateClientBatch(base::ByteView bytes, base::Offset firstOffset,
                                                                 base::LeaderEpoch leaderEpoch,
                                                                 base::TimestampMs nowMs) const {
  auto header = analyze(bytes, true);
  if (!header) return base::fail(std::move(header).error());
  const size_t size = header->sizeInBytes;
  if (bytes.size() > size && scanBatch(bytes.subspan(size), false).end == BatchEnd::Complete)
    return invalidRecord("there is more than one batch");
  if (auto status = validateHeader(*header); !status) return base::fail(std::move(status).error());
  base::TimestampMs maxTimestamp = -1;
  if (auto status = validateRecords(bytes, *header, nowMs, maxTimestamp); !status)
    return base::fail(std::move(status).error());

  auto copy = base::SharedBytes::makeUninitialized(size);
  std::memcpy(copy.first, bytes.data(), size);
  assignOffsets(copy.first, *header, firstOffset, leaderEpoch);
  assignTimestamps(copy.first, *header, m_config.logAppendTime, m_config.logAppendTime ? nowMs : maxTimestamp);
  return ValidatedBatches{std::move(copy.second), {*header}};
}

base::Result<ValidatedBatches> LogValidator::validateOwnBatches(base::ByteView bytes, base::Offset firstOffset,
                                                                base::LeaderEpoch leaderEpoch) const {
  if (bytes.empty()) return invalidRecord("there is none");
  auto copy = base::SharedBytes::makeUninitialized(bytes.size());
  std::memcpy(copy.first, bytes.data(), bytes.size());
  ValidatedBatches validated;
  base::Offset nextOffset = firstOffset;
  for (size_t at = 0; at < bytes.size();) {
    auto header = analyze(bytes.subspan(at), false);
    if (!header) return base::fail(std::move(header).error());
    if (header->lastOffsetDelta < 0)
      return invalidRecord("its last offset delta is " + std::to_string(header->lastOffsetDelta));
    assignOffsets(copy.first + at, *header, nextOffset, leaderEpoch);
    nextOffset = header->nextOffset();
    at += header->sizeInBytes;
    validated.headers.push_back(*header);
  }
  validated.bytes = std::move(copy.second);
  return validated;
}

}  // namespace streamscope::log
