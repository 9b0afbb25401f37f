#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "client/consumer_config.h"
#include "cluster_metadata.h"
#include "connection_states.h"
#include "protocol/message.h"
#include "world/node.h"

namespace streamscope::client {

/// Finds the broker that coordinates a group, and talks to it (the part of Kafka's AbstractCoordinator below the group
/// protocol). Requests end without an answer when the connection breaks or the coordinator is given up.
class CoordinatorConnection {
 public:
  /// `onProgress` runs when a coordinator was found, and when it is time to look again.
  CoordinatorConnection(world::NodeContext& context, const ConsumerConfig& config, ClusterMetadata& metadata,
                        ConnectionStates& connections, std::function<void()> onProgress);

  bool isKnown() const { return m_coordinator != base::kNoBroker; }
  /// Looks for it, unless it does so already or has to wait.
  void find();
  /// It is not the coordinator any more, or does not answer; every request to it ends now.
  void giveUp();
  /// Runs with every coordinator that was found.
  void setOnFound(std::function<void()> onFound) { m_onFound = std::move(onFound); }

  /// Null when there was no answer.
  using Handler = std::function<void(const protocol::ResponseBody*)>;
  void send(int16_t version, protocol::RequestBody request, base::Duration timeout, Handler handler);

 private:
  void onFindResponse(base::BrokerId asked, const world::Response& response);
  void onResponse(uint64_t request, base::BrokerId coordinator, const world::Response& response);
  void lookAgainLater();

  world::NodeContext& m_context;
  const ConsumerConfig& m_config;
  ClusterMetadata& m_metadata;
  ConnectionStates& m_connections;
  const std::function<void()> m_onProgress;
  std::function<void()> m_onFound;
  base::BrokerId m_coordinator = base::kNoBroker;
  bool m_isLooking = false;
  int32_t m_failures = 0;
  world::TimerId m_retryTimer = 0;
  uint64_t m_lastRequest = 0;
  std::map<uint64_t, Handler> m_waiting;
};

}  // namespace streamscope::client
