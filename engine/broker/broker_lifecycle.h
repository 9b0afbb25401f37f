#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "base/uuid.h"
#include "broker/broker_config.h"
#include "broker/broker_node.h"
#include "controller_channel.h"
#include "world/node.h"

namespace streamscope::broker {

/// A broker's standing with the controller: registration, heartbeats, fenced or not, controlled shutdown. Kafka:
/// BrokerLifecycleManager.
///
///   Starting --caught up with the metadata log--> Recovery --unfenced--> Running
///   Running --beginControlledShutdown--> PendingControlledShutdown --the controller agrees--> ShuttingDown
///   Starting, Recovery --beginControlledShutdown--> ShuttingDown
class BrokerLifecycleManager {
 public:
  struct Callbacks {
    /// The broker has every record up to its own registration: replicas can be taken up.
    std::function<void()> onCaughtUp;
    /// The controller has moved the leaderships away, or there was nothing to move.
    std::function<void()> onShouldShutDown;
    /// A log directory has failed and the controller could not be told within log.dir.failure.timeout.ms.
    std::function<void()> onFailureUntold;
  };

  BrokerLifecycleManager(world::NodeContext& context, const BrokerConfig& config, ControllerChannel& controller,
                         Callbacks callbacks);

  void start(std::vector<base::Uuid> directories, int64_t previousBrokerEpoch);
  /// The broker has replayed the metadata log up to here.
  void setMetadataOffset(base::Offset offset) { m_metadataOffset = offset; }
  /// The replicas are taken up; the controller may unfence this broker.
  void setReadyToUnfence();
  void beginControlledShutdown();
  /// A log directory is offline from now on: the next heartbeat, which leaves at once, tells it, and every one after
  /// it.
  void tellDirectoryFailure(const base::Uuid& directory);

  BrokerLifecycle state() const { return m_state; }
  bool isFenced() const { return m_isFenced; }
  int64_t brokerEpoch() const { return m_brokerEpoch; }

 private:
  void registerBroker();
  void onRegistration(const world::Response& response);
  void heartbeat();
  void onHeartbeat(const std::vector<base::Uuid>& offlineTold, const world::Response& response);
  void moveTo(BrokerLifecycle state);
  void communicateAfter(base::Duration delay);
  void communicateAfterFailure();
  void communicate();

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  Callbacks m_callbacks;

  base::Uuid m_incarnationId;
  std::vector<base::Uuid> m_directories;
  /// And whether the controller knows.
  std::map<base::Uuid, bool> m_offlineDirectories;
  int64_t m_previousBrokerEpoch = -1;

  BrokerLifecycle m_state = BrokerLifecycle::Starting;
  int64_t m_brokerEpoch = -1;
  bool m_isFenced = true;
  bool m_isReadyToUnfence = false;
  base::Offset m_metadataOffset = -1;
  /// Of the first heartbeat that asked for the shutdown, the next comes soon.
  bool m_hasAskedForShutdown = false;
  int32_t m_failures = 0;
  world::TimerId m_timer = 0;
  bool m_isInFlight = false;
  /// Something changed while a heartbeat was in flight: the next follows at once.
  bool m_isUrgent = false;
};

}  // namespace streamscope::broker
