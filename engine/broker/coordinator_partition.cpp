#include "broker/coordinator_partition.h"

#include "base/java_hash.h"

namespace streamscope::broker {

base::PartitionId coordinatorPartition(std::string_view groupId, int32_t partitions) {
  const int32_t hash = base::javaHashCode(groupId);
  // Kafka's Utils.abs: the smallest int has no absolute value and counts as 0.
  const int32_t absolute = hash == INT32_MIN ? 0 : (hash < 0 ? -hash : hash);
  return absolute % partitions;
}

}  // namespace streamscope::broker
