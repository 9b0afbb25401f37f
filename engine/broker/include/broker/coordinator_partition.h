#pragma once

#include <cstdint>
#include <string_view>

#include "base/topic_partition.h"

namespace streamscope::broker {

/// The partition of `__consumer_offsets` whose leader coordinates a group: the absolute hash modulo `partitions`.
base::PartitionId coordinatorPartition(std::string_view groupId, int32_t partitions);

}  // namespace streamscope::broker
