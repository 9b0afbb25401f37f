#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "hot_tail.h"

namespace streamscope::log {

class PartitionLog;

/// What all logs of one log directory share.
struct DirectoryState {
  /// The first storage fault: from then on the whole directory is offline.
  std::optional<base::Error> failure;
  HotTailPool hotTails;
  /// Differs between directories, so that their logs do not roll at the same time (segment.jitter.ms).
  uint64_t rollJitterSeed = 0;
  /// Called when a log gave files up: they are to be unlinked then. May be empty.
  std::function<void(base::TimestampMs removeAtMs)> filesAwaitRemoval;
  /// Called when a log has gone on in a new segment: PartitionLog::flushEndedSegments is to be called soon. May be
  /// empty.
  std::function<void(const base::TopicPartition&)> segmentAwaitsFlush;
  /// Called before a truncation: the offsets on disk must neither vouch for what is appended in place of what is cut,
  /// nor hide it. Lowers those that are above the log's own. May be empty.
  std::function<base::Status(const PartitionLog&)> lowerCheckpoints;
  /// Called before a truncation with the offset up to which the log can count as clean afterwards, whatever
  /// cleaner-offset-checkpoint says. May be empty.
  std::function<base::Status(const base::TopicPartition&, base::Offset cleanEnd)> lowerCleanerOffset;
};

}  // namespace streamscope::log
