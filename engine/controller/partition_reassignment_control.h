#pragma once

#include "protocol/messages/alter_partition_reassignments.h"
#include "protocol/messages/list_partition_reassignments.h"
#include "replication_control.h"

namespace streamscope::controller {

/// Starts, changes, cancels and lists reassignments; they complete by AlterPartition (PartitionChangeBuilder). Sources:
/// KIP-455, KIP-860; Kafka's ReplicationControlManager.alterPartitionReassignments.
class PartitionReassignmentControl {
 public:
  PartitionReassignmentControl(const MetadataImage& image, const ReplicationControl& replicationControl,
                               const ControllerConfig& config);

  struct Decision {
    MetadataRecords records;
    protocol::AlterPartitionReassignmentsResponse response;
  };
  /// Each partition is refused or accepted for itself.
  Decision alter(const protocol::AlterPartitionReassignmentsRequest& request) const;
  protocol::ListPartitionReassignmentsResponse list(const protocol::ListPartitionReassignmentsRequest& request) const;

 private:
  using Change = std::optional<protocol::PartitionChangeRecord>;

  base::Result<Change> alterPartition(const std::string& topic, base::PartitionId partition,
                                      const std::optional<std::vector<base::BrokerId>>& target,
                                      bool allowReplicationFactorChange) const;
  base::Result<Change> cancel(const TopicImage& topic, base::PartitionId partition) const;
  base::Result<Change> change(const TopicImage& topic, base::PartitionId partition,
                              const std::vector<base::BrokerId>& target, bool allowReplicationFactorChange) const;

  const MetadataImage& m_image;
  const ReplicationControl& m_replicationControl;
  const ControllerConfig& m_config;
};

}  // namespace streamscope::controller
