#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/broker_node.h"
#include "controller/controller_node.h"
#include "lab/lab.h"
#include "lab/lab_description.h"
#include "node_disks.h"
#include "world/world.h"

namespace streamscope::lab {

struct ClusterConfig;
struct DataDirectoryContents;

/// The world of a lab with its controller and brokers on their disks.
class LabCluster {
 public:
  static constexpr int32_t kControllerId = 100;

  /// Checks configs and data directory, then adds the controller and the brokers; nothing runs yet.
  static base::Result<std::unique_ptr<LabCluster>> open(const LabDescription& description, const Lab::Options& options);

  void start();

  world::World& world() { return *m_world; }
  const world::World& world() const { return *m_world; }
  NodeDisks& disks() { return *m_disks; }
  const NodeDisks& disks() const { return *m_disks; }
  const std::string& clusterId() const { return m_clusterId; }
  /// It came from an earlier run.
  bool isReopened() const { return m_isReopened; }
  /// Of Metadata and the min.insync.replicas of topics that do not say.
  int32_t minInsyncReplicasDefault() const { return m_minInsyncReplicasDefault; }
  std::vector<base::BrokerId> brokerIds() const;

  world::World::NodeState brokerState(base::BrokerId broker) const;
  /// Its process does not run, or has halted because its log directory failed.
  bool isDown(base::BrokerId broker) const;
  /// Null when down.
  const broker::BrokerNode* brokerNode(base::BrokerId broker) const;
  const controller::ControllerNode* controllerNode() const;
  /// The controller's, or an empty one.
  const controller::MetadataImage& image() const;

 private:
  LabCluster() = default;
  void addNodes(const LabDescription& description, const Lab::Options& options, const ClusterConfig& config,
                const DataDirectoryContents& contents);

  /// Outlives the world, whose nodes write to it.
  std::unique_ptr<NodeDisks> m_disks;
  std::unique_ptr<world::World> m_world;
  std::string m_clusterId;
  bool m_isReopened = false;
  int32_t m_brokers = 0;
  int32_t m_minInsyncReplicasDefault = 1;
};

}  // namespace streamscope::lab
