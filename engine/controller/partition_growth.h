#pragma once

#include "base/random.h"
#include "cluster_control.h"
#include "protocol/messages/create_partitions.h"
#include "replication_control.h"

namespace streamscope::controller {

/// Decides on CreatePartitions: topics only grow, by replicas somebody wrote down or the placer's. Each topic is
/// refused or accepted for itself. Source: Kafka's ReplicationControlManager.createPartitions,
/// ControllerApis.createPartitions.
class PartitionGrowth {
 public:
  PartitionGrowth(const MetadataImage& image, const ClusterControl& clusterControl, base::Random& random);

  struct Decision {
    MetadataRecords records;
    protocol::CreatePartitionsResponse response;
  };
  /// `request.validateOnly` decides the same and leaves the records out.
  Decision createPartitions(const protocol::CreatePartitionsRequest& request);

 private:
  using Topic = protocol::CreatePartitionsRequest::CreatePartitionsTopic;
  using Assignments = std::vector<std::vector<base::BrokerId>>;

  base::Status grow(const Topic& topic, MetadataRecords& records);
  base::Status checkCount(const Topic& topic, size_t partitions) const;
  base::Result<Assignments> checkManualAssignments(const Topic& topic, size_t firstPartition,
                                                   size_t replicationFactor) const;
  base::Result<Assignments> place(int32_t partitions, size_t replicationFactor);

  const MetadataImage& m_image;
  const ClusterControl& m_clusterControl;
  base::Random& m_random;
};

}  // namespace streamscope::controller
