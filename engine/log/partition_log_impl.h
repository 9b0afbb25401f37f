#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "deleted_segments.h"
#include "directory_state.h"
#include "hot_tail.h"
#include "leader_epoch_cache.h"
#include "log/partition_log.h"
#include "log_files.h"
#include "producer_snapshots.h"
#include "producer_state_manager.h"
#include "segment.h"

namespace streamscope::log {

/// The state of a PartitionLog. partition_log.cpp opens, truncates and closes; partition_log_append.cpp writes,
/// partition_log_read.cpp reads.
struct PartitionLog::Impl {
  Impl(storage::Storage& storage, std::filesystem::path directory, const OpenOptions& options);

  // Constant.
  LogFiles files;
  base::TopicPartition partition;
  std::string name;
  std::shared_ptr<DirectoryState> directoryState;

  // Persistent, as it stands in the files.
  LogConfig config;
  base::Uuid topicId = base::kZeroUuid;
  /// By base offset, never empty; the last one is the active segment.
  std::vector<std::unique_ptr<Segment>> segments;
  base::Offset logStartOffset = 0;
  base::Offset logEndOffset = 0;
  base::Offset recoveryPoint = 0;
  LeaderEpochCache epochs;
  ProducerStateManager producers;
  ProducerSnapshots snapshots;
  DeletedSegments deletedSegments;

  // Volatile.
  /// Of the last flush that flush.ms or flush.messages asked for, else of the opening.
  base::TimestampMs lastFlushMs = 0;
  /// Within [logStartOffset, logEndOffset].
  base::Offset highWatermark = 0;
  HotTail hotTail;
  /// Names were created or removed since the directory was last synced.
  bool namesChanged = false;
  /// The directory was synced since the log was opened, or needed it not.
  bool wereNamesSynced = false;
  bool isClosed = false;

  /// Where the last reads from files ended, so that a reader who goes on needs no search.
  struct Cursor {
    base::Offset offset = base::kNoOffset;
    base::Offset segmentBaseOffset = 0;
    uint64_t position = 0;
  };
  mutable std::array<Cursor, 4> cursors;
  mutable size_t nextCursor = 0;
  /// The one segment besides the active one whose file is kept open.
  mutable const Segment* openInactive = nullptr;

  Segment& active() const { return *segments.back(); }
  /// Number of the segment that holds `offset` or would.
  size_t segmentIndexOf(base::Offset offset) const;

  /// Remembers the directory's first fault and makes it an error.
  base::Error failed(const storage::Fault& fault) const;
  base::Error failed(const base::Error& error) const;
  base::Status statusOf(const storage::StorageStatus& status) const;
  base::Status checkWritable() const;

  // partition_log.cpp
  base::Status openTopicId(const base::Uuid& wanted, RecoveryReport& report);
  base::Status writeTopicId(const base::Uuid& id);
  base::Status rebuildProducers(base::TimestampMs nowMs);
  base::Status deleteSegmentsFrom(size_t index, base::TimestampMs nowMs);
  /// The offsets in memory and in the checkpoints are at most `newEnd` afterwards, the cleaner's at most `cleanEnd`.
  base::Status beginTruncation(const PartitionLog& log, base::Offset newEnd, base::Offset cleanEnd);
  base::Status finishTruncation();
  base::Status flush();
  /// The first `count` segments onto stable storage, as far as they are not. Whatever there is below `end` is there
  /// then.
  base::Status flushSegments(size_t count, base::Offset end);
  base::Status syncNames();
  void forgetReads();
  /// The files of a segment that is not in `segments` any more, and its producer snapshot.
  base::Status deleteFiles(base::Offset baseOffset, base::TimestampMs nowMs);

  // partition_log_clean.cpp
  /// `cleaned` take the place of `count` segments from number `first` on; never of the active one.
  base::Status replaceSegments(size_t first, size_t count, const std::vector<std::unique_ptr<Segment>>& cleaned,
                               base::TimestampMs nowMs);

  // partition_log_append.cpp
  base::Result<AppendInfo> append(const base::SharedBytes& bytes, std::span<const BatchHeader> headers,
                                  base::TimestampMs nowMs, AppendOrigin origin, int16_t transactionVersion);
  /// What a client's batch repeats, if it does. The batches of one append are checked against the state before it.
  base::Result<std::optional<ProducerStateManager::Batch>> checkProducers(const base::SharedBytes& bytes,
                                                                          std::span<const BatchHeader> headers,
                                                                          AppendOrigin origin,
                                                                          int16_t transactionVersion) const;
  base::Status updateProducers(const base::SharedBytes& bytes, std::span<const BatchHeader> headers);
  base::Status roll(base::Offset baseOffset, base::TimestampMs nowMs);
  /// What segment.jitter.ms takes off segment.ms in the active segment.
  int64_t rollJitterMs() const;

  // partition_log_retention.cpp
  base::Result<size_t> countDeletable(RetentionRule rule, base::TimestampMs nowMs) const;
  base::Status deleteOldest(PartitionLog& log, size_t count, RetentionRule rule, base::TimestampMs nowMs,
                            RetentionOutcome& outcome);
  base::Offset endOffsetOf(size_t index) const;

  // partition_log_read.cpp
  base::Result<ReadInfo> readFromFiles(base::Offset from, base::Offset endExclusive, size_t bytesMax,
                                       bool atLeastOneBatch) const;
  struct Place {
    const Segment* segment = nullptr;
    uint64_t position = 0;
  };
  /// The batch containing `from`, or the first one after it; no segment when there is none.
  base::Result<Place> locate(base::Offset from) const;
  base::Result<OffsetAtTime> firstRecordInBatch(const Segment& segment, const Segment::Found& found,
                                                base::TimestampMs timestamp, base::Offset from, bool exactly) const;
  void keepOneInactiveOpen(const Segment& segment) const;
};

}  // namespace streamscope::log
