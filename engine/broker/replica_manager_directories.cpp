#include <algorithm>

#include "replica_manager.h"

// Which log directory a replica is in, and what becomes of those in one that fails. Source: KIP-858.

namespace streamscope::broker {
namespace {

/// Kafka: DirectoryId.UNASSIGNED, the broker decides.
constexpr base::Uuid kUnassignedDirectory{0, 1};

}  // namespace

std::optional<size_t> ReplicaManager::directoryFor(const base::TopicPartition& name, const base::Uuid& assigned) const {
  const LogDirectories& directories = m_surroundings.logDirectories;
  if (const auto present = directories.placeOf(name)) return present;
  if (const auto place = directories.placeOfId(assigned)) return place;
  // A new empty replica must not take the place of one that may be in a directory that cannot be read.
  if (directories.hasOffline() && assigned != kUnassignedDirectory) return std::nullopt;
  return directories.emptiest();
}

base::Uuid ReplicaManager::assignedDirectory(const controller::PartitionRegistration& registration) const {
  const auto replica = std::ranges::find(registration.replicas, m_surroundings.config.nodeId);
  const auto index = static_cast<size_t>(replica - registration.replicas.begin());
  return index < registration.directories.size() ? registration.directories[index] : base::kZeroUuid;
}

void ReplicaManager::tellDirectory(const Partition& partition, const controller::PartitionRegistration& registration) {
  const auto place = m_surroundings.logDirectories.placeOf(partition.name());
  if (!place) return;
  const base::Uuid& actual = m_surroundings.logDirectories.idOf(*place);
  if (actual == assignedDirectory(registration)) return;
  m_surroundings.assignments.assign(partition.topicId(), partition.name().partition, actual);
}

int32_t ReplicaManager::takeOffline(size_t directory) {
  LogDirectories& directories = m_surroundings.logDirectories;
  int32_t replicas = 0;
  for (const auto& [name, topic] : m_topics) {
    for (std::shared_ptr<Partition>& hosted : topic->partitions) {
      if (hosted == nullptr || directories.at(directory).find(hosted->name()) == nullptr) continue;
      const std::shared_ptr<Partition> partition = std::move(hosted);
      hosted = nullptr;
      m_offlineReplicas.insert_or_assign(partition->name(), topic->id);
      giveUp(*partition);
      ++replicas;
    }
  }
  directories.takeOffline(directory);
  return replicas;
}

std::vector<base::TopicPartition> ReplicaManager::offlineReplicas() const {
  std::vector<base::TopicPartition> names;
  for (const auto& [name, topic] : m_offlineReplicas) names.push_back(name);
  return names;
}

}  // namespace streamscope::broker
