#include "lab_cluster.h"

#include <utility>

#include "base/random.h"
#include "cluster_config.h"
#include "data_directory.h"

namespace streamscope::lab {

namespace {

/// A stream of random numbers of its own, so that drawing the cluster id shifts nothing else.
constexpr uint64_t kClusterIdStream = 0x636c7573746572;

}  // namespace

base::Result<std::unique_ptr<LabCluster>> LabCluster::open(const LabDescription& description,
                                                           const Lab::Options& options) {
  const base::Result<ClusterConfig> config = makeClusterConfig(description.brokerConfigs);
  if (!config) return base::fail(config.error());
  auto cluster = std::unique_ptr<LabCluster>(new LabCluster);
  cluster->m_brokers = description.brokers;
  cluster->m_minInsyncReplicasDefault = config->broker.minInsyncReplicas;
  DataDirectoryContents contents;
  if (!options.dataDirectory.empty()) {
    auto inspected = inspectDataDirectory(options.dataDirectory, description.brokers, kControllerId);
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
  cluster->addNodes(description, options, *config, contents);
  return cluster;
}

void LabCluster::addNodes(const LabDescription& description, const Lab::Options& options, const ClusterConfig& config,
                          const DataDirectoryContents& contents) {
  controller::ControllerConfig controllerConfig = config.controller;
  controllerConfig.nodeId = contents.controllerNodeId.value_or(kControllerId);
  controllerConfig.sharesDirectoryWithBroker = contents.isCombinedNode;
  controllerConfig.clusterId = m_clusterId;
  controllerConfig.bugs = description.bugs;
  const world::Address controllerAddress = world::controllerAddress(kControllerId);
  m_world->addNode(
      controllerAddress,
      [controllerConfig](world::NodeContext& context) {
        return std::make_unique<controller::ControllerNode>(context, controllerConfig);
      },
      m_disks->makeDisk(controllerAddress));

  for (base::BrokerId id = 1; id <= description.brokers; ++id) {
    broker::BrokerConfig brokerConfig = config.broker;
    brokerConfig.nodeId = id;
    brokerConfig.clusterId = m_clusterId;
    brokerConfig.bugs = description.bugs;
    brokerConfig.controllerId = kControllerId;
    const auto port = options.ports.find(id);
    if (port != options.ports.end()) brokerConfig.advertisedPort = port->second;
    m_world->addNode(
        world::brokerAddress(id),
        [brokerConfig](world::NodeContext& context) {
          return std::make_unique<broker::BrokerNode>(context, brokerConfig);
        },
        m_disks->makeDisk(world::brokerAddress(id)));
  }
}

void LabCluster::start() {
  m_world->startNode(world::controllerAddress(kControllerId));
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

const controller::ControllerNode* LabCluster::controllerNode() const {
  return static_cast<const controller::ControllerNode*>(m_world->node(world::controllerAddress(kControllerId)));
}

const controller::MetadataImage& LabCluster::image() const {
  static const controller::MetadataImage kNone;
  const controller::ControllerNode* controller = controllerNode();
  return controller == nullptr ? kNone : controller->image();
}

}  // namespace streamscope::lab
