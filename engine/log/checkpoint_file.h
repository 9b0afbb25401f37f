#pragma once

#include <map>
#include <vector>

#include "base/bytes.h"
#include "base/topic_partition.h"
#include "log/partition_log.h"
#include "parsed.h"

namespace streamscope::log {

/// Kafka's text checkpoints (CheckpointFile): a line with the version 0, a line with the number of entries, one line an
/// entry. An empty file has no entries.

using CheckpointedOffsets = std::map<base::TopicPartition, base::Offset>;

/// `<topic> <partition> <offset>`: recovery points, high watermarks, log start offsets, cleaner positions.
Parsed<CheckpointedOffsets> parseOffsetCheckpoint(base::ByteView bytes);
base::Bytes formatOffsetCheckpoint(const CheckpointedOffsets& offsets);

/// `<epoch> <start offset>`, both ascending: leader-epoch-checkpoint.
Parsed<std::vector<PartitionLog::EpochEntry>> parseEpochCheckpoint(base::ByteView bytes);
base::Bytes formatEpochCheckpoint(const std::vector<PartitionLog::EpochEntry>& entries);

}  // namespace streamscope::log
