#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "log/record_batch.h"
#include "producer_snapshot.h"

namespace streamscope::log {

/// What one log knows of the producers that wrote to it: epochs, and the last five batches of each, by which a resent
/// batch is known again and a lost one is missed. In memory only; snapshots are read and written by its owner.
/// Kafka: ProducerStateManager with ProducerStateEntry and ProducerAppendInfo.
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

  /// Whether a client's data batch may follow: INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE.
  /// `where` names the partition. Changes nothing.
  base::Status check(const BatchHeader& header, const std::string& where) const;

  /// Takes note of a batch that is in the log now. Control batches need their bytes, for the transaction's marker.
  void update(const BatchHeader& header, base::ByteView batch);

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
  void addData(Producer& producer, const BatchHeader& header);
  void endTransaction(Producer& producer, const BatchHeader& header, base::ByteView batch);

  std::map<int64_t, Producer> m_producers;
  base::Offset m_endOffset = 0;
};

}  // namespace streamscope::log
