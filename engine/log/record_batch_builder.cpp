#include <algorithm>
#include <array>
#include <span>

#include "base/assert.h"
#include "base/byte_writer.h"
#include "batch_header.h"
#include "compression.h"
#include "log/record_batch.h"

namespace streamscope::log {
namespace {

constexpr int16_t kLogAppendTimeBit = 8;
constexpr int16_t kTransactionalBit = 16;
constexpr int16_t kControlBit = 32;

size_t nullableSize(const std::optional<base::ByteView>& bytes) {
  if (!bytes) return 1;
  return base::varintSize(static_cast<int32_t>(bytes->size())) + bytes->size();
}

/// Writes into bytes that were sized before.
class FixedWriter {
 public:
  explicit FixedWriter(uint8_t* at) : m_at(at) {}
  void byte(uint8_t value) { *m_at++ = value; }
  void varint(int32_t value) { varlong(value); }
  /// Zigzag, so that a 32-bit value gives the same bytes either way.
  void varlong(int64_t value) {
    uint64_t rest = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
    while (rest >= 0x80) {
      byte(static_cast<uint8_t>(rest | 0x80));
      rest >>= 7;
    }
    byte(static_cast<uint8_t>(rest));
  }
  void bytes(base::ByteView view) { m_at = std::copy(view.begin(), view.end(), m_at); }
  void nullable(const std::optional<base::ByteView>& view) {
    varint(view ? static_cast<int32_t>(view->size()) : -1);
    if (view) bytes(*view);
  }

 private:
  uint8_t* m_at;
};

std::optional<base::ByteView> viewOf(const std::optional<base::Bytes>& bytes) {
  if (!bytes) return std::nullopt;
  return base::ByteView(*bytes);
}

size_t headersSize(const std::vector<RecordHeader>& headers) {
  size_t size = base::varintSize(static_cast<int32_t>(headers.size()));
  for (const RecordHeader& header : headers)
    size += nullableSize(base::asBytes(header.key)) + nullableSize(viewOf(header.value));
  return size;
}

}  // namespace

RecordBatchBuilder::RecordBatchBuilder(const Options& options) : m_options(options) {}

void RecordBatchBuilder::setProducerState(int64_t producerId, int16_t epoch, int32_t baseSequence) {
  m_options.producerId = producerId;
  m_options.producerEpoch = epoch;
  m_options.baseSequence = baseSequence;
}

void RecordBatchBuilder::append(base::TimestampMs timestamp, std::optional<base::ByteView> key,
                                std::optional<base::ByteView> value, const std::vector<RecordHeader>& headers) {
  if (m_count == 0) m_baseTimestamp = timestamp;
  m_maxTimestamp = std::max(m_maxTimestamp, timestamp);
  const int64_t timestampDelta = timestamp - m_baseTimestamp;
  const size_t bodySize = 1 + base::varlongSize(timestampDelta) + base::varintSize(m_count) + nullableSize(key) +
                          nullableSize(value) + headersSize(headers);
  STREAMSCOPE_ASSERT(bodySize <= INT32_MAX);

  const size_t before = m_records.size();
  m_records.resize(before + base::varintSize(static_cast<int32_t>(bodySize)) + bodySize);
  FixedWriter writer(m_records.data() + before);
  writer.varint(static_cast<int32_t>(bodySize));
  writer.byte(0);
  writer.varlong(timestampDelta);
  writer.varint(m_count);
  writer.nullable(key);
  writer.nullable(value);
  writer.varint(static_cast<int32_t>(headers.size()));
  for (const RecordHeader& header : headers) {
    writer.nullable(base::asBytes(header.key));
    writer.nullable(viewOf(header.value));
  }
  ++m_count;
}

base::Bytes RecordBatchBuilder::build() {
  STREAMSCOPE_ASSERT(m_count > 0);
  base::Bytes compressed;
  base::ByteView records = m_records;
  if (m_options.compression != Compression::None) {
    compressed = compress(m_options.compression, m_records, m_options.compressionLevel);
    records = compressed;
  }
  int attributes = static_cast<int>(m_options.compression);
  if (m_options.isLogAppendTime) attributes |= kLogAppendTimeBit;
  if (m_options.isTransactional) attributes |= kTransactionalBit;
  if (m_options.isControl) attributes |= kControlBit;

  BatchHeader header;
  header.baseOffset = m_options.baseOffset;
  header.partitionLeaderEpoch = m_options.partitionLeaderEpoch;
  header.attributes = static_cast<int16_t>(attributes);
  header.lastOffsetDelta = m_count - 1;
  header.baseTimestamp = m_baseTimestamp;
  header.maxTimestamp = m_maxTimestamp;
  header.producerId = m_options.producerId;
  header.producerEpoch = m_options.producerEpoch;
  header.baseSequence = m_options.baseSequence;
  header.recordCount = m_count;
  return encodeBatch(header, records);
}

}  // namespace streamscope::log
