#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "log/aborted_transaction.h"
#include "log/append_origin.h"
#include "log/record_batch.h"
#include "producer_snapshot.h"

namespace streamscope::log {

/// What one log knows of the producers that wrote to it: epochs, and the last five batches of each, by which a resent
/// batch is known again and a lost one is missed; and the transactions that keep readers of committed records back. In
/// memory only; snapshots are read and written by its owner.
/// Kafka: ProducerStateManager with ProducerStateEntry and ProducerAppendInfo. Unlike Kafka's log with
/// transaction.partition.verification.enable, which asks the transaction's coordinator before the first batch
/// (KIP-890), the log takes a transactional batch from any producer of the right epoch, as Kafka's does with that
/// switch off.
class ProducerStateManager {
 public:
  static constexpr size_t kBatchesKept = 5;

  struct Batch {
    int32_t lastSequence = -1;
    base::Offset lastOffset = -1;
    int32_t offsetDelta = 0;
    base::TimestampMs timestamp = -1;

    base::Offset firstOffset() const { return lastOffset - offsetDelta; }
    int32_t firstSequence() const;
  };

  struct Producer {
    int16_t epoch = -1;
    int32_t coordinatorEpoch = -1;
    base::TimestampMs lastTimestamp = -1;
    /// First offset of the open transaction, or -1.
    base::Offset currentTxnFirstOffset = -1;
    /// Oldest first.
    std::array<Batch, kBatchesKept> batches;
    size_t batchCount = 0;

    const Batch* lastBatch() const { return batchCount == 0 ? nullptr : &batches[batchCount - 1]; }
  };

  /// The cached batch that `header` (a client's) repeats.
  std::optional<Batch> findDuplicate(const BatchHeader& header) const;

  /// Whether a leader may append this batch of a producer next; changes nothing. Sequence numbers count for a client's
  /// batches only. `transactionVersion` is the coordinator's, for markers: from 2 on each transaction has an epoch of
  /// its own, and the marker's is above the transaction's (KIP-890, KIP-1228). `where` names the partition.
  /// INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE, TRANSACTION_COORDINATOR_FENCED.
  base::Status check(const BatchHeader& header, base::ByteView batch, AppendOrigin origin, int16_t transactionVersion,
                     const std::string& where) const;

  /// Takes note of a batch that is in the log now. Control batches need their bytes, for the transaction's marker.
  /// What an abort marker ended is returned, for the transaction index of the segment that has the marker.
  std::optional<AbortedTransaction> update(const BatchHeader& header, base::ByteView batch);

  // Transactions.

  /// Where records begin that are not decided, or whose decision (the marker) is not below the high watermark; none
  /// when everything is stable.
  std::optional<base::Offset> firstUnstableOffset() const;
  /// Where the oldest open transaction begins: retention and compaction must not touch what is at or above it.
  std::optional<base::Offset> firstUndecidedOffset() const;
  /// Markers below it are replicated, or gone with the start of the log: their transactions keep nobody back any more.
  void forgetDecidedBelow(base::Offset offset);

  /// Everything before this offset is in the state.
  base::Offset endOffset() const { return m_endOffset; }
  void setEndOffset(base::Offset offset) { m_endOffset = offset; }

  void clear(base::Offset endOffset);
  void load(const std::vector<ProducerSnapshotEntry>& entries, base::Offset endOffset);
  std::vector<ProducerSnapshotEntry> snapshot() const;
  /// Forgets producers idle for longer than `expirationMs` that have no open transaction.
  void removeExpired(base::TimestampMs nowMs, int64_t expirationMs);

  const std::map<int64_t, Producer>& producers() const { return m_producers; }

 private:
  base::Status checkData(const Producer& known, const BatchHeader& header, AppendOrigin origin,
                         const std::string& where) const;
  base::Status checkMarker(const Producer& known, const BatchHeader& header, base::ByteView batch,
                           int16_t transactionVersion, const std::string& where) const;
  void addData(Producer& producer, const BatchHeader& header);
  std::optional<AbortedTransaction> endTransaction(Producer& producer, const BatchHeader& header, base::ByteView batch);

  std::map<int64_t, Producer> m_producers;
  /// Producer of each open transaction, by first offset.
  std::map<base::Offset, int64_t> m_ongoingTransactions;
  /// Marker of each ended transaction whose marker is not known to be replicated, by first offset.
  std::map<base::Offset, base::Offset> m_unreplicatedTransactions;
  base::Offset m_endOffset = 0;
};

}  // namespace streamscope::log
