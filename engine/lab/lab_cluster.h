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

/// The world of a lab with its controllers and brokers on their disks.
class LabCluster {
 public:
  /// The others follow.
  static constexpr int32_t kFirstControllerId = 100;

  /// Checks configs and data directory, then adds the controllers and the brokers; nothing runs yet.
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
  /// Of each broker.
  int32_t logDirectories() const { return m_logDirectories; }

  world::World::NodeState brokerState(base::BrokerId broker) const;
  /// Its process does not run, or has halted because its log directory failed.
  bool isDown(base::BrokerId broker) const;
  /// Null when down.
  const broker::BrokerNode* brokerNode(base::BrokerId broker) const;

  static std::vector<int32_t> controllerIdsOf(const LabDescription& description);
  const std::vector<int32_t>& controllerIds() const { return m_controllerIds; }
  world::World::NodeState controllerState(int32_t controller) const;
  /// Null when down.
  const controller::ControllerNode* controllerNode(int32_t controller) const;
  std::optional<int32_t> activeController() const;
  /// The active controller's, else that of the controller that knows most, else an empty one.
  const controller::MetadataImage& image() const;

 private:
  LabCluster() = default;
  void addControllers(const LabDescription& description, const ClusterConfig& config,
                      const DataDirectoryContents& contents);
  void addBrokers(const LabDescription& description, const Lab::Options& options, const ClusterConfig& config);

  /// Outlives the world, whose nodes write to it.
  std::unique_ptr<NodeDisks> m_disks;
  std::unique_ptr<world::World> m_world;
  std::string m_clusterId;
  bool m_isReopened = false;
  std::vector<int32_t> m_controllerIds;
  int32_t m_brokers = 0;
  int32_t m_logDirectories = 1;
  int32_t m_minInsyncReplicasDefault = 1;
};

}  // namespace streamscope::lab
