#include "coordinator_hosting.h"

#include <algorithm>
#include <utility>

#include "topic_config.h"

namespace streamscope::broker {

CoordinatorHosting::CoordinatorHosting(world::NodeContext& context, const BrokerConfig& config,
                                       const controller::MetadataImage& image, ReplicaManager& replicaManager,
                                       const std::vector<CoordinatorFactory>& factories)
    : m_context(context), m_config(config), m_image(image), m_replicaManager(replicaManager) {
  for (const CoordinatorFactory& make : factories) m_coordinators.push_back(make(*this));
}

CoordinatorHosting::~CoordinatorHosting() = default;

HostedCoordinator* CoordinatorHosting::coordinatorOf(protocol::ApiKey api) const {
  for (const auto& coordinator : m_coordinators)
    if (std::ranges::find(coordinator->apiKeys(), api) != coordinator->apiKeys().end()) return coordinator.get();
  return nullptr;
}

std::vector<const HostedCoordinator*> CoordinatorHosting::coordinators() const {
  std::vector<const HostedCoordinator*> all;
  for (const auto& coordinator : m_coordinators) all.push_back(coordinator.get());
  return all;
}

// The metadata log.

void CoordinatorHosting::applyMetadata(const MetadataDelta& delta) {
  if (m_coordinators.empty()) return;
  const std::vector<DeletedTopic> deleted = takeDeleted(delta);
  for (const auto& coordinator : m_coordinators) {
    tellElections(*coordinator, delta);
    coordinator->onMetadataChanged(deleted);
  }
}

std::vector<DeletedTopic> CoordinatorHosting::takeDeleted(const MetadataDelta& delta) {
  base::Uuid last = base::kZeroUuid;
  for (const auto& [topicId, partition] : delta.changedPartitions) {
    if (topicId == std::exchange(last, topicId)) continue;
    const controller::TopicImage* topic = m_image.findTopic(topicId);
    if (topic == nullptr) continue;
    DeletedTopic& known = m_topics[topicId];
    known.name = topic->name;
    known.partitions.clear();
    for (const auto& [id, registration] : topic->partitions) known.partitions.push_back(id);
  }
  std::vector<DeletedTopic> deleted;
  for (const base::Uuid& id : delta.removedTopics) {
    auto known = m_topics.extract(id);
    if (!known.empty()) deleted.push_back(std::move(known.mapped()));
  }
  return deleted;
}

void CoordinatorHosting::tellElections(HostedCoordinator& coordinator, const MetadataDelta& delta) {
  const std::string topic(coordinator.topic());
  const controller::TopicImage* known = m_image.findTopic(topic);
  std::vector<base::TopicPartition> gone;
  for (const auto& [partition, epoch] : m_led)
    if (partition.topic == topic && known == nullptr) gone.push_back(partition);
  for (const base::TopicPartition& partition : gone) {
    m_led.erase(partition);
    coordinator.onResignation(partition.partition, "its topic was deleted");
  }
  if (known == nullptr) return;
  for (const auto& [topicId, partition] : delta.changedPartitions)
    if (topicId == known->id) tellElection(coordinator, {topic, partition});
}

void CoordinatorHosting::tellElection(HostedCoordinator& coordinator, const base::TopicPartition& partition) {
  const auto replica = m_replicaManager.find(partition.topic, partition.partition);
  if (replica != nullptr && replica->isLeader()) {
    m_led.insert_or_assign(partition, replica->leaderEpoch());
    return coordinator.onElection(partition.partition, replica->leaderEpoch());
  }
  if (m_led.erase(partition) == 0) return;
  const auto* registration = m_image.findPartition(partition.topic, partition.partition);
  const bool isLed = registration != nullptr && registration->leader != base::kNoBroker;
  coordinator.onResignation(partition.partition, isLed ? "broker " + std::to_string(registration->leader) + " leads it"
                                                       : std::string("it has no leader"));
}

// The replicas.

void CoordinatorHosting::onReplicated(const Partition& partition) {
  if (!partition.isLeader()) return;
  for (const auto& coordinator : m_coordinators)
    if (coordinator->topic() == partition.name().topic)
      coordinator->onHighWatermarkMoved(partition.name().partition, partition.highWatermark());
}

const log::PartitionLog* CoordinatorHosting::log(const base::TopicPartition& partition) const {
  const auto replica = m_replicaManager.find(partition.topic, partition.partition);
  return replica == nullptr ? nullptr : &replica->log();
}

base::Result<base::Offset> CoordinatorHosting::append(const base::TopicPartition& partition,
                                                      base::LeaderEpoch leaderEpoch, const base::SharedBytes& batch) {
  const auto replica = m_replicaManager.find(partition.topic, partition.partition);
  if (replica == nullptr || !replica->isLeader() || replica->leaderEpoch() != leaderEpoch)
    return base::fail(base::ErrorCode::NOT_LEADER_OR_FOLLOWER, "This broker does not lead " + partition.toString() +
                                                                   " in epoch " + std::to_string(leaderEpoch) +
                                                                   "; ask the broker that does.");
  const auto appended = m_replicaManager.appendForCoordinator(*replica, batch);
  if (!appended) return base::fail(appended.error());
  return appended->lastOffset + 1;
}

size_t CoordinatorHosting::batchBytesMax(const base::TopicPartition& partition) const {
  return static_cast<size_t>(topicConfigOf(m_config, m_image.topicConfigs(partition.topic)).log.maxMessageBytes);
}

// Ends.

void CoordinatorHosting::stop(const std::string& reason) {
  for (const auto& coordinator : m_coordinators) coordinator->stop(reason);
}

}  // namespace streamscope::broker
