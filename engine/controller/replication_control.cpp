#include "replication_control.h"

#include <algorithm>

#include "base/assert.h"
#include "topic_config.h"

namespace streamscope::controller {

namespace {

constexpr int8_t kFence = 1;
constexpr int8_t kUnfence = -1;
constexpr int8_t kInControlledShutdown = 1;

bool contains(const std::vector<base::BrokerId>& brokers, base::BrokerId broker) {
  return std::find(brokers.begin(), brokers.end(), broker) != brokers.end();
}

}  // namespace

ReplicationControl::ReplicationControl(const MetadataImage& image, const ClusterControl& clusterControl,
                                       const ControllerConfig& config)
    : m_image(image), m_clusterControl(clusterControl), m_config(config) {}

void ReplicationControl::handleBrokerFenced(base::BrokerId broker, MetadataRecords& records) const {
  const BrokerRegistration* registration = m_image.findBroker(broker);
  STREAMSCOPE_ASSERT(registration != nullptr, "broker " + std::to_string(broker));
  removeFromIsrs(broker, records);
  protocol::BrokerRegistrationChangeRecord record;
  record.brokerId = broker;
  record.brokerEpoch = registration->epoch;
  record.fenced = kFence;
  records.push_back(record);
}

void ReplicationControl::handleBrokerUnfenced(base::BrokerId broker, MetadataRecords& records) const {
  protocol::BrokerRegistrationChangeRecord record;
  record.brokerId = broker;
  record.brokerEpoch = m_image.findBroker(broker)->epoch;
  record.fenced = kUnfence;
  records.push_back(record);
  generateLeaderAndIsrUpdates(
      {.brokerToAdd = broker},
      [](const PartitionRegistration& partition) { return partition.leader == base::kNoBroker; }, records);
}

void ReplicationControl::handleBrokerInControlledShutdown(base::BrokerId broker, MetadataRecords& records) const {
  const BrokerRegistration* registration = m_image.findBroker(broker);
  if (!registration->inControlledShutdown) {
    protocol::BrokerRegistrationChangeRecord record;
    record.brokerId = broker;
    record.brokerEpoch = registration->epoch;
    record.inControlledShutdown = kInControlledShutdown;
    records.push_back(record);
  }
  removeFromIsrs(broker, records);
}

void ReplicationControl::removeFromIsrs(base::BrokerId broker, MetadataRecords& records) const {
  generateLeaderAndIsrUpdates(
      {.brokerToRemove = broker},
      [broker](const PartitionRegistration& partition) { return contains(partition.isr, broker); }, records);
}

void ReplicationControl::handleDirectoriesOffline(base::BrokerId broker, const std::vector<base::Uuid>& offline,
                                                  MetadataRecords& records) const {
  const BrokerRegistration* registration = m_image.findBroker(broker);
  const auto isOffline = [&offline](const base::Uuid& directory) {
    return std::find(offline.begin(), offline.end(), directory) != offline.end();
  };
  std::vector<base::Uuid> online;
  std::vector<base::Uuid> newlyOffline;
  for (const base::Uuid& directory : registration->logDirectories)
    (isOffline(directory) ? newlyOffline : online).push_back(directory);
  if (newlyOffline.empty()) return;

  const auto isAffected = [&](const PartitionRegistration& partition) {
    const auto replica = std::find(partition.replicas.begin(), partition.replicas.end(), broker);
    const auto index = static_cast<size_t>(replica - partition.replicas.begin());
    return index < partition.directories.size() && isOffline(partition.directories[index]) &&
           contains(partition.isr, broker);
  };
  generateLeaderAndIsrUpdates({.brokerToRemove = broker}, isAffected, records);
  // An empty list in the record means "unchanged": a broker whose last directory failed is fenced by its shutdown.
  if (online.empty()) return;
  protocol::BrokerRegistrationChangeRecord record;
  record.brokerId = broker;
  record.brokerEpoch = registration->epoch;
  record.logDirs = online;
  records.push_back(record);
}

void ReplicationControl::handleOfflineReplicas(base::BrokerId broker,
                                               const std::set<std::pair<base::Uuid, base::PartitionId>>& partitions,
                                               MetadataRecords& records) const {
  for (const auto& [topicId, partitionId] : partitions) {
    const TopicImage& topic = m_image.topics().at(topicId);
    const PartitionRegistration& partition = topic.partitions.at(partitionId);
    if (!contains(partition.isr, broker)) continue;
    std::vector<base::BrokerId> isr = partition.isr;
    std::erase(isr, broker);
    // Its directory is known by now, so that it cannot be elected.
    if (auto record = changeOf(topic, partitionId).setTargetIsr(std::move(isr)).build()) records.push_back(*record);
  }
}

void ReplicationControl::electPreferredLeaders(size_t electionsMax, MetadataRecords& records) const {
  size_t elections = 0;
  for (const auto& [topicId, topic] : m_image.topics()) {
    for (const auto& [partitionId, partition] : topic.partitions) {
      if (elections == electionsMax) return;
      if (partition.leader == partition.replicas.front()) continue;
      auto record = changeOf(topic, partitionId).setElection(Election::Preferred).build();
      if (!record) continue;
      records.push_back(*record);
      ++elections;
    }
  }
}

void ReplicationControl::electUncleanLeaders(size_t electionsMax, MetadataRecords& records) const {
  size_t elections = 0;
  for (const auto& [topicId, topic] : m_image.topics()) {
    if (!uncleanLeaderElectionEnabled(m_image, topic.name, m_config)) continue;
    for (const auto& [partitionId, partition] : topic.partitions) {
      if (elections == electionsMax) return;
      if (partition.leader != base::kNoBroker) continue;
      auto record = changeOf(topic, partitionId).build();
      if (!record) continue;
      records.push_back(*record);
      ++elections;
    }
  }
}

bool ReplicationControl::hasLeaderships(base::BrokerId broker) const {
  for (const auto& [topicId, topic] : m_image.topics()) {
    for (const auto& [partitionId, partition] : topic.partitions) {
      if (partition.leader == broker) return true;
    }
  }
  return false;
}

PartitionChangeBuilder ReplicationControl::changeOf(const TopicImage& topic, base::PartitionId partitionId) const {
  const PartitionRegistration& partition = topic.partitions.at(partitionId);
  PartitionChangeBuilder builder(partition, topic.id, partitionId, [this, &partition](base::BrokerId broker) {
    return m_clusterControl.canLead(broker, partition);
  });
  builder.setDefaultDirectory([this](base::BrokerId broker) { return m_clusterControl.defaultDirectory(broker); });
  if (uncleanLeaderElectionEnabled(m_image, topic.name, m_config)) builder.setElection(Election::Unclean);
  return builder;
}

void ReplicationControl::generateLeaderAndIsrUpdates(const Change& change,
                                                     const std::function<bool(const PartitionRegistration&)>& concerns,
                                                     MetadataRecords& records) const {
  for (const auto& [topicId, topic] : m_image.topics()) {
    const bool isUncleanAllowed = uncleanLeaderElectionEnabled(m_image, topic.name, m_config);
    for (const auto& [partitionId, partition] : topic.partitions) {
      if (!concerns(partition)) continue;
      const auto isAcceptableLeader = [&, &registration = partition](base::BrokerId broker) {
        if (broker == change.brokerToRemove) return false;
        return broker == change.brokerToAdd ? m_clusterControl.hasReplicaOnline(broker, registration)
                                            : m_clusterControl.canLead(broker, registration);
      };
      std::vector<base::BrokerId> isr = partition.isr;
      std::erase(isr, change.brokerToRemove);
      PartitionChangeBuilder builder(partition, topicId, partitionId, isAcceptableLeader);
      builder.setTargetIsr(std::move(isr));
      if (isUncleanAllowed) builder.setElection(Election::Unclean);
      if (auto record = builder.build()) records.push_back(std::move(*record));
    }
  }
}

}  // namespace streamscope::controller
