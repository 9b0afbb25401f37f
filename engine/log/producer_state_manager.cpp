#include "producer_state_manager.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "record_reader.h"

namespace streamscope::log {
namespace {

/// Control record types of transactions (ControlRecordType).
constexpr int16_t kAbortMarker = 0;
constexpr int16_t kCommitMarker = 1;

bool follows(int32_t lastSequence, int32_t nextSequence) {
  return lastSequence == INT32_MAX ? nextSequence == 0 : nextSequence == lastSequence + 1;
}

std::string describe(const BatchHeader& header, const std::string& where) {
  return "producer " + std::to_string(header.producerId) + " at offset " + std::to_string(header.baseOffset) + " in " +
         where;
}

}  // namespace

int32_t ProducerStateManager::Batch::firstSequence() const {
  if (lastSequence < 0) return -1;
  return static_cast<int32_t>((static_cast<int64_t>(lastSequence) - offsetDelta) & INT32_MAX);
}

std::optional<ProducerStateManager::Batch> ProducerStateManager::findDuplicate(const BatchHeader& header) const {
  const auto it = m_producers.find(header.producerId);
  if (it == m_producers.end() || it->second.epoch != header.producerEpoch) return std::nullopt;
  for (size_t i = 0; i < it->second.batchCount; ++i) {
    const Batch& batch = it->second.batches[i];
    if (batch.firstSequence() == header.baseSequence && batch.lastSequence == header.lastSequence()) return batch;
  }
  return std::nullopt;
}

base::Status ProducerStateManager::check(const BatchHeader& header, const std::string& where) const {
  const auto it = m_producers.find(header.producerId);
  // Nothing known, as after retention removed everything of this producer: any sequence may come.
  if (it == m_producers.end()) return {};
  const Producer& known = it->second;
  if (header.producerEpoch < known.epoch)
    return base::fail(base::ErrorCode::INVALID_PRODUCER_EPOCH,
                      "The epoch of " + describe(header, where) + " is " + std::to_string(header.producerEpoch) +
                          ", older than the last seen " + std::to_string(known.epoch) +
                          "; a newer instance of this producer has taken over.");
  if (header.producerEpoch != known.epoch) {
    if (header.baseSequence != 0 && known.epoch != -1)
      return base::fail(base::ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER,
                        "The new epoch " + std::to_string(header.producerEpoch) + " of " + describe(header, where) +
                            " begins with sequence number " + std::to_string(header.baseSequence) +
                            " instead of 0; batches before it are missing.");
  } else {
    const int32_t last = known.lastBatch() == nullptr ? -1 : known.lastBatch()->lastSequence;
    if (known.epoch != -1 && !follows(last, header.baseSequence))
      return base::fail(base::ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER,
                        "Out of order sequence number for " + describe(header, where) + ": " +
                            std::to_string(header.baseSequence) + " came after " + std::to_string(last) +
                            "; batches between them are missing.");
  }
  if (known.currentTxnFirstOffset >= 0 && !header.isTransactional())
    return base::fail(base::ErrorCode::INVALID_TXN_STATE,
                      "A write outside of any transaction came from " + describe(header, where) +
                          " while its transaction is open; end the transaction first.");
  return {};
}

void ProducerStateManager::update(const BatchHeader& header, base::ByteView batch) {
  m_endOffset = header.nextOffset();
  if (header.producerId < 0) return;
  Producer& producer = m_producers[header.producerId];
  if (header.isControl())
    endTransaction(producer, header, batch);
  else
    addData(producer, header);
}

void ProducerStateManager::addData(Producer& producer, const BatchHeader& header) {
  if (producer.epoch != header.producerEpoch) {
    producer.epoch = header.producerEpoch;
    producer.batchCount = 0;
  }
  if (producer.batchCount == kBatchesKept) {
    std::move(producer.batches.begin() + 1, producer.batches.end(), producer.batches.begin());
    --producer.batchCount;
  }
  producer.batches[producer.batchCount++] = {header.lastSequence(), header.lastOffset(), header.lastOffsetDelta,
                                             header.maxTimestamp};
  producer.lastTimestamp = header.maxTimestamp;
  if (header.isTransactional() && producer.currentTxnFirstOffset < 0)
    producer.currentTxnFirstOffset = header.baseOffset;
}

void ProducerStateManager::endTransaction(Producer& producer, const BatchHeader& header, base::ByteView batch) {
  // A marker that compaction emptied says that nothing of its transaction is left.
  auto reader = RecordReader::open(batch, header);
  RecordView record;
  if (!reader || !reader->hasNext() || !reader->next(record, false) || !record.key) return;
  base::ByteReader key(*record.key);
  key.skip(2);
  const int16_t type = key.readInt16();
  if (key.failed() || (type != kAbortMarker && type != kCommitMarker)) return;
  base::ByteReader value(record.value.value_or(base::ByteView()));
  value.skip(2);
  const int32_t coordinatorEpoch = value.readInt32();
  if (producer.epoch != header.producerEpoch) {
    producer.epoch = header.producerEpoch;
    producer.batchCount = 0;
  }
  if (!value.failed()) producer.coordinatorEpoch = coordinatorEpoch;
  producer.currentTxnFirstOffset = -1;
  producer.lastTimestamp = record.timestamp;
}

void ProducerStateManager::clear(base::Offset endOffset) {
  m_producers.clear();
  m_endOffset = endOffset;
}

void ProducerStateManager::load(const std::vector<ProducerSnapshotEntry>& entries, base::Offset endOffset) {
  clear(endOffset);
  for (const ProducerSnapshotEntry& entry : entries) {
    Producer& producer = m_producers[entry.producerId];
    producer.epoch = entry.epoch;
    producer.coordinatorEpoch = entry.coordinatorEpoch;
    producer.lastTimestamp = entry.timestamp;
    producer.currentTxnFirstOffset = entry.currentTxnFirstOffset;
    producer.batchCount = 0;
    if (entry.lastOffset >= 0)
      producer.batches[producer.batchCount++] = {entry.lastSequence, entry.lastOffset, entry.offsetDelta,
                                                 entry.timestamp};
  }
}

std::vector<ProducerSnapshotEntry> ProducerStateManager::snapshot() const {
  std::vector<ProducerSnapshotEntry> entries;
  entries.reserve(m_producers.size());
  for (const auto& [producerId, producer] : m_producers) {
    ProducerSnapshotEntry entry;
    entry.producerId = producerId;
    entry.epoch = producer.epoch;
    entry.timestamp = producer.lastTimestamp;
    entry.coordinatorEpoch = producer.coordinatorEpoch;
    entry.currentTxnFirstOffset = producer.currentTxnFirstOffset;
    if (const Batch* last = producer.lastBatch()) {
      entry.lastSequence = last->lastSequence;
      entry.lastOffset = last->lastOffset;
      entry.offsetDelta = last->offsetDelta;
    }
    entries.push_back(entry);
  }
  return entries;
}

void ProducerStateManager::removeExpired(base::TimestampMs nowMs, int64_t expirationMs) {
  std::erase_if(m_producers, [&](const auto& entry) {
    return entry.second.currentTxnFirstOffset < 0 && nowMs - entry.second.lastTimestamp >= expirationMs;
  });
}

}  // namespace streamscope::log
