#pragma once

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "log/log_directory.h"

namespace streamscope::broker {

/// What a metadata image says of the replicas in a log directory of this broker. Everything given must outlive it.
class ReplicaAssignments {
 public:
  ReplicaAssignments(const BrokerConfig& config, const controller::MetadataImage& image, const base::Uuid& directoryId)
      : m_config(config), m_image(image), m_directoryId(directoryId) {}

  /// The cluster has deleted the replica or moved it away while this broker was down. One whose id was lost (zero) is
  /// taken by its name: it may hold the only copy, and LogDirectory::getOrCreate gives the id back. Kafka, which makes
  /// that one a stray: LogManager.isStrayReplica.
  bool isStray(const base::TopicPartition& partition, const base::Uuid& topicId) const;

  /// The controller has this directory for it. Kafka: PartitionRegistration.directory.
  bool isInThisDirectory(const base::TopicPartition& partition, const base::Uuid& topicId) const;

  /// For LogDirectory::loadLogs; this object must outlive it.
  log::LogDirectory::Assignments forLogs() const;

 private:
  /// Of a replica of this broker; null when the cluster has none.
  const controller::PartitionRegistration* registrationOf(const base::TopicPartition& partition,
                                                          const base::Uuid& topicId) const;

  const BrokerConfig& m_config;
  const controller::MetadataImage& m_image;
  base::Uuid m_directoryId;
};

}  // namespace streamscope::broker
