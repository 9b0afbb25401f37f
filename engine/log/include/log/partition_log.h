#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/topic_partition.h"
#include "base/uuid.h"
#include "base/virtual_time.h"
#include "log/aborted_transaction.h"
#include "log/append_origin.h"
#include "log/cleaner_config.h"
#include "log/log_config.h"
#include "log/log_to_clean.h"
#include "storage/storage.h"

namespace streamscope::log {

struct DirectoryState;

/// Why a log went on in a new segment (A.6 of the roll rule: LogSegment.shouldRoll).
enum class RollReason : uint8_t {
  /// segment.bytes
  SegmentBytes,
  /// segment.ms, shortened by segment.jitter.ms and, when compacted, max.compaction.lag.ms
  SegmentMs,
  /// segment.index.bytes
  IndexFull,
  /// The offset is more than 2^31 - 1 above the segment's base.
  OffsetRange,
  /// Retention takes all segments there are.
  Retention,
};

/// What an append did.
struct AppendInfo {
  base::Offset firstOffset = base::kNoOffset;
  base::Offset lastOffset = base::kNoOffset;
  base::TimestampMs maxTimestamp = -1;
  /// Set for LogAppendTime topics, and as in Kafka for a duplicate (the largest timestamp of the first time); else -1.
  base::TimestampMs logAppendTime = -1;
  uint32_t bytes = 0;
  /// A batch the log had already: nothing was written, the offsets are those of the first time.
  bool duplicate = false;
  /// Base offset of the segment this append opened, or kNoOffset; and why.
  base::Offset rolledTo = base::kNoOffset;
  RollReason rollReason = RollReason::SegmentBytes;
};

/// Why one record of a client's batch was refused (Kafka: ProduceResponse.RecordError).
struct RecordError {
  /// The record's place in its batch, from 0 on.
  int32_t batchIndex = 0;
  std::string message;
};

/// Batches read from a log, in offset order, beginning with the batch that contains the offset asked for. `records` is
/// one contiguous run of whole batches.
struct ReadInfo {
  base::SharedBytes records;
  /// After the last batch of `records`; kNoOffset when there are none.
  base::Offset endOffset = base::kNoOffset;
  /// File position the batches start at and the segment they come from.
  base::Offset segmentBaseOffset = 0;
  uint64_t position = 0;
};

/// What recovery found and did to a log that was not closed cleanly.
struct RecoveryReport {
  struct Cut {
    enum class Kind {
      /// Nothing whole comes behind it: a crash in the middle of an append leaves this.
      TornTail,
      /// Whole batches come behind it: a page was lost or has rotted. They went with it, as in Kafka.
      DamageInMiddle,
      /// A whole segment that had to go because of a cut before it, or because the log ends before its start offset.
      SegmentDropped,
      /// A checkpoint or snapshot that could not be used; what it said was taken from the batches or is unknown.
      SmallFile,
    };
    std::string file;
    uint64_t atByte = 0;
    uint64_t bytesCut = 0;
    std::string reason;
    Kind kind = Kind::SmallFile;
    /// Whole batches, and their records, among the bytes cut.
    uint64_t batchesLost = 0;
    uint64_t recordsLost = 0;

    /// The cut in one sentence: file, byte, reason, what was lost.
    std::string toString() const;
  };
  std::vector<Cut> cuts;
  uint64_t bytesScanned = 0;
  int32_t segmentsRecovered = 0;
};

struct SegmentInfo {
  base::Offset baseOffset = 0;
  /// The next offset after the segment's last.
  base::Offset endOffset = 0;
  uint64_t bytes = 0;
  uint64_t indexBytes = 0;
  uint64_t timeIndexBytes = 0;
  uint64_t transactionIndexBytes = 0;
  base::TimestampMs maxTimestamp = -1;
};

/// The rule by which retention took a segment; in the order Kafka looks at them.
enum class RetentionRule : uint8_t { LogStartOffset, RetentionBytes, RetentionMs };

struct DeletedSegment {
  base::Offset baseOffset = 0;
  /// The next offset after its last.
  base::Offset endOffset = 0;
  uint64_t bytes = 0;
  /// Of its newest record.
  base::TimestampMs largestTimestamp = -1;
  RetentionRule rule = RetentionRule::LogStartOffset;
  /// Bytes of the log before this segment went.
  uint64_t logBytesBefore = 0;
};

/// What one look of retention at a log did.
struct RetentionOutcome {
  /// Oldest first.
  std::vector<DeletedSegment> deleted;
  /// Base offset of the segment that was opened because all others went, or kNoOffset.
  base::Offset rolledTo = base::kNoOffset;
};

/// One replica's log: segments on disk in Kafka's layout, leader epochs, producer state, offsets. Not thread-safe; all
/// calls from the world's thread. Offsets: log start <= high watermark <= log end. Refusals carry Kafka's codes; after
/// KAFKA_STORAGE_ERROR the log refuses every write (the log directory is offline).
/// Sources: Kafka's UnifiedLog, LocalLog, LogSegment, LogLoader; order of the checks as in UnifiedLog.append.
class PartitionLog {
 public:
  struct OpenOptions {
    base::TopicPartition partition;
    LogConfig config;
    /// From recovery-point-offset-checkpoint; everything below is on stable storage.
    base::Offset recoveryPoint = 0;
    base::Offset logStartOffset = 0;
    /// The log directory had the clean-shutdown marker.
    bool cleanShutdown = false;
    base::TimestampMs nowMs = 0;
    /// Written to partition.metadata when the file is missing; checked against it when it is there.
    base::Uuid topicId = base::kZeroUuid;
    /// What the logs of one LogDirectory share (its first storage fault, the memory for recent batches); a log opened
    /// by itself has its own.
    std::shared_ptr<DirectoryState> directoryState;
  };

  /// Opens or creates `directory` (created when missing). Unclean: segments from the recovery point on are scanned, a
  /// torn tail is cut and told in `report`. KAFKA_STORAGE_ERROR, INCONSISTENT_TOPIC_ID.
  static base::Result<std::unique_ptr<PartitionLog>> open(storage::Storage& storage,
                                                          const std::filesystem::path& directory,
                                                          const OpenOptions& options, RecoveryReport& report);
  ~PartitionLog();

  const base::TopicPartition& partition() const;
  const std::filesystem::path& directory() const;
  base::Uuid topicId() const;
  /// For a log whose partition.metadata was missing or damaged; INCONSISTENT_TOPIC_ID when it has another id.
  base::Status assignTopicId(const base::Uuid& topicId);
  const LogConfig& config() const;
  void setConfig(const LogConfig& config);

  base::Offset logStartOffset() const;
  base::Offset logEndOffset() const;
  base::Offset recoveryPoint() const;

  // What is replicated (UnifiedLog.highWatermark). The log keeps it in memory; who opens a log sets what is in
  // replication-offset-checkpoint.

  /// Records below it are replicated; the log start offset until somebody sets it.
  base::Offset highWatermark() const;
  /// Bounded to [log start, log end]. May go back: whose high watermark it is decides. Truncation lowers it to the log
  /// end by itself.
  void setHighWatermark(base::Offset offset);

  // Transactions (.txnindex, UnifiedLog.lastStableOffset).

  /// Everything below it is decided and replicated: the high watermark, or the first record of the oldest transaction
  /// that is open or whose marker is not below the high watermark. Readers with read_committed stop there.
  base::Offset lastStableOffset() const;
  /// First record of the oldest open transaction; none when none is open.
  std::optional<base::Offset> firstUndecidedOffset() const;
  /// The aborted transactions with records in [from, endExclusive), in the order of their markers, which may be behind
  /// the end. KAFKA_STORAGE_ERROR, CORRUPT_MESSAGE.
  base::Result<std::vector<AbortedTransaction>> abortedTransactions(base::Offset from, base::Offset endExclusive) const;

  uint64_t sizeInBytes() const;
  std::vector<SegmentInfo> segments() const;
  base::Offset firstSegmentBaseOffset() const;

  /// A client's, a coordinator's or the controller's batches, exactly one for Produce v3+. Validates (LogValidator),
  /// gives offsets from the log end on, stamps `leaderEpoch`, checks producers, their sequences and transactions.
  /// `transactionVersion` (the feature transaction.version of the coordinator) counts for transaction markers only.
  /// CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, INVALID_RECORD, INVALID_TIMESTAMP, RECORD_LIST_TOO_LARGE,
  /// UNKNOWN_SERVER_ERROR, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE,
  /// TRANSACTION_COORDINATOR_FENCED, KAFKA_STORAGE_ERROR. Where single records of a client are the reason,
  /// `recordErrors` (if given) names them.
  base::Result<AppendInfo> appendAsLeader(const base::SharedBytes& batches, base::LeaderEpoch leaderEpoch,
                                          base::TimestampMs nowMs, AppendOrigin origin = AppendOrigin::Client,
                                          int16_t transactionVersion = 0,
                                          std::vector<RecordError>* recordErrors = nullptr);

  /// The leader's batches with the leader's offsets; a partial last batch is ignored. Only headers and CRC are looked
  /// at. The batches must ascend from the log end offset on; a compacted leader's have holes between them.
  /// CORRUPT_MESSAGE, OFFSET_OUT_OF_RANGE, KAFKA_STORAGE_ERROR.
  base::Result<AppendInfo> appendAsFollower(const base::SharedBytes& batches, base::TimestampMs nowMs);

  /// Whole batches from the one containing `from`, whose offsets are below `endExclusive`, at most `bytesMax` bytes;
  /// with `atLeastOneBatch` the first batch comes even if it is larger. Empty when from == endExclusive.
  /// OFFSET_OUT_OF_RANGE when `from` is below log start or beyond the log end.
  base::Result<ReadInfo> read(base::Offset from, base::Offset endExclusive, size_t bytesMax,
                              bool atLeastOneBatch) const;

  struct OffsetAtTime {
    base::Offset offset = base::kNoOffset;
    base::TimestampMs timestamp = -1;
    base::LeaderEpoch leaderEpoch = base::kNoEpoch;
  };
  /// First record below `endExclusive` with timestamp >= `timestamp`; nothing found gives offset -1.
  base::Result<OffsetAtTime> offsetForTime(base::TimestampMs timestamp, base::Offset endExclusive) const;
  /// The record with the largest timestamp (ListOffsets -3).
  base::Result<OffsetAtTime> offsetOfMaxTimestamp() const;

  // Leader epochs (leader-epoch-checkpoint).

  struct EpochEntry {
    base::LeaderEpoch epoch = 0;
    base::Offset startOffset = 0;
  };
  const std::vector<EpochEntry>& epochs() const;
  base::LeaderEpoch latestEpoch() const;
  /// A new leader's epoch begins at the log end, before its first append.
  base::Status assignEpochStart(base::LeaderEpoch epoch, base::Offset startOffset);
  struct EpochEnd {
    base::LeaderEpoch epoch = base::kNoEpoch;
    base::Offset endOffset = base::kNoOffset;
  };
  /// Kafka's OffsetForLeaderEpoch question (`LeaderEpochFileCache.endOffsetFor`).
  EpochEnd endOffsetForEpoch(base::LeaderEpoch epoch) const;
  /// Epoch of the batch at `offset`, or kNoEpoch.
  base::LeaderEpoch epochForOffset(base::Offset offset) const;

  /// Cuts every record at or above `offset`. Whole segments that go are renamed to `*.deleted`.
  base::Status truncateTo(base::Offset offset, base::TimestampMs nowMs);
  /// Drops everything and goes on at `offset`.
  base::Status truncateFullyAndStartAt(base::Offset offset, base::TimestampMs nowMs);

  // Retention (partition_log_retention.cpp; Kafka: UnifiedLog.deleteOldSegments).

  /// Records below `offset` can no longer be read, and `deleteOldSegments` may take their segments; kept in
  /// log-start-offset-checkpoint. False when the log starts there or later already. OFFSET_OUT_OF_RANGE above the high
  /// watermark, KAFKA_STORAGE_ERROR.
  base::Result<bool> incrementLogStartOffset(base::Offset offset);
  /// Deletes segments from the oldest on: those below the log start offset in any case; with cleanup.policy delete also
  /// those that exceed retention.bytes, then those older than retention.ms. Never at or above the high watermark. Moves
  /// the log start offset to the first segment that stays.
  base::Result<RetentionOutcome> deleteOldSegments(base::TimestampMs nowMs);
  /// Forgets producers that were idle for producer.id.expiration.ms; how many.
  size_t removeExpiredProducers(base::TimestampMs nowMs);

  // Deleted files (DeletedSegments): what truncation, retention and compaction gave up is named `*.deleted` and
  // unlinked after file.delete.delay.ms; leftovers of an earlier life went when the log was opened.

  /// When `removeDeletedFiles` has something to do; none when nothing waits.
  std::optional<base::TimestampMs> nextFileRemoval() const;
  /// Unlinks what is due and returns the names of the files.
  base::Result<std::vector<std::string>> removeDeletedFiles(base::TimestampMs nowMs);

  // Compaction. When which log is cleaned is the LogCleaner's business.

  /// What could be cleaned now, whatever cleanup.policy says. `checkpoint` is the log's entry in
  /// cleaner-offset-checkpoint. KAFKA_STORAGE_ERROR, CORRUPT_MESSAGE.
  base::Result<LogToClean> examineForCleaning(std::optional<base::Offset> checkpoint, base::TimestampMs nowMs) const;
  /// Takes out the records of `range` that later ones of the same key overwrite, and what they make superfluous before
  /// it. Offsets stay. CORRUPT_MESSAGE, INVALID_RECORD, UNSUPPORTED_COMPRESSION_TYPE when something cannot be read;
  /// KAFKA_STORAGE_ERROR.
  base::Result<CleanerStats> clean(const LogToClean& range, const CleanerConfig& config, base::TimestampMs nowMs);

  // Stable storage.

  /// Everything below the log end on stable storage; moves the recovery point.
  base::Status flush();
  /// A segment ended, or recovery read it, and it is not known to be on stable storage.
  bool hasEndedSegmentsToFlush() const;
  /// All but the active segment on stable storage, and the producer snapshots as of their ends; moves the recovery
  /// point. Meant for the next event after an append that rolled (LogDirectory::onAwaitingFlush), so that no producer
  /// waits for it. Kafka: the task "flush-log" of UnifiedLog.roll.
  base::Status flushEndedSegments();
  /// Flushes when the last flush is flush.ms ago (Kafka: LogManager.flushDirtyLogs).
  base::Status flushIfDue(base::TimestampMs nowMs);
  /// flush, producer snapshot, indexes trimmed to their size. The log is not usable afterwards.
  base::Status close();

  /// What the log knows of producers, for the inspector.
  struct ProducerInfo {
    int64_t producerId = -1;
    int16_t epoch = -1;
    int32_t lastSequence = -1;
    base::Offset lastOffset = -1;
    base::TimestampMs lastTimestamp = -1;
    /// First record of its open transaction, or -1.
    base::Offset currentTxnFirstOffset = -1;
    int32_t coordinatorEpoch = -1;
  };
  std::vector<ProducerInfo> producers() const;

  /// Reads answered with the very buffers of recent appends, without touching the file.
  uint64_t readsFromMemory() const;

  struct Impl;

 private:
  explicit PartitionLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::log
