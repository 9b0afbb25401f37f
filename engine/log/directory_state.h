#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "base/topic_partition.h"
#include "hot_tail.h"

namespace streamscope::log {

/// What all logs of one log directory share.
struct DirectoryState {
  /// The first storage fault: from then on the whole directory is offline.
  std::optional<base::Error> failure;
  HotTailPool hotTails;
  /// Called after a truncation: the recovery point on disk must not vouch for what is appended in place of what was
  /// cut. May be empty.
  std::function<base::Status(const base::TopicPartition&, base::Offset recoveryPoint)> lowerRecoveryPoint;
  /// Called after a truncation with the base offset of the active segment: what is appended there is not clean, whatever
  /// cleaner-offset-checkpoint says. May be empty.
  std::function<base::Status(const base::TopicPartition&, base::Offset activeBaseOffset)> lowerCleanerOffset;
};

}  // namespace streamscope::log
