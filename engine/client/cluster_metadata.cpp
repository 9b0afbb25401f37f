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
  for (const std::string& topic : m_options.topics) m_topics.push_back({topic});
  if (!m_brokers.empty()) m_nextBroker = m_context.random.below(m_brokers.size());
}

bool ClusterMetadata::addTopics(const std::vector<std::string>& topics) {
  const size_t before = m_topics.size();
  for (const std::string& topic : topics)
    if (!findTopic(topic)) m_topics.push_back({topic});
  if (m_topics.size() == before) return false;
  requestUpdate();
  return true;
}

std::optional<int32_t> ClusterMetadata::findTopic(const std::string& name) const {
  const auto found = std::ranges::find(m_topics, name, &Topic::name);
  return found == m_topics.end() ? std::nullopt : std::optional(static_cast<int32_t>(found - m_topics.begin()));
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
  request.topics.emplace();
  for (const Topic& topic : m_topics) request.topics->emplace_back().name = topic.name;
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
  if (metadata != nullptr) ++m_updates;
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

/// False when something is missing that a later answer will have: a topic, or the leader of a partition.
bool ClusterMetadata::apply(const protocol::MetadataResponse& response) {
  if (!response.brokers.empty()) {
    m_brokers.clear();
    for (const auto& broker : response.brokers) {
      m_brokers.push_back(broker.nodeId);
      m_racks[broker.nodeId] = broker.rack.value_or("");
    }
    std::sort(m_brokers.begin(), m_brokers.end());
  }
  bool isComplete = true;
  for (Topic& topic : m_topics) {
    const auto read = std::ranges::find(response.topics, topic.name, &ReadTopic::name);
    if (read == response.topics.end() || !apply(*read, topic)) isComplete = false;
  }
  return isComplete;
}

bool ClusterMetadata::apply(const ReadTopic& read, Topic& topic) {
  if (read.errorCode != 0 || read.partitions.empty()) return false;
  // A topic created anew under its old name starts with new leader epochs.
  if (read.topicId != topic.id) topic.leaders.clear();
  topic.id = read.topicId;
  bool everyLeaderKnown = true;
  topic.offlineReplicas.clear();
  for (const auto& partition : read.partitions) {
    const auto index = static_cast<size_t>(partition.partitionIndex);
    if (partition.partitionIndex < 0) continue;
    if (!partition.offlineReplicas.empty())
      topic.offlineReplicas.emplace(partition.partitionIndex, partition.offlineReplicas);
    if (index >= topic.leaders.size()) topic.leaders.resize(index + 1);
    if (index >= topic.replicas.size()) topic.replicas.resize(index + 1);
    topic.replicas[index] = partition.replicaNodes;
    if (partition.leaderEpoch >= topic.leaders[index].epoch)
      topic.leaders[index] = {partition.leaderId, partition.leaderEpoch};
    if (topic.leaders[index].broker == base::kNoBroker) everyLeaderKnown = false;
  }
  return everyLeaderKnown;
}

void ClusterMetadata::retryLater() {
  ++m_failedAttempts;
  requestUpdate();
}

void ClusterMetadata::scheduleRefresh() {
  m_context.timers.cancel(m_refreshTimer);
  m_refreshTimer = m_context.timers.after(m_options.maxAge, [this] { requestUpdate(); });
}

ClusterMetadata::Leader ClusterMetadata::leader(const PartitionKey& key) const {
  const std::vector<Leader>& leaders = at(key.topic).leaders;
  const auto index = static_cast<size_t>(key.partition);
  return key.partition >= 0 && index < leaders.size() ? leaders[index] : Leader{};
}

std::vector<base::PartitionId> ClusterMetadata::availablePartitions() const {
  std::vector<base::PartitionId> available;
  const std::vector<Leader>& leaders = at(0).leaders;
  for (size_t index = 0; index < leaders.size(); ++index)
    if (leaders[index].broker != base::kNoBroker) available.push_back(static_cast<base::PartitionId>(index));
  return available;
}

bool ClusterMetadata::isReplicaOnline(const PartitionKey& key, base::BrokerId broker) const {
  const auto& offlineReplicas = at(key.topic).offlineReplicas;
  const auto offline = offlineReplicas.find(key.partition);
  const bool isOffline =
      offline != offlineReplicas.end() && std::ranges::find(offline->second, broker) != offline->second.end();
  return !isOffline && std::ranges::find(m_brokers, broker) != m_brokers.end();
}

std::vector<std::vector<std::string>> ClusterMetadata::racksOfReplicas(int32_t topic) const {
  std::vector<std::vector<std::string>> racks(at(topic).leaders.size());
  for (size_t partition = 0; partition < racks.size(); ++partition)
    for (const base::BrokerId broker : at(topic).replicas[partition])
      if (const auto rack = m_racks.find(broker); rack != m_racks.end() && !rack->second.empty())
        racks[partition].push_back(rack->second);
  return racks;
}

base::BrokerId ClusterMetadata::anyBroker() {
  const base::VirtualTime now = m_context.clock.now();
  for (size_t tried = 0; tried < m_brokers.size(); ++tried) {
    const base::BrokerId broker = m_brokers[m_nextBroker++ % m_brokers.size()];
    if (m_connections.isReady(broker, now)) return broker;
  }
  return m_brokers.empty() ? base::kNoBroker : m_brokers[m_nextBroker++ % m_brokers.size()];
}

void ClusterMetadata::applyLeaderHint(const PartitionKey& key, base::BrokerId leader, base::LeaderEpoch epoch) {
  std::vector<Leader>& leaders = m_topics[static_cast<size_t>(key.topic)].leaders;
  const auto index = static_cast<size_t>(key.partition);
  if (key.partition < 0 || index >= leaders.size() || leader == base::kNoBroker || epoch <= leaders[index].epoch)
    return;
  leaders[index] = {leader, epoch};
  m_onUpdate();
}

}  // namespace streamscope::client
