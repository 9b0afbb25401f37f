#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/uuid.h"

namespace streamscope::log {

enum class ReplicaDirectoryKind {
  Replica,
  /// Waiting to be removed.
  Delete,
  /// A copy on its way between log directories.
  Future,
  /// A replica the cluster does not assign here any more.
  Stray,
};

struct ReplicaDirectoryName {
  base::TopicPartition partition;
  ReplicaDirectoryKind kind = ReplicaDirectoryKind::Replica;
};

/// `orders-1`, or `orders-1.<32 hex digits>-delete` and the like; none for any other name. Kafka:
/// LocalLog.parseTopicPartitionName.
std::optional<ReplicaDirectoryName> parseReplicaDirectoryName(std::string_view name);

/// The name a replica's directory gets before it is removed; at most 255 characters, for which the topic is cut.
std::string deleteDirectoryName(const base::TopicPartition& partition, const base::Uuid& uniqueId);
/// The name it gets when the cluster does not assign it here any more; as long at most.
std::string strayDirectoryName(const base::TopicPartition& partition, const base::Uuid& uniqueId);
/// The name of a copy on its way between log directories. INVALID_TOPIC_EXCEPTION when it would be longer: this name is
/// read again, so the topic is not cut.
base::Result<std::string> futureDirectoryName(const base::TopicPartition& partition, const base::Uuid& uniqueId);

}  // namespace streamscope::log
