#include "lab_clients.h"

#include <utility>

#include "base/assert.h"
#include "client/admin_node.h"

namespace streamscope::lab {

namespace {

const std::string& topicOf(const LabClients::Client& client) {
  return std::visit([](const auto& command) -> const std::string& { return command.topic; }, client.command);
}

client::ProducerConfig configOf(const StartProducer& command, std::vector<base::BrokerId> brokers) {
  client::ProducerConfig config;
  config.clientId = command.name;
  config.bootstrapBrokers = std::move(brokers);
  config.acks = command.acks;
  config.enableIdempotence = command.enableIdempotence;
  config.batchSize = command.batchSize;
  config.linger = command.linger;
  config.topic = command.topic;
  config.recordsPerSecond = command.recordsPerSecond;
  config.recordBytes = command.recordBytes;
  config.keys = command.keys;
  config.recordsMax = command.recordsMax;
  return config;
}

client::ConsumerConfig configOf(const StartConsumer& command, std::vector<base::BrokerId> brokers) {
  std::map<std::string, std::string> configs = command.configs;
  configs.try_emplace("auto.offset.reset", command.fromBeginning ? "earliest" : "latest");
  configs.try_emplace("client.rack", command.rack);
  // Nobody gives a command that was not read or checked.
  client::ConsumerConfig config = client::makeConsumerConfig(configs).value();
  config.clientId = command.name;
  config.bootstrapBrokers = std::move(brokers);
  config.topics = {command.topic};
  config.topics.insert(config.topics.end(), command.moreTopics.begin(), command.moreTopics.end());
  config.partitions = command.partitions;
  config.processingTime = command.processingTime;
  config.commitCall = static_cast<client::CommitCall>(command.manualCommit);
  return config;
}

}  // namespace

LabClients::LabClients(LabCluster& cluster, AdminOutcome onAdminOutcome)
    : m_cluster(cluster), m_onAdminOutcome(std::move(onAdminOutcome)) {}

void LabClients::startAdmin() {
  client::AdminConfig config;
  config.clientId = "lab-admin";
  config.bootstrapBrokers = m_cluster.brokerIds();
  const world::Address address = world::clientAddress(kAdminId);
  m_cluster.world().addNode(
      address, [config](world::NodeContext& context) { return std::make_unique<client::AdminNode>(context, config); },
      nullptr);
  m_cluster.world().startNode(address);
}

client::AdminNode& LabClients::admin() {
  auto* node = static_cast<client::AdminNode*>(m_cluster.world().node(world::clientAddress(kAdminId)));
  STREAMSCOPE_ASSERT(node != nullptr);
  return *node;
}

void LabClients::createTopic(const CreateTopic& command) {
  m_beingCreated.insert(command.topic);
  admin().createTopic({command.topic, command.partitions, command.replicationFactor, command.configs},
                      [this, command](const base::Status& outcome) { onTopicCreated(command, outcome); });
}

void LabClients::onTopicCreated(const CreateTopic& command, const base::Status& outcome) {
  m_beingCreated.erase(command.topic);
  const bool isThere = outcome || outcome.error().code == base::ErrorCode::TOPIC_ALREADY_EXISTS;
  if (isThere) {
    for (auto& [name, client] : m_clients)
      if (client.isRunning && topicOf(client) == command.topic &&
          m_cluster.world().nodeState(client.address()) == world::World::NodeState::Down)
        m_cluster.world().startNode(client.address());
  }
  m_onAdminOutcome(command, outcome);
}

void LabClients::deleteTopic(const DeleteTopic& command) {
  admin().deleteTopic(command.topic,
                      [this, command](const base::Status& outcome) { m_onAdminOutcome(command, outcome); });
}

void LabClients::createPartitions(const CreatePartitions& command) {
  admin().createPartitions(command.topic, command.partitions, command.assignments,
                           [this, command](const base::Status& outcome) { m_onAdminOutcome(command, outcome); });
}

void LabClients::alterConfigs(const AlterConfigs& command) {
  client::ConfigChanges changes;
  changes.topic = command.topic;
  changes.broker = command.broker;
  for (const auto& [key, value] : command.set) changes.configs[key] = value;
  for (const std::string& key : command.remove) changes.configs[key] = std::nullopt;
  admin().alterConfigs(std::move(changes),
                       [this, command](const base::Status& outcome) { m_onAdminOutcome(command, outcome); });
}

void LabClients::electLeaders(const ElectLeaders& command) {
  const auto election = command.isUnclean ? client::ElectionType::Unclean : client::ElectionType::Preferred;
  admin().electLeaders(election, command.partitions,
                       [this, command](const base::Status& outcome) { m_onAdminOutcome(command, outcome); });
}

void LabClients::reassignPartition(const ReassignPartition& command) {
  admin().reassignPartition(command.partition, command.replicas,
                            [this, command](const base::Status& outcome) { m_onAdminOutcome(command, outcome); });
}

void LabClients::alterReplicaLogDir(const AlterReplicaLogDir& command, const std::string& path) {
  admin().alterReplicaLogDir(command.broker, command.partition, path,
                             [this, command](const base::Status& outcome) { m_onAdminOutcome(command, outcome); });
}

bool LabClients::isRunning(const std::string& name) const {
  const auto found = m_clients.find(name);
  return found != m_clients.end() && found->second.isRunning;
}

void LabClients::start(const StartProducer& command) {
  const client::ProducerConfig config = configOf(command, m_cluster.brokerIds());
  const int32_t id = m_nextId++;
  m_cluster.world().addNode(
      world::clientAddress(id),
      [config](world::NodeContext& context) { return std::make_unique<client::ProducerNode>(context, config); },
      nullptr);
  add(command.name, {command, id, true, {}, {}});
}

void LabClients::start(const StartConsumer& command) {
  const client::ConsumerConfig config = configOf(command, m_cluster.brokerIds());
  const int32_t id = m_nextId++;
  m_cluster.world().addNode(
      world::clientAddress(id),
      [config](world::NodeContext& context) { return std::make_unique<client::ConsumerNode>(context, config); },
      nullptr);
  add(command.name, {command, id, true, {}, {}});
}

void LabClients::add(const std::string& name, Client client) {
  const world::Address address = client.address();
  const bool isTopicThere = !isBeingCreated(topicOf(client));
  m_clients.insert_or_assign(name, std::move(client));
  if (isTopicThere) m_cluster.world().startNode(address);
}

void LabClients::stop(const std::string& name) {
  Client& client = m_clients.at(name);
  STREAMSCOPE_ASSERT(client.isRunning);
  refresh(client);
  client.isRunning = false;
  const world::Address address = client.address();
  if (m_cluster.world().nodeState(address) == world::World::NodeState::Down) {
    m_cluster.world().removeNode(address);
    return;
  }
  m_cluster.world().stopNode(address, [this, address] { m_cluster.world().removeNode(address); });
}

void LabClients::kill(const std::string& name) {
  Client& client = m_clients.at(name);
  STREAMSCOPE_ASSERT(client.isRunning);
  refresh(client);
  client.isRunning = false;
  if (m_cluster.world().nodeState(client.address()) != world::World::NodeState::Down)
    m_cluster.world().killNode(client.address());
  m_cluster.world().removeNode(client.address());
}

void LabClients::pause(const std::string& name) {
  m_cluster.world().pauseNode(m_clients.at(name).address());
}

void LabClients::resume(const std::string& name) {
  m_cluster.world().resumeNode(m_clients.at(name).address());
}

bool LabClients::isStarted(const std::string& name) const {
  return m_cluster.world().nodeState(m_clients.at(name).address()) != world::World::NodeState::Down;
}

bool LabClients::isPaused(const std::string& name) const {
  return m_cluster.world().nodeState(m_clients.at(name).address()) == world::World::NodeState::Paused;
}

void LabClients::stopAll() {
  for (auto& [name, client] : m_clients)
    if (client.isRunning) isPaused(name) ? kill(name) : stop(name);
}

const std::map<std::string, LabClients::Client>& LabClients::clients() {
  for (auto& [name, client] : m_clients) refresh(client);
  return m_clients;
}

void LabClients::refresh(Client& client) {
  const world::Node* node = m_cluster.world().node(client.address());
  if (node == nullptr) return;
  if (std::holds_alternative<StartProducer>(client.command))
    client.producer = static_cast<const client::ProducerNode*>(node)->statistics();
  else
    client.consumer = static_cast<const client::ConsumerNode*>(node)->statistics();
}

}  // namespace streamscope::lab
