#include "assignments_manager.h"

#include <algorithm>

namespace streamscope::broker {
namespace {

// Kafka: the backoff of AssignmentsManager.
constexpr base::Duration kBackoffMin = std::chrono::milliseconds(100);
constexpr base::Duration kBackoffMax = std::chrono::seconds(10);

}  // namespace

AssignmentsManager::AssignmentsManager(world::NodeContext& context, const BrokerConfig& config,
                                       ControllerChannel& controller, std::function<int64_t()> brokerEpoch)
    : m_context(context), m_config(config), m_controller(controller), m_brokerEpoch(std::move(brokerEpoch)) {}

void AssignmentsManager::assign(const base::Uuid& topicId, base::PartitionId partition, const base::Uuid& directory,
                                std::function<void()> onAccepted) {
  m_waiting.insert_or_assign(Key{topicId, partition}, Assignment{directory, std::move(onAccepted)});
  if (m_isInFlight || m_timer != 0) return;
  // In an event of its own, so that all replicas of one metadata update go together.
  m_timer = m_context.timers.after(base::Duration::zero(), [this] {
    m_timer = 0;
    send();
  });
}

void AssignmentsManager::send() {
  if (m_isInFlight || m_waiting.empty()) return;
  std::map<base::Uuid, std::map<base::Uuid, std::vector<base::PartitionId>>> byDirectory;
  for (const auto& [key, assignment] : m_waiting) byDirectory[assignment.directory][key.first].push_back(key.second);
  protocol::AssignReplicasToDirsRequest request;
  request.brokerId = m_config.nodeId;
  request.brokerEpoch = m_brokerEpoch();
  for (const auto& [directory, topics] : byDirectory) {
    auto& directoryData = request.directories.emplace_back();
    directoryData.id = directory;
    for (const auto& [topic, partitions] : topics) {
      auto& topicData = directoryData.topics.emplace_back();
      topicData.topicId = topic;
      for (const base::PartitionId partition : partitions)
        topicData.partitions.emplace_back().partitionIndex = partition;
    }
  }
  m_isInFlight = true;
  m_controller.send(std::move(request), m_config.requestTimeout,
                    [this, sent = m_waiting](world::Response response) { onResponse(sent, response); });
}

void AssignmentsManager::onResponse(const std::map<Key, Assignment>& sent, const world::Response& response) {
  m_isInFlight = false;
  const auto* answer = receivedBody<protocol::AssignReplicasToDirsResponse>(response);
  if (answer == nullptr || answer->errorCode != 0) return sendAgainLater();
  m_failures = 0;
  // A refused replica is not the cluster's any more; the metadata log tells that too.
  std::vector<std::function<void()>> accepted;
  for (const auto& [key, assignment] : sent) {
    const auto waiting = m_waiting.find(key);
    if (waiting == m_waiting.end() || waiting->second.directory != assignment.directory) continue;
    if (waiting->second.onAccepted) accepted.push_back(std::move(waiting->second.onAccepted));
    m_waiting.erase(waiting);
  }
  for (const auto& tell : accepted) tell();
  send();
}

void AssignmentsManager::sendAgainLater() {
  const base::Duration backoff = std::min(kBackoffMax, kBackoffMin * (1 << std::min(m_failures, 7)));
  ++m_failures;
  m_timer = m_context.timers.after(backoff, [this] {
    m_timer = 0;
    send();
  });
}

}  // namespace streamscope::broker
