#include "snapshot_builder.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "group_states.h"
#include "protocol/api_key.h"

namespace streamscope::lab {

using NodeState = world::World::NodeState;

namespace {

int32_t minInsyncReplicasOf(const controller::MetadataImage& image, const std::string& topic, int32_t otherwise) {
  const auto& configs = image.topicConfigs(topic);
  const auto found = configs.find("min.insync.replicas");
  if (found == configs.end()) return otherwise;
  int32_t value = otherwise;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

ControllerRole roleOf(controller::QuorumRole role) {
  switch (role) {
    case controller::QuorumRole::Unattached:
      return ControllerRole::Unattached;
    case controller::QuorumRole::Prospective:
      return ControllerRole::Prospective;
    case controller::QuorumRole::Candidate:
      return ControllerRole::Candidate;
    case controller::QuorumRole::Leader:
      return ControllerRole::Leader;
    case controller::QuorumRole::Follower:
      return ControllerRole::Follower;
    case controller::QuorumRole::Resigned:
      break;
  }
  return ControllerRole::Resigned;
}

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

SnapshotBuilder::SnapshotBuilder(LabCluster& cluster, LabClients& clients, const TraceTally& tally,
                                 const LabDescription& description, std::map<base::BrokerId, uint16_t> ports)
    : m_cluster(cluster), m_clients(clients), m_tally(tally), m_description(description), m_ports(std::move(ports)) {}

SnapshotPtr SnapshotBuilder::build() {
  auto snapshot = std::make_shared<Snapshot>();
  const world::World& world = m_cluster.world();
  snapshot->time = world.now();
  snapshot->seed = world.config().seed;
  snapshot->labName = m_description.name;
  snapshot->clusterId = m_cluster.clusterId();
  snapshot->lastEvent = world.lastEvent();
  addControllers(*snapshot);
  addBrokers(*snapshot);
  addTopics(*snapshot);
  addClients(*snapshot);
  addExternalClients(*snapshot);
  addLinks(*snapshot);
  addGauges(*snapshot);
  snapshot->groups = groupStatesOf(m_cluster);
  return snapshot;
}

void SnapshotBuilder::addControllers(Snapshot& snapshot) const {
  for (const int32_t id : m_cluster.controllerIds()) {
    ControllerState state;
    state.id = id;
    const controller::ControllerNode* node = m_cluster.controllerNode(id);
    const NodeState process = m_cluster.controllerState(id);
    state.condition = node == nullptr                  ? NodeCondition::Down
                      : process == NodeState::Stopping ? NodeCondition::Stopping
                      : process == NodeState::Paused   ? NodeCondition::Paused
                                                       : NodeCondition::Running;
    state.isActive = node != nullptr && (node->isActive() || m_cluster.controllerIds().size() == 1);
    if (node != nullptr) {
      state.epoch = node->epoch();
      state.role = roleOf(node->role());
      state.leaderId = node->leaderId().value_or(-1);
      state.metadataLogStartOffset = node->logStartOffset();
      state.metadataHighWatermark = node->highWatermark();
      state.metadataLogEndOffset = node->logEndOffset();
    }
    state.disk = m_cluster.disks().state(world::controllerAddress(id));
    state.clock = clockOf(world::controllerAddress(id));
    snapshot.controllers.push_back(state);
  }
}

ClockState SnapshotBuilder::clockOf(world::Address node) const {
  const world::World& world = m_cluster.world();
  return {std::chrono::milliseconds(world.wallClockMs(node) - world.wallClockMs()), world.clockSetting(node).driftPpm};
}

NodeCondition SnapshotBuilder::conditionOf(base::BrokerId broker) const {
  if (m_cluster.isDown(broker)) return NodeCondition::Down;
  switch (m_cluster.brokerState(broker)) {
    case NodeState::Absent:
    case NodeState::Down:
      return NodeCondition::Down;
    case NodeState::Paused:
      return NodeCondition::Paused;
    case NodeState::Stopping:
      return NodeCondition::Stopping;
    case NodeState::Running:
      break;
  }
  switch (m_cluster.brokerNode(broker)->lifecycle()) {
    case broker::BrokerLifecycle::Starting:
    case broker::BrokerLifecycle::Recovery:
      return NodeCondition::Starting;
    case broker::BrokerLifecycle::PendingControlledShutdown:
    case broker::BrokerLifecycle::ShuttingDown:
      return NodeCondition::Stopping;
    case broker::BrokerLifecycle::Running:
      break;
  }
  const controller::BrokerRegistration* registration = m_cluster.image().findBroker(broker);
  return registration == nullptr || registration->fenced ? NodeCondition::Fenced : NodeCondition::Running;
}

void SnapshotBuilder::rememberReplicas(base::BrokerId broker) {
  const broker::BrokerNode* node = m_cluster.brokerNode(broker);
  if (node == nullptr) return;
  std::vector<ReplicaState> replicas;
  for (const broker::ReplicaView& view : node->replicas()) {
    ReplicaState replica;
    replica.partition = view.partition;
    replica.broker = broker;
    replica.isLeader = view.isLeader;
    replica.leaderEpoch = view.leaderEpoch;
    replica.logStartOffset = view.logStartOffset;
    replica.highWatermark = view.highWatermark;
    replica.logEndOffset = view.logEndOffset;
    replica.bytes = view.bytes;
    replica.logDirectory = view.logDirectory;
    if (const log::PartitionLog* log = node->findLog(view.partition))
      for (const log::SegmentInfo& segment : log->segments())
        replica.segments.push_back({segment.baseOffset, segment.endOffset, segment.bytes});
    replicas.push_back(std::move(replica));
  }
  // Those in a log directory that is offline stand where they were last seen.
  for (const base::TopicPartition& name : node->offlineReplicas()) {
    const auto last = std::ranges::find(m_lastReplicas[broker], name, &ReplicaState::partition);
    if (last == m_lastReplicas[broker].end()) continue;
    ReplicaState& replica = replicas.emplace_back(*last);
    replica.isLeader = false;
    replica.isOffline = true;
  }
  std::ranges::sort(replicas, {}, &ReplicaState::partition);
  m_lastReplicas[broker] = std::move(replicas);
}

void SnapshotBuilder::addBrokers(Snapshot& snapshot) {
  const controller::MetadataImage& image = m_cluster.image();
  for (const base::BrokerId id : m_cluster.brokerIds()) {
    BrokerState state;
    state.id = id;
    state.condition = conditionOf(id);
    state.since = m_tally.conditionSince(world::brokerAddress(id));
    state.disk = m_cluster.disks().state(world::brokerAddress(id));
    state.clock = clockOf(world::brokerAddress(id));
    const controller::BrokerRegistration* registration = image.findBroker(id);
    if (registration != nullptr) state.rack = registration->rack.value_or("");
    const auto port = m_ports.find(id);
    if (port != m_ports.end()) state.port = port->second;
    if (const broker::BrokerNode* node = m_cluster.brokerNode(id)) {
      state.brokerEpoch = node->brokerEpoch();
      state.logDirectoryFailure = node->logDirectoryFailure().value_or("");
      for (const broker::LogDirectoryView& view : node->logDirectories())
        state.logDirectories.push_back({view.name, view.id, view.failure});
    }
    if (state.condition != NodeCondition::Down) rememberReplicas(id);
    state.replicas = m_lastReplicas[id];
    for (ReplicaState& replica : state.replicas) {
      const auto* partition = image.findPartition(replica.partition.topic, replica.partition.partition);
      replica.isInSync = partition != nullptr && contains(partition->isr, id);
      replica.isPreferredLeader =
          partition != nullptr && !partition->replicas.empty() && partition->replicas.front() == id;
      if (state.condition == NodeCondition::Down) replica.isLeader = false;
    }
    snapshot.brokers.push_back(std::move(state));
  }
}

void SnapshotBuilder::addTopics(Snapshot& snapshot) const {
  const controller::MetadataImage& image = m_cluster.image();
  for (const auto& [id, topic] : image.topics()) {
    TopicState state;
    state.name = topic.name;
    state.id = id;
    state.isInternal = topic.name.starts_with("__");
    state.minInsyncReplicas = minInsyncReplicasOf(image, topic.name, m_cluster.minInsyncReplicasDefault());
    state.configs = image.topicConfigs(topic.name);
    for (const auto& [index, partition] : topic.partitions) {
      state.replicationFactor = static_cast<int16_t>(partition.replicas.size());
      state.partitions.push_back({{topic.name, index},
                                  partition.leader,
                                  partition.leaderEpoch,
                                  partition.partitionEpoch,
                                  partition.replicas,
                                  partition.isr,
                                  partition.addingReplicas,
                                  partition.removingReplicas});
    }
    snapshot.topics.push_back(std::move(state));
  }
  std::sort(snapshot.topics.begin(), snapshot.topics.end(),
            [](const TopicState& a, const TopicState& b) { return a.name < b.name; });
}

base::Offset SnapshotBuilder::highWatermarkOf(const Snapshot& snapshot, const base::TopicPartition& partition) const {
  const auto* registration = m_cluster.image().findPartition(partition.topic, partition.partition);
  if (registration == nullptr) return -1;
  for (const BrokerState& broker : snapshot.brokers) {
    if (broker.id != registration->leader) continue;
    for (const ReplicaState& replica : broker.replicas)
      if (replica.isLeader && replica.partition == partition) return replica.highWatermark;
  }
  return -1;
}

void SnapshotBuilder::addClients(Snapshot& snapshot) {
  for (const auto& [name, client] : m_clients.clients()) {
    const TraceTally::ClientTally& tally = m_tally.client(client.address());
    if (const auto* command = std::get_if<StartProducer>(&client.command)) {
      ProducerState state;
      state.name = name;
      state.clientId = client.id;
      state.topic = command->topic;
      state.acks = command->acks;
      state.recordsPerSecondWanted = command->recordsPerSecond;
      state.recordsPerSecond = tally.rate.perSecond(snapshot.time);
      state.producerId = client.producer.producerId;
      state.producerEpoch = client.producer.producerEpoch;
      state.recordsSent = client.producer.recordsSent;
      // A stopped producer's last batches were acknowledged after it was last asked.
      state.recordsAcknowledged = tally.recordsAcknowledged;
      state.recordsFailed = tally.recordsFailed;
      state.recordsInFlight = state.recordsSent - state.recordsAcknowledged - state.recordsFailed;
      state.retries = client.producer.retries;
      state.isRunning = client.isRunning;
      snapshot.producers.push_back(std::move(state));
    } else if (const auto* consumes = std::get_if<StartConsumer>(&client.command)) {
      ConsumerState state;
      state.name = name;
      state.clientId = client.id;
      const auto groupId = consumes->configs.find("group.id");
      state.group = groupId == consumes->configs.end() ? consumes->group : groupId->second;
      state.topic = consumes->topic;
      state.recordsPerSecond = tally.rate.perSecond(snapshot.time);
      state.recordsConsumed = tally.recordsConsumed;
      for (const auto& position : client.consumer.positions)
        state.partitions.push_back(
            {position.partition, std::max<base::Offset>(position.position, 0),
             std::max({position.highWatermark, highWatermarkOf(snapshot, position.partition), base::Offset{0}}),
             position.readReplica, position.committed});
      state.membership = static_cast<MembershipState>(client.consumer.membership);
      state.memberId = client.consumer.memberId;
      if (const auto id = consumes->configs.find("group.instance.id"); id != consumes->configs.end())
        state.groupInstanceId = id->second;
      state.generation = client.consumer.generation;
      state.assignor = client.consumer.assignor;
      state.isGroupLeader = client.consumer.isGroupLeader;
      state.failure = client.consumer.failure;
      state.isRunning = client.isRunning;
      state.isPaused =
          client.isRunning && m_cluster.world().nodeState(client.address()) == world::World::NodeState::Paused;
      snapshot.consumers.push_back(std::move(state));
    }
  }
}

void SnapshotBuilder::addExternalClients(Snapshot& snapshot) const {
  for (const world::ExternalConnectionState& connection : m_cluster.world().externalConnections()) {
    ExternalClientState state;
    state.address = connection.address;
    state.broker = connection.broker.id;
    state.clientId = connection.clientId;
    state.software = connection.software;
    state.peer = connection.peer;
    state.requests = connection.requests;
    state.bytesIn = connection.bytesIn;
    state.bytesOut = connection.bytesOut;
    if (connection.lastApi) state.lastApi = protocol::apiName(*connection.lastApi);
    state.producesTo = connection.producesTo;
    state.fetchesFrom = connection.fetchesFrom;
    // Newer clients name topics by their ids.
    for (auto* partitions : {&state.producesTo, &state.fetchesFrom})
      for (base::TopicPartition& partition : *partitions)
        if (const std::optional<base::Uuid> id = base::Uuid::parse(partition.topic))
          if (const controller::TopicImage* topic = m_cluster.image().findTopic(*id)) partition.topic = topic->name;
    for (BrokerState& broker : snapshot.brokers)
      if (broker.id == state.broker) ++broker.externalConnections;
    snapshot.externalClients.push_back(std::move(state));
  }
}

void SnapshotBuilder::addLinks(Snapshot& snapshot) const {
  const world::World& world = m_cluster.world();
  std::vector<world::Address> nodes;
  for (const base::BrokerId id : m_cluster.brokerIds()) nodes.push_back(world::brokerAddress(id));
  for (const int32_t id : m_cluster.controllerIds()) nodes.push_back(world::controllerAddress(id));
  for (size_t a = 0; a < nodes.size(); ++a)
    for (size_t b = a + 1; b < nodes.size(); ++b)
      if (world.isLinkCut(nodes[a], nodes[b]) || world.isLinkCut(nodes[b], nodes[a]))
        snapshot.cutLinks.push_back(
            {nodes[a], nodes[b], world.isLinkCut(nodes[a], nodes[b]), world.isLinkCut(nodes[b], nodes[a])});
  const world::LinkConditions normal = world.normalLinkConditions();
  std::sort(nodes.begin(), nodes.end());
  for (const world::Address from : nodes)
    for (const world::Address to : nodes)
      if (const world::LinkConditions conditions = world.linkConditions(from, to); conditions != normal)
        snapshot.links.push_back({from, to, conditions});
  for (const world::MessageInFlight& message : world.messagesInFlight())
    snapshot.inFlight.push_back({message.sentEvent, message.from, message.to, message.api, message.isResponse,
                                 message.sent, message.due, message.recordBytes, message.partition});
}

void SnapshotBuilder::addGauges(Snapshot& snapshot) const {
  snapshot.counters = m_tally.counters();
  for (const TopicState& topic : snapshot.topics)
    for (const PartitionState& partition : topic.partitions) {
      if (partition.isr.size() < partition.replicas.size()) ++snapshot.counters.underReplicatedPartitions;
      if (partition.leader == base::kNoBroker) ++snapshot.counters.offlinePartitions;
    }
  for (const ConsumerState& consumer : snapshot.consumers)
    for (const ConsumerPartitionState& partition : consumer.partitions) snapshot.counters.totalLag += partition.lag();
}

}  // namespace streamscope::lab
