#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "owned_partitions.h"

namespace streamscope::client {

/// As sticky, but without the partitions that somebody still has to give up: those are assigned in the rebalance that
/// follows, and meanwhile everybody goes on with the rest (Kafka: CooperativeStickyAssignor, KIP-429).
GroupAssignment assignCooperativeSticky(const GroupSubscription& group);

/// The generation, which consumers before version 2 of the subscription have nowhere else.
base::SharedBytes cooperativeStickyUserData(int32_t generation);

}  // namespace streamscope::client
