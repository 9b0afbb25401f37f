#pragma once

#include "consumer_group_spec.h"

namespace streamscope::coordinator {

/// Every member is given as many partitions as every other, or one more, and keeps what it has as far as that allows
/// (Kafka: UniformAssignor, the default of group.consumer.assignors).
ConsumerGroupAssignment assignUniformly(const ConsumerGroupSpec& group);

/// When all members subscribe to the same topics (Kafka: UniformHomogeneousAssignmentBuilder).
ConsumerGroupAssignment assignUniformlyToEquals(const ConsumerGroupSpec& group);

}  // namespace streamscope::coordinator
