#include <algorithm>

#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

using Request = protocol::AssignReplicasToDirsRequest;
using Response = protocol::AssignReplicasToDirsResponse;

/// The broker's place in the assignment; none when it has no replica.
std::optional<size_t> placeOf(const PartitionRegistration& partition, base::BrokerId broker) {
  const auto found = std::find(partition.replicas.begin(), partition.replicas.end(), broker);
  if (found == partition.replicas.end()) return std::nullopt;
  return static_cast<size_t>(found - partition.replicas.begin());
}

/// What one request decides.
struct Decision {
  const MetadataImage& image;
  base::BrokerId broker;
  MetadataRecords records;
  std::set<std::pair<base::Uuid, base::PartitionId>> offline;

  bool isOnline(const base::Uuid& directory) const {
    const auto& online = image.findBroker(broker)->logDirectories;
    return std::find(online.begin(), online.end(), directory) != online.end();
  }

  base::ErrorCode assign(const base::Uuid& topicId, base::PartitionId partitionId, const base::Uuid& directory) {
    const TopicImage* topic = image.findTopic(topicId);
    if (topic == nullptr) return base::ErrorCode::UNKNOWN_TOPIC_ID;
    const auto partition = topic->partitions.find(partitionId);
    if (partition == topic->partitions.end()) return base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
    const auto place = placeOf(partition->second, broker);
    if (!place) return base::ErrorCode::NOT_LEADER_OR_FOLLOWER;
    std::vector<base::Uuid> directories = partition->second.directories;
    // Replicas of a log without directories are in none that is known (Kafka: DirectoryId.MIGRATING).
    directories.resize(partition->second.replicas.size());
    directories[*place] = directory;
    if (directories != partition->second.directories) {
      protocol::PartitionChangeRecord record;
      record.topicId = topicId;
      record.partitionId = partitionId;
      record.directories = std::move(directories);
      records.push_back(std::move(record));
    }
    if (!isOnline(directory)) offline.emplace(topicId, partitionId);
    return base::ErrorCode::NONE;
  }
};

}  // namespace

Response handleAssignReplicasToDirs(QuorumController& controller, const Request& request) {
  Response response;
  const auto refuse = [&response](const base::Error& error) {
    response = {};
    response.errorCode = wireCode(error.code);
    return response;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());
  const base::Status known = controller.clusterControl().checkBrokerEpoch(request.brokerId, request.brokerEpoch);
  if (!known) return refuse(known.error());

  Decision decision{controller.image(), request.brokerId, {}, {}};
  for (const auto& directory : request.directories) {
    auto& answeredDirectory = response.directories.emplace_back();
    answeredDirectory.id = directory.id;
    for (const auto& topic : directory.topics) {
      auto& answeredTopic = answeredDirectory.topics.emplace_back();
      answeredTopic.topicId = topic.topicId;
      for (const auto& partition : topic.partitions) {
        auto& answered = answeredTopic.partitions.emplace_back();
        answered.partitionIndex = partition.partitionIndex;
        answered.errorCode = wireCode(decision.assign(topic.topicId, partition.partitionIndex, directory.id));
      }
    }
  }
  if (const auto written = controller.append(std::move(decision.records), ""); !written) return refuse(written.error());
  MetadataRecords consequences;
  controller.replicationControl().handleOfflineReplicas(request.brokerId, decision.offline, consequences);
  if (const auto written = controller.append(std::move(consequences), ""); !written) return refuse(written.error());
  return response;
}

}  // namespace streamscope::controller
