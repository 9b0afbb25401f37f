#include "replica_assignment.h"

#include <algorithm>
#include <string>

#include "placement.h"

namespace streamscope::controller {

base::Status checkManualAssignment(const MetadataImage& image, const std::vector<base::BrokerId>& replicas,
                                   std::optional<size_t> replicationFactor) {
  const auto refuse = [](const std::string& why) {
    return base::fail(base::ErrorCode::INVALID_REPLICA_ASSIGNMENT, "The manual partition assignment includes " + why);
  };
  if (replicas.empty()) return refuse("an empty replica list.");
  std::vector<base::BrokerId> sorted = replicas;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i) {
    const std::string id = std::to_string(sorted[i]);
    if (image.findBroker(sorted[i]) == nullptr) return refuse("broker " + id + ", but no such broker is registered.");
    if (i > 0 && sorted[i] == sorted[i - 1]) return refuse("the broker " + id + " more than once.");
  }
  if (replicationFactor && replicas.size() != *replicationFactor) {
    return refuse("a partition with " + std::to_string(replicas.size()) +
                  " replica(s), but this is not consistent with previous partitions, which have " +
                  std::to_string(*replicationFactor) + " replica(s).");
  }
  return {};
}

base::Result<std::vector<std::vector<base::BrokerId>>> placeReplicas(const ClusterControl& clusterControl,
                                                                     base::Random& random, int32_t partitions,
                                                                     int16_t replicationFactor) {
  StripedReplicaPlacer placer(clusterControl.usableBrokers(), random);
  std::vector<std::vector<base::BrokerId>> assignments;
  for (int32_t partition = 0; partition < partitions; ++partition) {
    auto replicas = placer.place(replicationFactor);
    if (!replicas) return base::fail(replicas.error());
    assignments.push_back(std::move(*replicas));
  }
  return assignments;
}

std::vector<base::BrokerId> activeReplicas(const ClusterControl& clusterControl,
                                           const std::vector<base::BrokerId>& replicas) {
  std::vector<base::BrokerId> active;
  std::copy_if(replicas.begin(), replicas.end(), std::back_inserter(active),
               [&](base::BrokerId broker) { return clusterControl.isActive(broker); });
  return active;
}

protocol::PartitionRecord newPartitionRecord(const ClusterControl& clusterControl, const base::Uuid& topicId,
                                             base::PartitionId partition, const std::vector<base::BrokerId>& replicas) {
  protocol::PartitionRecord record;
  record.partitionId = partition;
  record.topicId = topicId;
  record.replicas = replicas;
  record.isr = activeReplicas(clusterControl, replicas);
  record.leader = record.isr.front();
  record.leaderEpoch = 0;
  record.partitionEpoch = 0;
  for (const base::BrokerId broker : replicas) record.directories.push_back(clusterControl.defaultDirectory(broker));
  return record;
}

}  // namespace streamscope::controller
