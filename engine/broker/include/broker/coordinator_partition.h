#pragma once

#include <cstdint>
#include <string_view>

#include "base/topic_partition.h"

namespace streamscope::broker {

/// Java's String.hashCode: over UTF-16 units, h = 31 h + unit, wrapping. `text` is UTF-8; a byte that is none counts as
/// U+FFFD, as Java decodes it.
int32_t javaHashCode(std::string_view text);

/// The partition of `__consumer_offsets` whose leader coordinates a group: the absolute hash modulo `partitions`.
base::PartitionId coordinatorPartition(std::string_view groupId, int32_t partitions);

}  // namespace streamscope::broker
