#pragma once

#include <functional>
#include <map>
#include <utility>

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "broker/broker_config.h"
#include "controller_channel.h"
#include "world/node.h"

namespace streamscope::broker {

/// Tells the controller in which log directory a replica is, where it does not know (KIP-858): one request in flight,
/// the rest goes with the next one, what fails as a whole is sent again. Kafka: AssignmentsManager.
class AssignmentsManager {
 public:
  AssignmentsManager(world::NodeContext& context, const BrokerConfig& config, ControllerChannel& controller,
                     std::function<int64_t()> brokerEpoch);

  /// The last directory told of a replica counts. `onAccepted` is called when the controller has written it down.
  void assign(const base::Uuid& topicId, base::PartitionId partition, const base::Uuid& directory,
              std::function<void()> onAccepted = {});

 private:
  using Key = std::pair<base::Uuid, base::PartitionId>;
  struct Assignment {
    base::Uuid directory;
    std::function<void()> onAccepted;
  };

  void send();
  void onResponse(const std::map<Key, Assignment>& sent, const world::Response& response);
  void sendAgainLater();

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  std::function<int64_t()> m_brokerEpoch;
  std::map<Key, Assignment> m_waiting;
  bool m_isInFlight = false;
  int32_t m_failures = 0;
  world::TimerId m_timer = 0;
};

}  // namespace streamscope::broker
