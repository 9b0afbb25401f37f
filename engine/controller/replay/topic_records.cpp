#include "base/assert.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

namespace {

/// PartitionChangeRecord's "the recovery state stays".
constexpr int8_t kNoRecoveryChange = -1;

}  // namespace

void MetadataImage::apply(const protocol::TopicRecord& record) {
  STREAMSCOPE_ASSERT(!m_topics.contains(record.topicId), "topic id " + record.topicId.toString());
  STREAMSCOPE_ASSERT(!m_topicIds.contains(record.name), "topic " + record.name);
  m_topics.emplace(record.topicId, TopicImage{record.name, record.topicId, {}});
  m_topicIds.emplace(record.name, record.topicId);
}

void MetadataImage::apply(const protocol::PartitionRecord& record) {
  const auto topic = m_topics.find(record.topicId);
  STREAMSCOPE_ASSERT(topic != m_topics.end(), "topic id " + record.topicId.toString());
  PartitionRegistration partition;
  partition.replicas = record.replicas;
  partition.directories = record.directories;
  partition.isr = record.isr;
  partition.leader = record.leader;
  partition.leaderEpoch = record.leaderEpoch;
  partition.partitionEpoch = record.partitionEpoch;
  partition.leaderRecoveryState = static_cast<LeaderRecoveryState>(record.leaderRecoveryState);
  topic->second.partitions[record.partitionId] = std::move(partition);
}

void MetadataImage::apply(const protocol::PartitionChangeRecord& record) {
  const auto topic = m_topics.find(record.topicId);
  STREAMSCOPE_ASSERT(topic != m_topics.end(), "topic id " + record.topicId.toString());
  const auto found = topic->second.partitions.find(record.partitionId);
  STREAMSCOPE_ASSERT(found != topic->second.partitions.end(),
                     topic->second.name + "-" + std::to_string(record.partitionId));
  PartitionRegistration& partition = found->second;
  if (record.isr) partition.isr = *record.isr;
  if (record.replicas) partition.replicas = *record.replicas;
  if (record.directories) partition.directories = *record.directories;
  if (record.leaderRecoveryState != kNoRecoveryChange)
    partition.leaderRecoveryState = static_cast<LeaderRecoveryState>(record.leaderRecoveryState);
  // A leader in the record starts a new leader epoch even when it is the same broker (Kafka:
  // PartitionRegistration.merge).
  if (record.leader != kNoLeaderChange) {
    partition.leader = record.leader;
    ++partition.leaderEpoch;
  }
  ++partition.partitionEpoch;
}

void MetadataImage::apply(const protocol::RemoveTopicRecord& record) {
  const auto topic = m_topics.find(record.topicId);
  STREAMSCOPE_ASSERT(topic != m_topics.end(), "topic id " + record.topicId.toString());
  m_topicConfigs.erase(topic->second.name);
  m_topicIds.erase(topic->second.name);
  m_topics.erase(topic);
}

}  // namespace streamscope::controller
