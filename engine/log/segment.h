#pragma once

#include <memory>
#include <optional>
#include <span>

#include "base/result.h"
#include "log/log_config.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "log_files.h"
#include "offset_index.h"
#include "time_index.h"
#include "transaction_index.h"

namespace streamscope::log {

/// N.log with its three indexes: the batches from one base offset on. Only the last segment of a log is written to.
/// Small while idle: its file is opened at first use and its indexes stay on disk. Kafka: LogSegment.
class Segment {
 public:
  struct Sizes {
    uint64_t log = 0;
    uint64_t offsetIndex = 0;
    uint64_t timeIndex = 0;
    uint64_t transactionIndex = 0;
  };

  /// A segment whose files are there already. `files` must outlive it.
  Segment(const LogFiles& files, base::Offset baseOffset, base::TimestampMs nowMs, const Sizes& sizes);
  /// A new, empty one; leftovers of the same name are emptied.
  static storage::StorageResult<std::unique_ptr<Segment>> create(const LogFiles& files, base::Offset baseOffset,
                                                                 base::TimestampMs nowMs);

  base::Offset baseOffset() const { return m_baseOffset; }
  uint64_t sizeInBytes() const { return m_size; }
  Sizes sizes() const;
  OffsetIndex& offsetIndex() { return m_offsetIndex; }
  const OffsetIndex& offsetIndex() const { return m_offsetIndex; }
  TimeIndex& timeIndex() { return m_timeIndex; }
  const TimeIndex& timeIndex() const { return m_timeIndex; }
  TransactionIndex& transactionIndex() { return m_transactionIndex; }
  const TransactionIndex& transactionIndex() const { return m_transactionIndex; }
  std::filesystem::path path() const { return m_files.path(m_baseOffset, kLogSuffix); }

  /// The open file. It stays open until `closeFile`.
  storage::StorageResult<storage::File*> file() const;
  void closeFile() const { m_file.reset(); }

  // Writing.

  struct Append {
    uint64_t bytes = 0;
    base::TimestampMs maxTimestamp = -1;
    base::Offset lastOffset = 0;
    base::TimestampMs nowMs = 0;
    /// What segment.jitter.ms takes off segment.ms.
    int64_t rollJitterMs = 0;
  };
  /// Why this append belongs into a new segment, none when it does not; nothing to decide on an I/O fault.
  base::Result<std::optional<RollReason>> shouldRoll(const LogConfig& config, const Append& append) const;

  /// `headers` are those of the batches in `bytes`, in order. On a fault the file is cut back to what it was.
  storage::StorageStatus append(base::ByteView bytes, std::span<const BatchHeader> headers, int32_t indexIntervalBytes);

  /// Cuts the batch that contains `offset` and all after it; the end offset then, which is `offset` or the base offset
  /// of that batch.
  base::Result<base::Offset> truncateTo(base::Offset offset);
  /// Cuts at a batch boundary found by recovery, which has rebuilt the indexes up to there.
  storage::StorageStatus truncateFile(uint64_t size);

  /// The segment gets no more appends: its largest timestamp goes into the time index, both indexes onto disk.
  storage::StorageStatus finish();
  /// Everything on stable storage.
  storage::StorageStatus flush();
  /// Nobody knows how much of the file is on stable storage: the next flush syncs it.
  void markUnsynced() { m_isUnsynced = true; }

  // Reading.

  struct Found {
    uint64_t position = 0;
    BatchHeader header;
  };
  /// The first batch whose last offset is at or above `offset`; none when the segment ends before it. CORRUPT_MESSAGE
  /// when the way there is damaged.
  base::Result<std::optional<Found>> find(base::Offset offset) const;
  /// The first batch at or after `from` with a record as late as `timestamp`.
  base::Result<std::optional<Found>> findTimestamp(base::TimestampMs timestamp, base::Offset from) const;
  /// The whole batch found before.
  base::Result<base::Bytes> readBatch(const Found& found) const;
  /// The end offset, from the last index entry on; none when something there is not a batch.
  base::Result<std::optional<base::Offset>> readEndOffset() const;

  /// The timestamp of the newest record; when no record has one, when the segment was created or opened (Kafka takes
  /// the file's time of change).
  base::Result<base::TimestampMs> largestTimestamp() const;
  /// Largest timestamp and the last offset of the first batch that has it.
  base::Result<TimeIndex::Entry> maxTimestamp() const;
  void noteTimestamp(base::TimestampMs timestamp, base::Offset offset);
  /// Largest timestamp of the first batch, -1 without one: since when the segment has been filled.
  base::Result<base::TimestampMs> firstBatchTimestamp() const;
  /// Before a rebuild: forgets timestamps and empties the indexes.
  storage::StorageStatus resetIndexes();

 private:
  base::Result<std::optional<Found>> findFrom(uint64_t position, base::Offset offset, bool mayRestart) const;
  base::Error damaged(uint64_t position, const std::string& reason) const;

  const LogFiles& m_files;
  base::Offset m_baseOffset;
  base::TimestampMs m_createdMs;
  uint64_t m_size;
  OffsetIndex m_offsetIndex;
  TimeIndex m_timeIndex;
  TransactionIndex m_transactionIndex;
  int64_t m_bytesSinceLastIndexEntry = 0;
  bool m_isUnsynced = false;
  mutable std::unique_ptr<storage::File> m_file;
  /// Known after the first append or the first question; the time index has it before.
  mutable std::optional<TimeIndex::Entry> m_maxTimestamp;
  mutable std::optional<base::TimestampMs> m_firstBatchTimestamp;
};

}  // namespace streamscope::log
