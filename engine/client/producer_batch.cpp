#include "producer_batch.h"

#include <limits>

#include "base/assert.h"

namespace streamscope::client {

namespace {

/// Kafka's DefaultRecord.MAX_RECORD_OVERHEAD: five varints, a varlong and the attributes at their longest.
constexpr size_t kRecordOverheadMax = 21;

}  // namespace

int32_t incrementSequence(int32_t sequence, int32_t count) {
  constexpr int32_t kSequenceMax = std::numeric_limits<int32_t>::max();
  if (sequence > kSequenceMax - count) return count - (kSequenceMax - sequence) - 1;
  return sequence + count;
}

size_t recordSizeUpperBound(std::optional<base::ByteView> key, std::optional<base::ByteView> value) {
  return kRecordOverheadMax + (key ? key->size() : 0) + (value ? value->size() : 0);
}

ProducerBatch::ProducerBatch(base::PartitionId partition, base::VirtualTime created, int64_t bufferBytes)
    : m_partition(partition),
      m_created(created),
      m_bufferBytes(bufferBytes),
      m_builder(log::RecordBatchBuilder(log::RecordBatchBuilder::Options{})) {}

bool ProducerBatch::hasRoomFor(size_t recordBytes, int32_t batchSize) const {
  return isOpen() && (m_recordCount == 0 || sizeInBytes() + recordBytes <= static_cast<size_t>(batchSize));
}

void ProducerBatch::append(base::TimestampMs timestamp, std::optional<base::ByteView> key,
                           std::optional<base::ByteView> value) {
  STREAMSCOPE_ASSERT(isOpen());
  m_builder->append(timestamp, key, value);
  ++m_recordCount;
}

void ProducerBatch::close() {
  if (!isOpen()) return;
  m_builder->setProducerState(m_producer.id, m_producer.epoch, m_baseSequence);
  m_records = base::SharedBytes(m_builder->build());
  m_builder.reset();
}

int32_t ProducerBatch::lastSequence() const {
  return incrementSequence(m_baseSequence, m_recordCount - 1);
}

void ProducerBatch::setProducerState(ProducerIdAndEpoch producer, int32_t baseSequence) {
  m_sequenceHasBeenReset = hasSequence();
  m_producer = producer;
  m_baseSequence = baseSequence;
  if (!isOpen()) rewrite();
}

void ProducerBatch::rewrite() {
  log::RecordBatchBuilder builder{log::RecordBatchBuilder::Options{}};
  const base::Status read = log::forEachRecord(m_records.view(), [&](const log::RecordView& record) {
    builder.append(record.timestamp, record.key, record.value);
    return true;
  });
  STREAMSCOPE_ASSERT(read.has_value());
  builder.setProducerState(m_producer.id, m_producer.epoch, m_baseSequence);
  m_records = base::SharedBytes(builder.build());
}

std::vector<ProducerBatchPtr> ProducerBatch::split(int32_t batchSize) const {
  STREAMSCOPE_ASSERT(!isOpen());
  std::vector<ProducerBatchPtr> parts;
  const base::Status read = log::forEachRecord(m_records.view(), [&](const log::RecordView& record) {
    const size_t bytes = recordSizeUpperBound(record.key, record.value);
    // The parts stand in the buffer where the whole stood; only the first gives its memory back.
    if (parts.empty() || !parts.back()->hasRoomFor(bytes, batchSize))
      parts.push_back(std::make_shared<ProducerBatch>(m_partition, m_created, parts.empty() ? m_bufferBytes : 0));
    parts.back()->append(record.timestamp, record.key, record.value);
    return true;
  });
  STREAMSCOPE_ASSERT(read.has_value());
  return parts;
}

}  // namespace streamscope::client
