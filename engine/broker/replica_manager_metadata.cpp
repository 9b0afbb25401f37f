#include <algorithm>

#include "replica_manager.h"
#include "topic_config.h"

// The replicas follow the metadata log and nothing else.

namespace streamscope::broker {

void ReplicaManager::startUp() {
  applyMetadata(MetadataDelta::ofWholeImage(m_surroundings.image));
  const BrokerConfig& config = m_surroundings.config;
  every(config.replicaLagTimeMax / 2, &ReplicaManager::shrinkIsrs);
  every(config.replicaHighWatermarkCheckpointInterval, &ReplicaManager::checkpointHighWatermarks);
  m_surroundings.logDirectories.forEachOnline([this](size_t place) {
    m_logTasks[place]->start();
    m_logCleanerTasks[place]->start();
  });
}

void ReplicaManager::applyMetadata(const MetadataDelta& delta) {
  const controller::MetadataImage& image = m_surroundings.image;
  for (const base::Uuid& id : delta.removedTopics) removeTopic(id);
  applyConfigs(delta);
  for (const auto& [topicId, id] : delta.changedPartitions) {
    const controller::TopicImage* topic = image.findTopic(topicId);
    if (topic == nullptr) continue;
    const auto registration = topic->partitions.find(id);
    if (registration != topic->partitions.end()) applyPartition(*topic, id, registration->second);
  }
  if (delta.brokersChanged) {
    for (const auto& [name, topic] : m_topics)
      for (const auto& partition : topic->partitions)
        if (partition != nullptr) partition->onBrokersChanged();
  }
  for (const auto& [leader, fetcher] : m_fetchers) fetcher->wake();
}

void ReplicaManager::applyConfigs(const MetadataDelta& delta) {
  if (delta.brokerConfigsChanged) {
    m_leaderQuota.setBytesPerSecondMax(m_surroundings.config.leaderReplicationThrottledRate);
    m_followerQuota.setBytesPerSecondMax(m_surroundings.config.followerReplicationThrottledRate);
  }
  for (const std::string& topic : delta.topicsWithChangedConfig) {
    m_leaderQuota.setTopicConfigs(topic, m_surroundings.image.topicConfigs(topic));
    m_followerQuota.setTopicConfigs(topic, m_surroundings.image.topicConfigs(topic));
  }
  for (const auto& [name, topic] : m_topics) {
    if (!delta.brokerConfigsChanged && !delta.topicsWithChangedConfig.contains(name)) continue;
    const TopicConfig config = topicConfigOf(m_surroundings.config, m_surroundings.image.topicConfigs(name));
    for (const auto& partition : topic->partitions)
      if (partition != nullptr) partition->setConfig(config);
  }
}

void ReplicaManager::applyPartition(const controller::TopicImage& topic, base::PartitionId id,
                                    const controller::PartitionRegistration& registration) {
  const base::BrokerId self = m_surroundings.config.nodeId;
  if (std::ranges::find(registration.replicas, self) == registration.replicas.end()) {
    m_offlineReplicas.erase({topic.name, id});
    const auto hosted = m_topicsById.find(topic.id);
    const auto index = static_cast<size_t>(id);
    const bool isHosted = hosted != m_topicsById.end() && index < hosted->second->partitions.size() &&
                          hosted->second->partitions[index] != nullptr;
    if (isHosted) {
      m_context.trace.record(world::ReplicaRemoved{m_context.self, {topic.name, id}});
      removePartition(*hosted->second, id);
    }
    return;
  }
  const std::shared_ptr<Partition> partition = getOrCreate(topic, id, registration);
  if (partition == nullptr) return;
  tellDirectory(*partition, registration);
  if (registration.leader == self) {
    stopFollowing(*partition);
    // A failure has been told to the listener.
    if (!partition->makeLeader(registration)) return;
  } else {
    const bool isNewEpoch = partition->makeFollower(registration);
    followLeader(partition, isNewEpoch);
  }
  // Whoever waited for the old leader's high watermark or records must not wait on.
  m_producePurgatory.checkAndComplete(partition->key());
  m_fetchPurgatory.checkAndComplete(partition->key());
  m_deleteRecordsPurgatory.checkAndComplete(partition->key());
}

void ReplicaManager::followLeader(const std::shared_ptr<Partition>& partition, bool isNewEpoch) {
  if (!isNewEpoch) return;
  stopFollowing(*partition);
  if (partition->leaderId() == base::kNoBroker) return;
  const size_t directory = m_surroundings.logDirectories.placeOf(partition->name()).value_or(0);
  fetcherFor(partition->leaderId()).add(partition, m_surroundings.logDirectories.idOf(directory));
}

ReplicaFetcher& ReplicaManager::fetcherFor(base::BrokerId leader) {
  auto& fetcher = m_fetchers[leader];
  if (fetcher == nullptr)
    fetcher = std::make_unique<ReplicaFetcher>(m_context, m_surroundings.config, leader, m_surroundings.brokerEpoch,
                                               m_followerQuota);
  return *fetcher;
}

void ReplicaManager::stopFollowing(const Partition& partition) {
  for (const auto& [leader, fetcher] : m_fetchers) fetcher->remove(partition);
}

std::shared_ptr<Partition> ReplicaManager::getOrCreate(const controller::TopicImage& topic, base::PartitionId id,
                                                       const controller::PartitionRegistration& registration) {
  const base::TopicPartition name{topic.name, id};
  const auto offline = m_offlineReplicas.find(name);
  if (offline != m_offlineReplicas.end() && offline->second == topic.id) return nullptr;
  auto& hosted = m_topics[topic.name];
  if (hosted == nullptr) {
    hosted = std::make_unique<HostedTopic>(HostedTopic{topic.name, topic.id, {}});
    m_topicsById.emplace(topic.id, hosted.get());
  }
  const auto index = static_cast<size_t>(id);
  if (hosted->partitions.size() <= index) hosted->partitions.resize(index + 1);
  std::shared_ptr<Partition>& partition = hosted->partitions[index];
  if (partition != nullptr) return partition;

  const auto directory = directoryFor(name, assignedDirectory(registration));
  if (!directory) {
    m_offlineReplicas.insert_or_assign(name, topic.id);
    return nullptr;
  }
  log::LogDirectory& logDirectory = m_surroundings.logDirectories.at(*directory);
  const TopicConfig config = topicConfigOf(m_surroundings.config, m_surroundings.image.topicConfigs(topic.name));
  const auto log = logDirectory.getOrCreate(name, topic.id, config.log, m_context.clock.wallClockMs());
  if (!log) {
    m_offlineReplicas.insert_or_assign(name, topic.id);
    onStorageFailure(log.error());
    return nullptr;
  }
  (*log)->setConfig(config.log);
  const base::Offset highWatermark = logDirectory.checkpointedHighWatermark(name);
  partition =
      std::make_shared<Partition>(m_partitionContext, name, topic.id, m_nextKey++, **log, highWatermark, config);
  m_preferredDirectories.erase(name);
  m_alterLogDirs.resume(partition);
  return partition;
}

void ReplicaManager::removePartition(HostedTopic& topic, base::PartitionId id) {
  const auto index = static_cast<size_t>(id);
  if (index >= topic.partitions.size() || topic.partitions[index] == nullptr) return;
  const std::shared_ptr<Partition> partition = std::move(topic.partitions[index]);
  topic.partitions[index] = nullptr;
  m_alterLogDirs.cancel(partition->name(), "the replica is removed");
  // Before the log goes: nobody reads through an offline partition.
  giveUp(*partition);
  const auto directory = m_surroundings.logDirectories.placeOf(partition->name());
  if (!directory) return;
  const auto removed =
      m_surroundings.logDirectories.at(*directory).remove(partition->name(), m_context.clock.wallClockMs());
  if (!removed) onStorageFailure(removed.error());
}

void ReplicaManager::giveUp(Partition& partition) {
  stopFollowing(partition);
  partition.makeOffline();
  m_producePurgatory.checkAndComplete(partition.key());
  m_fetchPurgatory.checkAndComplete(partition.key());
  m_deleteRecordsPurgatory.checkAndComplete(partition.key());
}

void ReplicaManager::removeTopic(const base::Uuid& id) {
  std::erase_if(m_offlineReplicas, [&id](const auto& each) { return each.second == id; });
  const auto found = m_topicsById.find(id);
  if (found == m_topicsById.end()) return;
  HostedTopic& topic = *found->second;
  for (base::PartitionId partition = 0; partition < std::ssize(topic.partitions); ++partition)
    removePartition(topic, partition);
  const std::string name = topic.name;
  m_leaderQuota.forget(name);
  m_followerQuota.forget(name);
  m_topicsById.erase(found);
  m_topics.erase(name);
}

}  // namespace streamscope::broker
