#include "replica_assignments.h"

#include <algorithm>

#include "topic_config.h"

namespace streamscope::broker {

const controller::PartitionRegistration* ReplicaAssignments::registrationOf(const base::TopicPartition& partition,
                                                                            const base::Uuid& topicId) const {
  const controller::TopicImage* topic = m_image.findTopic(partition.topic);
  const auto* registration = m_image.findPartition(partition.topic, partition.partition);
  if (registration == nullptr || !(topicId.isZero() || topicId == topic->id)) return nullptr;
  return std::ranges::find(registration->replicas, m_config.nodeId) == registration->replicas.end() ? nullptr
                                                                                                    : registration;
}

bool ReplicaAssignments::isStray(const base::TopicPartition& partition, const base::Uuid& topicId) const {
  return registrationOf(partition, topicId) == nullptr;
}

bool ReplicaAssignments::isInThisDirectory(const base::TopicPartition& partition, const base::Uuid& topicId) const {
  const auto* registration = registrationOf(partition, topicId);
  if (registration == nullptr) return false;
  const auto replica = std::ranges::find(registration->replicas, m_config.nodeId);
  const auto index = static_cast<size_t>(replica - registration->replicas.begin());
  return index < registration->directories.size() && registration->directories[index] == m_directoryId;
}

log::LogDirectory::Assignments ReplicaAssignments::forLogs() const {
  return {
      .configOf = [this](const std::string& topic) { return topicConfigOf(m_config, m_image.topicConfigs(topic)).log; },
      .isStray = [this](const base::TopicPartition& partition,
                        const base::Uuid& topicId) { return isStray(partition, topicId); }};
}

}  // namespace streamscope::broker
