#pragma once

#include <optional>
#include <string>

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "base/virtual_time.h"

namespace streamscope::coordinator {

/// A committed offset with all that belongs to it (Kafka: OffsetAndMetadata).
struct OffsetAndMetadata {
  base::Offset offset = 0;
  base::LeaderEpoch leaderEpoch = base::kNoEpoch;
  std::string metadata;
  base::TimestampMs commitTimestamp = 0;
  /// Only when the commit itself said how long it is to be kept (OffsetCommit before version 5).
  std::optional<base::TimestampMs> expireTimestamp;
  /// Zero when the topic was named without its id.
  base::Uuid topicId;

  bool operator==(const OffsetAndMetadata&) const = default;
};

}  // namespace streamscope::coordinator
