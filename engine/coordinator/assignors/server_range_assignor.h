#pragma once

#include "consumer_group_spec.h"

namespace streamscope::coordinator {

/// Of each topic every subscriber is given a contiguous range; who has more of one topic has more of every other, so
/// that equal numbers of topics with equally many partitions come together (Kafka: the coordinator's RangeAssignor).
ConsumerGroupAssignment assignRanges(const ConsumerGroupSpec& group);

}  // namespace streamscope::coordinator
