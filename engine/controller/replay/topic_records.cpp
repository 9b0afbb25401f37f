#include "controller/metadata_image.h"

namespace streamscope::controller {

namespace {

/// PartitionChangeRecord's "the recovery state stays".
constexpr int8_t kNoRecoveryChange = -1;
/// Kafka: ConfigResource.Type.TOPIC.
constexpr int8_t kTopicResource = 2;

tl::unexpected<base::Error> contradiction(std::string message) {
  return base::fail(base::ErrorCode::CORRUPT_MESSAGE, std::move(message));
}

/// Nothing rather than an empty list, which would take bytes in the record.
std::optional<std::vector<base::BrokerId>> unlessEmpty(const std::vector<base::BrokerId>& brokers) {
  return brokers.empty() ? std::nullopt : std::optional(brokers);
}

}  // namespace

base::Status MetadataImage::apply(const protocol::TopicRecord& record) {
  if (m_topics.contains(record.topicId)) return contradiction("topic id " + record.topicId.toString() + " exists");
  if (m_topicIds.contains(record.name)) return contradiction("topic " + record.name + " exists");
  m_topics.emplace(record.topicId, TopicImage{record.name, record.topicId, {}});
  m_topicIds.emplace(record.name, record.topicId);
  return {};
}

base::Status MetadataImage::apply(const protocol::PartitionRecord& record) {
  const auto topic = m_topics.find(record.topicId);
  if (topic == m_topics.end()) return contradiction("topic id " + record.topicId.toString() + " is unknown");
  PartitionRegistration partition;
  partition.replicas = record.replicas;
  partition.directories = record.directories;
  partition.isr = record.isr;
  partition.leader = record.leader;
  partition.leaderEpoch = record.leaderEpoch;
  partition.partitionEpoch = record.partitionEpoch;
  partition.leaderRecoveryState = static_cast<LeaderRecoveryState>(record.leaderRecoveryState);
  partition.removingReplicas = record.removingReplicas;
  partition.addingReplicas = record.addingReplicas;
  partition.eligibleLeaderReplicas = record.eligibleLeaderReplicas.value_or(std::vector<base::BrokerId>());
  partition.lastKnownElr = record.lastKnownElr.value_or(std::vector<base::BrokerId>());
  topic->second.partitions[record.partitionId] = std::move(partition);
  return {};
}

base::Result<PartitionRegistration*> MetadataImage::findPartition(const base::Uuid& topicId,
                                                                  base::PartitionId partition) {
  const auto topic = m_topics.find(topicId);
  if (topic == m_topics.end()) return contradiction("topic id " + topicId.toString() + " is unknown");
  const auto found = topic->second.partitions.find(partition);
  if (found == topic->second.partitions.end())
    return contradiction("partition " + topic->second.name + "-" + std::to_string(partition) + " is unknown");
  return &found->second;
}

base::Status MetadataImage::apply(const protocol::PartitionChangeRecord& record) {
  const auto found = findPartition(record.topicId, record.partitionId);
  if (!found) return base::fail(found.error());
  PartitionRegistration& partition = **found;
  if (record.isr) partition.isr = *record.isr;
  if (record.replicas) partition.replicas = *record.replicas;
  if (record.directories) partition.directories = *record.directories;
  if (record.removingReplicas) partition.removingReplicas = *record.removingReplicas;
  if (record.addingReplicas) partition.addingReplicas = *record.addingReplicas;
  if (record.eligibleLeaderReplicas) partition.eligibleLeaderReplicas = *record.eligibleLeaderReplicas;
  if (record.lastKnownElr) partition.lastKnownElr = *record.lastKnownElr;
  if (record.leaderRecoveryState != kNoRecoveryChange)
    partition.leaderRecoveryState = static_cast<LeaderRecoveryState>(record.leaderRecoveryState);
  // A leader in the record starts a new leader epoch even when it is the same broker (Kafka:
  // PartitionRegistration.merge).
  if (record.leader != kNoLeaderChange) {
    partition.leader = record.leader;
    ++partition.leaderEpoch;
  }
  ++partition.partitionEpoch;
  return {};
}

base::Status MetadataImage::apply(const protocol::RemoveTopicRecord& record) {
  const auto topic = m_topics.find(record.topicId);
  if (topic == m_topics.end()) return contradiction("topic id " + record.topicId.toString() + " is unknown");
  m_configs.erase({kTopicResource, topic->second.name});
  m_topicIds.erase(topic->second.name);
  m_topics.erase(topic);
  return {};
}

base::Status MetadataImage::apply(const protocol::ClearElrRecord& record) {
  for (auto& [id, topic] : m_topics) {
    if (!record.topicName.empty() && topic.name != record.topicName) continue;
    for (auto& [partitionId, partition] : topic.partitions) {
      partition.eligibleLeaderReplicas.clear();
      partition.lastKnownElr.clear();
    }
  }
  return {};
}

void MetadataImage::appendTopics(std::vector<protocol::MetadataRecord>& records) const {
  for (const auto& [topicId, topic] : m_topics) {
    records.emplace_back(protocol::TopicRecord{topic.name, topicId});
    for (const auto& [partitionId, partition] : topic.partitions) {
      protocol::PartitionRecord record;
      record.partitionId = partitionId;
      record.topicId = topicId;
      record.replicas = partition.replicas;
      record.isr = partition.isr;
      record.removingReplicas = partition.removingReplicas;
      record.addingReplicas = partition.addingReplicas;
      record.leader = partition.leader;
      record.leaderRecoveryState = static_cast<int8_t>(partition.leaderRecoveryState);
      record.leaderEpoch = partition.leaderEpoch;
      record.partitionEpoch = partition.partitionEpoch;
      record.directories = partition.directories;
      record.eligibleLeaderReplicas = unlessEmpty(partition.eligibleLeaderReplicas);
      record.lastKnownElr = unlessEmpty(partition.lastKnownElr);
      records.emplace_back(std::move(record));
    }
  }
}

}  // namespace streamscope::controller
