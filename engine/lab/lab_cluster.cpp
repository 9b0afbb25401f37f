#include "lab_cluster.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "cluster_config.h"
#include "controller_finder.h"
#include "coordinator/group_coordinator.h"
#include "data_directory.h"

namespace streamscope::lab {

namespace {

/// Kafka's three replicas of a group's offsets, or as many as there are brokers.
constexpr int32_t kOffsetsReplicationFactorMax = 3;

/// A stream of random numbers of its own, so that drawing the cluster id shifts nothing else.
constexpr uint64_t kClusterIdStream = 0x636c7573746572;

}  // namespace

base::Result<std::unique_ptr<LabCluster>> LabCluster::open(const LabDescription& description,
                                                           const Lab::Options& options) {
  std::map<std::string, std::string> brokerConfigs = description.brokerConfigs;
  brokerConfigs.try_emplace("offsets.topic.replication.factor",
                            std::to_string(std::min(description.brokers, kOffsetsReplicationFactorMax)));
  const base::Result<ClusterConfig> config = makeClusterConfig(brokerConfigs);
  if (!config) return base::fail(config.error());
  auto cluster = std::unique_ptr<LabCluster>(new LabCluster);
  cluster->m_brokers = description.brokers;
  cluster->m_logDirectories = description.logDirectories;
  cluster->m_controllerIds = controllerIdsOf(description);
  cluster->m_minInsyncReplicasDefault = config->broker.minInsyncReplicas;
  DataDirectoryContents contents;
  if (!options.dataDirectory.empty()) {
    auto inspected = inspectDataDirectory(options.dataDirectory, description.brokers, cluster->m_controllerIds,
                                          description.logDirectories);
    if (!inspected) return base::fail(inspected.error());
    contents = std::move(*inspected);
    cluster->m_isReopened = contents.clusterId.has_value();
    cluster->m_clusterId = contents.clusterId.value_or("");
  }
  const uint64_t seed = options.seed.value_or(description.seed);
  if (!cluster->m_isReopened) cluster->m_clusterId = base::Random(seed).fork(kClusterIdStream).uuid().toString();

  world::WorldConfig worldConfig;
  worldConfig.seed = seed;
  if (options.startMs) worldConfig.startMs = *options.startMs;
  worldConfig.linkLatency = description.linkLatency;
  worldConfig.linkJitter = description.linkJitter;
  cluster->m_disks = std::make_unique<NodeDisks>(options.dataDirectory, contents.isCombinedNode, seed);
  cluster->m_world = std::make_unique<world::World>(worldConfig);
  cluster->m_disks->setOccupier([world = cluster->m_world.get()](world::Address node, base::Duration duration) {
    world->occupyNode(node, duration);
  });
  cluster->addControllers(description, *config, contents);
  cluster->addBrokers(description, options, *config);
  return cluster;
}

void LabCluster::addControllers(const LabDescription& description, const ClusterConfig& config,
                                const DataDirectoryContents& contents) {
  for (const int32_t id : m_controllerIds) {
    controller::ControllerConfig controllerConfig = config.controller;
    controllerConfig.nodeId = m_controllerIds.size() == 1 ? contents.controllerNodeId.value_or(id) : id;
    if (m_controllerIds.size() > 1) controllerConfig.quorumVoters = m_controllerIds;
    controllerConfig.sharesDirectoryWithBroker = contents.isCombinedNode;
    controllerConfig.clusterId = m_clusterId;
    controllerConfig.bugs = description.bugs;
    const world::Address address = world::controllerAddress(id);
    m_world->addNode(
        address,
        [controllerConfig](world::NodeContext& context) {
          return std::make_unique<controller::ControllerNode>(context, controllerConfig);
        },
        m_disks->makeDisk(address));
  }
}

void LabCluster::addBrokers(const LabDescription& description, const Lab::Options& options,
                            const ClusterConfig& config) {
  for (const base::BrokerId id : brokerIds()) {
    broker::BrokerConfig brokerConfig = config.broker;
    brokerConfig.nodeId = id;
    brokerConfig.clusterId = m_clusterId;
    brokerConfig.bugs = description.bugs;
    brokerConfig.quorumVoters = m_controllerIds;
    brokerConfig.logDirectories = description.logDirectories;
    const size_t place = static_cast<size_t>(id - 1);
    if (!description.racks.empty()) brokerConfig.rack = description.racks[place % description.racks.size()];
    const auto port = options.ports.find(id);
    if (port != options.ports.end()) brokerConfig.advertisedPort = port->second;
    m_world->addNode(
        world::brokerAddress(id),
        [brokerConfig](world::NodeContext& context) {
          return std::make_unique<broker::BrokerNode>(context, brokerConfig,
                                                      std::vector{coordinator::GroupCoordinator::factory()});
        },
        m_disks->makeDisk(world::brokerAddress(id)));
  }
}

void LabCluster::start() {
  for (const int32_t id : m_controllerIds) m_world->startNode(world::controllerAddress(id));
  for (const base::BrokerId id : brokerIds()) m_world->startNode(world::brokerAddress(id));
}

std::vector<base::BrokerId> LabCluster::brokerIds() const {
  std::vector<base::BrokerId> ids;
  for (base::BrokerId id = 1; id <= m_brokers; ++id) ids.push_back(id);
  return ids;
}

world::World::NodeState LabCluster::brokerState(base::BrokerId broker) const {
  return m_world->nodeState(world::brokerAddress(broker));
}

bool LabCluster::isDown(base::BrokerId broker) const {
  const broker::BrokerNode* node = brokerNode(broker);
  return node == nullptr || node->logDirectoryFailure().has_value();
}

const broker::BrokerNode* LabCluster::brokerNode(base::BrokerId broker) const {
  return static_cast<const broker::BrokerNode*>(m_world->node(world::brokerAddress(broker)));
}

std::vector<int32_t> LabCluster::controllerIdsOf(const LabDescription& description) {
  std::vector<int32_t> ids;
  for (int32_t index = 0; index < description.controllers; ++index) ids.push_back(kFirstControllerId + index);
  return ids;
}

world::World::NodeState LabCluster::controllerState(int32_t controller) const {
  return m_world->nodeState(world::controllerAddress(controller));
}

const controller::ControllerNode* LabCluster::controllerNode(int32_t controller) const {
  return static_cast<const controller::ControllerNode*>(m_world->node(world::controllerAddress(controller)));
}

std::optional<int32_t> LabCluster::activeController() const {
  const controller::ControllerNode* leading = findLeadingController(*m_world, m_controllerIds);
  if (leading == nullptr || !leading->isActive()) return std::nullopt;
  for (const int32_t id : m_controllerIds)
    if (controllerNode(id) == leading) return id;
  return std::nullopt;
}

const controller::MetadataImage& LabCluster::image() const {
  static const controller::MetadataImage kNone;
  const controller::ControllerNode* leading = findLeadingController(*m_world, m_controllerIds);
  return leading == nullptr ? kNone : leading->image();
}

}  // namespace streamscope::lab
