#include "cluster_metadata.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "api_versions_spoken.h"
#include "backoff.h"
#include "base/error_code.h"

namespace streamscope::client {

ClusterMetadata::ClusterMetadata(world::NodeContext& context, ConnectionStates& connections, Options options,
                                 std::function<void()> onUpdate)
    : m_context(context),
      m_connections(connections),
      m_options(std::move(options)),
      m_onUpdate(std::move(onUpdate)),
      m_brokers(m_options.bootstrapBrokers) {
  if (!m_brokers.empty()) m_nextBroker = m_context.random.below(m_brokers.size());
}

void ClusterMetadata::requestUpdate() {
  if (m_requestInFlight) {
    m_updateRequested = true;
    return;
  }
  if (m_attemptTimer != 0) return;
  const base::VirtualTime now = m_context.clock.now();
  if (!m_lastAttempt) {
    sendRequest();
    return;
  }
  const base::Duration backoff = retryBackoff(m_options.retryBackoff, m_failedAttempts, m_context.random);
  const base::Duration wait = std::max(*m_lastAttempt + backoff - now, base::Duration::zero());
  m_attemptTimer = m_context.timers.after(wait, [this] {
    m_attemptTimer = 0;
    sendRequest();
  });
}

bool ClusterMetadata::isAnyBrokerReady() const {
  const base::VirtualTime now = m_context.clock.now();
  return std::any_of(m_brokers.begin(), m_brokers.end(),
                     [&](base::BrokerId broker) { return m_connections.isReady(broker, now); });
}

void ClusterMetadata::sendRequest() {
  const base::BrokerId broker = anyBroker();
  protocol::MetadataRequest request;
  protocol::MetadataRequest::MetadataRequestTopic topic;
  topic.name = m_options.topic;
  request.topics = {topic};
  m_requestInFlight = true;
  m_updateRequested = false;
  m_lastAttempt = m_context.clock.now();
  m_connections.onSent(broker);
  m_context.network.send(world::brokerAddress(broker), version::kMetadata, std::move(request), m_options.requestTimeout,
                         [this, broker](world::Response response) { onResponse(broker, std::move(response)); });
}

void ClusterMetadata::onResponse(base::BrokerId broker, world::Response response) {
  m_requestInFlight = false;
  if (response.outcome != world::Response::Outcome::Received) {
    m_connections.onBroken(broker, m_context.clock.now());
    if (!isAnyBrokerReady()) m_brokers = m_options.bootstrapBrokers;
    // A connection that cannot be made costs no retry backoff: the next broker is asked.
    if (response.outcome == world::Response::Outcome::Disconnected && isAnyBrokerReady())
      sendRequest();
    else
      retryLater();
    return;
  }
  m_connections.onAnswered(broker);
  const auto* metadata = std::get_if<protocol::MetadataResponse>(&response.body);
  const bool complete = metadata != nullptr && apply(*metadata);
  if (complete) {
    m_failedAttempts = 0;
    scheduleRefresh();
    if (m_updateRequested) requestUpdate();
  } else {
    retryLater();
  }
  m_onUpdate();
}

/// False when something is missing that a later answer will have: the topic, or the leader of a partition.
bool ClusterMetadata::apply(const protocol::MetadataResponse& response) {
  if (!response.brokers.empty()) {
    m_brokers.clear();
    for (const auto& broker : response.brokers) m_brokers.push_back(broker.nodeId);
    std::sort(m_brokers.begin(), m_brokers.end());
  }
  for (const auto& topic : response.topics) {
    if (topic.name != m_options.topic) continue;
    if (topic.errorCode != 0 || topic.partitions.empty()) return false;
    // A topic created anew under its old name starts with new leader epochs.
    if (topic.topicId != m_topicId) m_leaders.clear();
    m_topicId = topic.topicId;
    bool everyLeaderKnown = true;
    m_offlineReplicas.clear();
    for (const auto& partition : topic.partitions) {
      const auto index = static_cast<size_t>(partition.partitionIndex);
      if (partition.partitionIndex < 0) continue;
      if (!partition.offlineReplicas.empty())
        m_offlineReplicas.emplace(partition.partitionIndex, partition.offlineReplicas);
      if (index >= m_leaders.size()) m_leaders.resize(index + 1);
      if (partition.leaderEpoch >= m_leaders[index].epoch)
        m_leaders[index] = {partition.leaderId, partition.leaderEpoch};
      if (m_leaders[index].broker == base::kNoBroker) everyLeaderKnown = false;
    }
    return everyLeaderKnown;
  }
  return false;
}

void ClusterMetadata::retryLater() {
  ++m_failedAttempts;
  requestUpdate();
}

void ClusterMetadata::scheduleRefresh() {
  m_context.timers.cancel(m_refreshTimer);
  m_refreshTimer = m_context.timers.after(m_options.maxAge, [this] { requestUpdate(); });
}

ClusterMetadata::Leader ClusterMetadata::leader(base::PartitionId partition) const {
  const auto index = static_cast<size_t>(partition);
  return partition >= 0 && index < m_leaders.size() ? m_leaders[index] : Leader{};
}

std::vector<base::PartitionId> ClusterMetadata::availablePartitions() const {
  std::vector<base::PartitionId> available;
  for (size_t index = 0; index < m_leaders.size(); ++index)
    if (m_leaders[index].broker != base::kNoBroker) available.push_back(static_cast<base::PartitionId>(index));
  return available;
}

bool ClusterMetadata::isReplicaOnline(base::PartitionId partition, base::BrokerId broker) const {
  const auto offline = m_offlineReplicas.find(partition);
  const bool isOffline =
      offline != m_offlineReplicas.end() && std::ranges::find(offline->second, broker) != offline->second.end();
  return !isOffline && std::ranges::find(m_brokers, broker) != m_brokers.end();
}

base::BrokerId ClusterMetadata::anyBroker() {
  const base::VirtualTime now = m_context.clock.now();
  for (size_t tried = 0; tried < m_brokers.size(); ++tried) {
    const base::BrokerId broker = m_brokers[m_nextBroker++ % m_brokers.size()];
    if (m_connections.isReady(broker, now)) return broker;
  }
  return m_brokers.empty() ? base::kNoBroker : m_brokers[m_nextBroker++ % m_brokers.size()];
}

void ClusterMetadata::applyLeaderHint(base::PartitionId partition, base::BrokerId leader, base::LeaderEpoch epoch) {
  const auto index = static_cast<size_t>(partition);
  if (partition < 0 || index >= m_leaders.size() || leader == base::kNoBroker || epoch <= m_leaders[index].epoch)
    return;
  m_leaders[index] = {leader, epoch};
  m_onUpdate();
}

}  // namespace streamscope::client
