#include "producer_state_manager.h"

#include <algorithm>
#include <utility>

#include "log/end_transaction_marker.h"

namespace streamscope::log {
namespace {

/// From this transaction.version on each transaction has an epoch of its own (KIP-890).
constexpr int16_t kEpochPerTransaction = 2;

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

base::Status ProducerStateManager::check(const BatchHeader& header, base::ByteView batch, AppendOrigin origin,
                                         int16_t transactionVersion, const std::string& where) const {
  const auto it = m_producers.find(header.producerId);
  // Nothing known, as after retention removed everything of this producer: any sequence may come.
  if (it == m_producers.end()) return {};
  if (header.isControl()) return checkMarker(it->second, header, batch, transactionVersion, where);
  return checkData(it->second, header, origin, where);
}

base::Status ProducerStateManager::checkMarker(const Producer& known, const BatchHeader& header, base::ByteView batch,
                                               int16_t transactionVersion, const std::string& where) const {
  const auto marker = parseEndTransactionMarker(header, batch);
  if (!marker) return {};
  const bool ownEpoch = transactionVersion >= kEpochPerTransaction;
  // Sent again after it was written: the transaction it ended is not open any more.
  const bool isRetry =
      header.producerEpoch == known.epoch && (known.currentTxnFirstOffset < 0 || known.epoch == INT16_MAX);
  const bool isStale = header.producerEpoch < known.epoch || (ownEpoch && header.producerEpoch == known.epoch);
  if (isStale && !(ownEpoch && isRetry))
    return base::fail(base::ErrorCode::INVALID_PRODUCER_EPOCH,
                      "The epoch of the transaction marker of " + describe(header, where) + " is " +
                          std::to_string(header.producerEpoch) + ", the last seen is " + std::to_string(known.epoch) +
                          "; the marker belongs to an older transaction.");
  if (marker->coordinatorEpoch < known.coordinatorEpoch)
    return base::fail(base::ErrorCode::TRANSACTION_COORDINATOR_FENCED,
                      "The transaction marker of " + describe(header, where) + " has the coordinator epoch " +
                          std::to_string(marker->coordinatorEpoch) + ", the last seen is " +
                          std::to_string(known.coordinatorEpoch) + "; another coordinator has taken over.");
  return {};
}

base::Status ProducerStateManager::checkData(const Producer& known, const BatchHeader& header, AppendOrigin origin,
                                             const std::string& where) const {
  if (header.producerEpoch < known.epoch)
    return base::fail(base::ErrorCode::INVALID_PRODUCER_EPOCH,
                      "The epoch of " + describe(header, where) + " is " + std::to_string(header.producerEpoch) +
                          ", older than the last seen " + std::to_string(known.epoch) +
                          "; a newer instance of this producer has taken over.");
  if (origin != AppendOrigin::Client) {
    // Coordinators write without sequence numbers.
  } else if (header.producerEpoch != known.epoch) {
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

std::optional<AbortedTransaction> ProducerStateManager::update(const BatchHeader& header, base::ByteView batch) {
  m_endOffset = header.nextOffset();
  if (header.producerId < 0) return std::nullopt;
  Producer& producer = m_producers[header.producerId];
  if (header.isControl()) return endTransaction(producer, header, batch);
  addData(producer, header);
  return std::nullopt;
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
  if (header.isTransactional() && producer.currentTxnFirstOffset < 0) {
    producer.currentTxnFirstOffset = header.baseOffset;
    m_ongoingTransactions.insert_or_assign(header.baseOffset, header.producerId);
  }
}

std::optional<AbortedTransaction> ProducerStateManager::endTransaction(Producer& producer, const BatchHeader& header,
                                                                       base::ByteView batch) {
  // A marker that compaction emptied says that nothing of its transaction is left.
  const auto marker = parseEndTransactionMarker(header, batch);
  if (!marker) return std::nullopt;
  if (producer.epoch != header.producerEpoch) {
    producer.epoch = header.producerEpoch;
    producer.batchCount = 0;
  }
  producer.coordinatorEpoch = marker->coordinatorEpoch;
  producer.lastTimestamp = marker->timestamp;
  // The producer wrote nothing to this partition, or the marker came before.
  if (producer.currentTxnFirstOffset < 0) return std::nullopt;

  const base::Offset firstOffset = std::exchange(producer.currentTxnFirstOffset, -1);
  m_ongoingTransactions.erase(firstOffset);
  m_unreplicatedTransactions.insert_or_assign(firstOffset, header.baseOffset);
  if (marker->isCommit) return std::nullopt;
  return AbortedTransaction{header.producerId, firstOffset, header.baseOffset,
                            firstUndecidedOffset().value_or(header.baseOffset + 1)};
}

// Transactions.

std::optional<base::Offset> ProducerStateManager::firstUndecidedOffset() const {
  if (m_ongoingTransactions.empty()) return std::nullopt;
  return m_ongoingTransactions.begin()->first;
}

std::optional<base::Offset> ProducerStateManager::firstUnstableOffset() const {
  const auto undecided = firstUndecidedOffset();
  if (m_unreplicatedTransactions.empty()) return undecided;
  const base::Offset unreplicated = m_unreplicatedTransactions.begin()->first;
  return std::min(unreplicated, undecided.value_or(unreplicated));
}

void ProducerStateManager::forgetDecidedBelow(base::Offset offset) {
  std::erase_if(m_unreplicatedTransactions, [offset](const auto& entry) { return entry.second < offset; });
}

// The state as a whole.

void ProducerStateManager::clear(base::Offset endOffset) {
  m_producers.clear();
  m_ongoingTransactions.clear();
  m_unreplicatedTransactions.clear();
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
    if (entry.currentTxnFirstOffset >= 0)
      m_ongoingTransactions.insert_or_assign(entry.currentTxnFirstOffset, entry.producerId);
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
