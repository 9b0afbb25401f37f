#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "cluster_control.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

// Who holds a partition: said by somebody, or placed. For new topics, new partitions and reassignments. Source: Kafka's
// ReplicationControlManager.

/// Kafka: ReplicationControlManager.MAX_PARTITIONS_PER_BATCH.
inline constexpr int64_t kPartitionsPerRequestMax = 10'000;

/// Replicas that somebody wrote down: registered brokers, none twice, as many as there are to be.
/// INVALID_REPLICA_ASSIGNMENT with Kafka's sentence.
base::Status checkManualAssignment(const MetadataImage& image, const std::vector<base::BrokerId>& replicas,
                                   std::optional<size_t> replicationFactor);

/// Replicas of so many new partitions. INVALID_REPLICATION_FACTOR with the placer's sentence.
base::Result<std::vector<std::vector<base::BrokerId>>> placeReplicas(const ClusterControl& clusterControl,
                                                                     base::Random& random, int32_t partitions,
                                                                     int16_t replicationFactor);

/// Those that may lead and be in sync now.
std::vector<base::BrokerId> activeReplicas(const ClusterControl& clusterControl,
                                           const std::vector<base::BrokerId>& replicas);

/// A partition that begins: in sync is who is active (one at least), the first of them leads.
protocol::PartitionRecord newPartitionRecord(const ClusterControl& clusterControl, const base::Uuid& topicId,
                                             base::PartitionId partition, const std::vector<base::BrokerId>& replicas);

}  // namespace streamscope::controller
