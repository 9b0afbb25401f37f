#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "broker_heartbeat_manager.h"
#include "controller/controller_node.h"
#include "controller/metadata_image.h"
#include "placement.h"
#include "protocol/messages/broker_registration.h"

namespace streamscope::controller {

/// The brokers of the cluster: who may register, who is who, who may be given replicas. Reads the image, writes
/// records; nothing here changes the image. Source: Kafka's ClusterControlManager.
class ClusterControl {
 public:
  ClusterControl(const MetadataImage& image, const world::Clock& clock, const ControllerConfig& config);

  BrokerHeartbeatManager& heartbeatManager() { return m_heartbeatManager; }
  const BrokerHeartbeatManager& heartbeatManager() const { return m_heartbeatManager; }

  /// The registration of a broker's process, fenced until it has caught up. `newBrokerEpoch` becomes the epoch of a new
  /// incarnation: the offset the record will have. The same incarnation again amends its registration and keeps its
  /// epoch and its state. Refusals in this order: INCONSISTENT_CLUSTER_ID, DUPLICATE_BROKER_REGISTRATION (another
  /// incarnation with a live session), BROKER_ID_NOT_REGISTERED (a migrating ZooKeeper broker), INVALID_REGISTRATION
  /// (directories; metadata.version missing), UNSUPPORTED_VERSION (a finalized feature is out of its range).
  base::Result<protocol::RegisterBrokerRecord> registerBroker(const protocol::BrokerRegistrationRequest& request,
                                                              int64_t newBrokerEpoch) const;

  /// STALE_BROKER_EPOCH unless exactly this incarnation is registered.
  base::Status checkBrokerEpoch(base::BrokerId broker, int64_t brokerEpoch) const;

  bool isActive(base::BrokerId broker) const;
  /// The log directory of its replica in `partition` is one that its registration names: not on a broker that came
  /// back with another disk (Kafka: LeaderAcceptor).
  bool hasReplicaOnline(base::BrokerId broker, const PartitionRegistration& partition) const;
  /// Active, and so is its replica.
  bool canLead(base::BrokerId broker, const PartitionRegistration& partition) const;

  /// Where replicas may be placed: everybody who is not shutting down.
  std::vector<UsableBroker> usableBrokers() const;
  /// The directory a new replica on `broker` goes to: its only one, else UNASSIGNED (the broker decides).
  base::Uuid defaultDirectory(base::BrokerId broker) const;

 private:
  base::Status checkDirectories(const protocol::BrokerRegistrationRequest& request) const;
  base::Status checkFeatures(const protocol::BrokerRegistrationRequest& request) const;

  const MetadataImage& m_image;
  const ControllerConfig& m_config;
  BrokerHeartbeatManager m_heartbeatManager;
};

}  // namespace streamscope::controller
