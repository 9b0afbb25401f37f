#pragma once

#include "group_subscription.h"

namespace streamscope::client {

/// Of each topic every subscriber is given a contiguous range, the first ones one partition more where it does not come
/// out even. Where racks count, partitions near to a member come first, and topics with equally many partitions and the
/// same subscribers keep equal numbers together (Kafka: RangeAssignor, KIP-881).
GroupAssignment assignRanges(const GroupSubscription& group);

}  // namespace streamscope::client
