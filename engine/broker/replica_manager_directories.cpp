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
  const auto preferred = m_preferredDirectories.find(name);
  const bool isPreferredOnline = preferred != m_preferredDirectories.end() && directories.isOnline(preferred->second);
  return isPreferredOnline ? preferred->second : directories.emptiest();
}

base::Uuid ReplicaManager::assignedDirectory(const controller::PartitionRegistration& registration) const {
  const auto replica = std::ranges::find(registration.replicas, m_surroundings.config.nodeId);
  const auto index = static_cast<size_t>(replica - registration.replicas.begin());
  return index < registration.directories.size() ? registration.directories[index] : base::kZeroUuid;
}

void ReplicaManager::tellDirectory(const Partition& partition, const controller::PartitionRegistration& registration) {
  const auto place = m_surroundings.logDirectories.placeOf(partition.name());
  // A move tells itself.
  if (!place || m_alterLogDirs.isMoving(partition.name())) return;
  const base::Uuid& actual = m_surroundings.logDirectories.idOf(*place);
  if (actual == assignedDirectory(registration)) return;
  m_surroundings.assignments.assign(partition.topicId(), partition.name().partition, actual);
}

int32_t ReplicaManager::takeOffline(size_t directory) {
  LogDirectories& directories = m_surroundings.logDirectories;
  m_alterLogDirs.forgetDirectory(directory);
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

base::ErrorCode ReplicaManager::alterLogDir(const base::TopicPartition& name, const std::string& path) {
  const LogDirectories& directories = m_surroundings.logDirectories;
  const auto destination = directories.placeOfPath(path);
  if (!destination) return base::ErrorCode::LOG_DIR_NOT_FOUND;
  if (!directories.isOnline(*destination) || m_offlineReplicas.contains(name))
    return base::ErrorCode::KAFKA_STORAGE_ERROR;
  const std::shared_ptr<Partition> partition = find(name.topic, name.partition);
  if (partition == nullptr) {
    m_preferredDirectories[name] = *destination;
    return base::ErrorCode::REPLICA_NOT_AVAILABLE;
  }
  const auto before = m_alterLogDirs.destinationOf(name);
  if (before == destination) return base::ErrorCode::NONE;
  m_alterLogDirs.cancel(name, "another log directory is wanted");
  if (directories.placeOf(name) == destination) return base::ErrorCode::NONE;
  const auto begun = m_alterLogDirs.begin(partition, *destination);
  if (begun) return base::ErrorCode::NONE;
  if (begun.error().code == base::ErrorCode::KAFKA_STORAGE_ERROR) onStorageFailure(begun.error());
  return begun.error().code;
}

void ReplicaManager::onMoved(const std::shared_ptr<Partition>& partition) {
  // The leader is told of the new directory with the next fetch.
  if (!partition->isLeader()) followLeader(partition, true);
}

std::vector<base::TopicPartition> ReplicaManager::offlineReplicas() const {
  std::vector<base::TopicPartition> names;
  for (const auto& [name, topic] : m_offlineReplicas) names.push_back(name);
  return names;
}

}  // namespace streamscope::broker
