#pragma once

#include <vector>

#include "base/topic_partition.h"
#include "protocol/message.h"

namespace streamscope::world {

// Which partitions a request is about, for the trace and for drawing. A topic that is named only by its id has the id's
// text as its name.

/// The partition when it is exactly one, else an empty topic.
base::TopicPartition onlyPartitionOf(const protocol::RequestBody& body);

/// Of a Produce or Fetch, in its order.
std::vector<base::TopicPartition> partitionsOf(const protocol::RequestBody& body);

}  // namespace streamscope::world
