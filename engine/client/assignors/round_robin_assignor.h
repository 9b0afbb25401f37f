#pragma once

#include "group_subscription.h"

namespace streamscope::client {

/// All partitions of all topics are dealt one after another to the members in turn, past those that do not subscribe to
/// the topic (Kafka: RoundRobinAssignor).
GroupAssignment assignRoundRobin(const GroupSubscription& group);

}  // namespace streamscope::client
