#pragma once

#include <map>
#include <string>

#include "base/random.h"
#include "cluster_control.h"
#include "controller/controller_node.h"
#include "protocol/messages/create_topics.h"
#include "replication_control.h"
#include "topic_config.h"

namespace streamscope::controller {

/// Decides on CreateTopics. Each topic is refused or accepted for itself, with Kafka's sentences; the records of all
/// accepted ones are written in one batch: per topic TopicRecord, ConfigRecords, PartitionRecords.
/// Source: Kafka's ReplicationControlManager.createTopics, ControllerApis.createTopics.
class TopicCreation {
 public:
  TopicCreation(const MetadataImage& image, const ClusterControl& clusterControl, const ControllerConfig& config,
                base::Random& random);

  struct Decision {
    MetadataRecords records;
    protocol::CreateTopicsResponse response;
  };
  /// `request.validateOnly` decides the same and leaves the records out.
  Decision createTopics(const protocol::CreateTopicsRequest& request);

 private:
  using Topic = protocol::CreateTopicsRequest::CreatableTopic;
  using TopicResult = protocol::CreateTopicsResponse::CreatableTopicResult;
  /// Replicas per partition, from 0 without gaps.
  using Assignments = std::vector<std::vector<base::BrokerId>>;

  base::Status checkPartitionCount(const protocol::CreateTopicsRequest& request) const;
  base::Result<TopicResult> createTopic(const Topic& topic, MetadataRecords& records);
  base::Status checkName(const std::string& name) const;
  base::Result<TopicConfigs> checkConfigs(const Topic& topic) const;
  base::Result<Assignments> assign(const Topic& topic);
  base::Result<Assignments> checkManualAssignments(const Topic& topic) const;
  base::Result<Assignments> place(const Topic& topic);

  const MetadataImage& m_image;
  const ClusterControl& m_clusterControl;
  const ControllerConfig& m_config;
  base::Random& m_random;
};

}  // namespace streamscope::controller
