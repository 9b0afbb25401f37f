#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "owned_partitions.h"

namespace streamscope::client {

/// Fair, and with as few partitions in other hands as before as that allows; all of them are given up during a
/// rebalance (Kafka: StickyAssignor).
GroupAssignment assignSticky(const GroupSubscription& group);

/// What a member of a sticky group says of its last assignment, as user data in version 1: the partitions by topic, and
/// the generation.
base::SharedBytes stickyUserData(const std::vector<base::TopicPartition>& partitions, int32_t generation);
/// Version 0 has no generation. Bytes that cannot be read count as no partitions.
MemberData readStickyUserData(const std::optional<base::SharedBytes>& userData);

}  // namespace streamscope::client
