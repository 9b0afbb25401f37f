#pragma once

#include <functional>
#include <map>
#include <optional>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "controller/metadata_image.h"
#include "protocol/messages/broker_heartbeat.h"
#include "world/node.h"

namespace streamscope::controller {

/// What the controller makes of a broker (Kafka: BrokerControlState).
///
///   from                 heartbeat                                            to
///   Fenced               wantShutDown                                         ShutdownNow
///   Fenced               caught up to its registration, not wantFence         Unfenced
///   Unfenced             wantFence                                            Fenced (ShutdownNow with wantShutDown)
///   Unfenced             wantShutDown, leads partitions                       ControlledShutdown
///   Unfenced             wantShutDown, leads none                             ShutdownNow
///   ControlledShutdown   leads none, and every active broker has seen
///                        the metadata that took its leaderships away          ShutdownNow
enum class BrokerControlState : uint8_t { Fenced, Unfenced, ControlledShutdown, ShutdownNow };

/// The controller's volatile knowledge of brokers: when each was last heard of and how far it has read the metadata
/// log. A new leader of the quorum starts with none of it and gives every unfenced broker a whole session. Sources:
/// KIP-631; Kafka's BrokerHeartbeatManager and BrokerHeartbeatTracker.
class BrokerHeartbeatManager {
 public:
  BrokerHeartbeatManager(const MetadataImage& image, const world::Clock& clock, base::Duration sessionTimeout);

  /// The node leads the quorum from now on.
  void activate();

  /// A registration was written. A new incarnation is unheard of until its first heartbeat.
  void onRegistered(base::BrokerId broker, int64_t brokerEpoch);

  /// A heartbeat of the registered incarnation: it lives.
  void contact(base::BrokerId broker);
  /// A heartbeat of a broker that stays or becomes `fenced`, which has read the log up to `metadataOffset`.
  void touch(base::BrokerId broker, bool fenced, base::Offset metadataOffset);

  /// The broker's incarnation was heard of within the session timeout.
  bool hasValidSession(base::BrokerId broker) const;
  /// Time since the last heartbeat.
  base::Duration silence(base::BrokerId broker) const;
  /// One broker whose session ran out.
  std::optional<base::BrokerId> oneExpired() const;
  /// It is registered no more.
  void remove(base::BrokerId broker) { m_brokers.erase(broker); }
  /// Forgets a session and a shutdown under way.
  void endSession(base::BrokerId broker);

  /// How the broker stands before a heartbeat ...
  BrokerControlState currentState(base::BrokerId broker) const;
  /// ... and after it, by the table above.
  BrokerControlState nextState(const protocol::BrokerHeartbeatRequest& request, base::Offset registrationOffset,
                               const std::function<bool()>& hasLeaderships) const;

  /// The offset of the records that took a broker's leaderships away; the first one counts.
  void setControlledShutdownOffset(base::BrokerId broker, base::Offset offset);
  bool isShuttingDown(base::BrokerId broker) const;

 private:
  struct BrokerHeartbeatState {
    int64_t brokerEpoch = -1;
    std::optional<base::VirtualTime> lastContact;
    base::Offset metadataOffset = -1;
    base::Offset controlledShutdownOffset = -1;
  };

  const BrokerHeartbeatState* find(base::BrokerId broker) const;
  bool isExpired(base::VirtualTime lastContact) const;
  /// Of the brokers that are active; the largest offset there is when none is.
  base::Offset lowestActiveOffset() const;

  const MetadataImage& m_image;
  const world::Clock& m_clock;
  base::Duration m_sessionTimeout;
  std::map<base::BrokerId, BrokerHeartbeatState> m_brokers;
};

}  // namespace streamscope::controller
