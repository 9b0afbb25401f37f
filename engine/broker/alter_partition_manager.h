#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "alter_partition_channel.h"
#include "broker/broker_config.h"
#include "controller_channel.h"
#include "world/node.h"

namespace streamscope::broker {

/// Brings ISR proposals to the controller, one AlterPartition request in flight with everything that waits (Kafka:
/// AlterPartitionManager). What the controller does not answer is sent again until it does.
class AlterPartitionManager : public AlterPartitionChannel {
 public:
  AlterPartitionManager(world::NodeContext& context, const BrokerConfig& config, ControllerChannel& controller,
                        std::function<int64_t()> brokerEpoch);

  /// OPERATION_NOT_ATTEMPTED at once when a proposal for the partition is waiting already.
  void submit(IsrProposal proposal, Handler onDecision) override;

 private:
  struct Waiting {
    IsrProposal proposal;
    Handler onDecision;
  };
  using Key = std::pair<base::Uuid, base::PartitionId>;

  void send();
  void onResponse(const std::vector<Key>& sent, const world::Response& response);
  void settle(const Key& key, const base::Result<IsrDecision, base::ErrorCode>& decision);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  std::function<int64_t()> m_brokerEpoch;
  std::map<Key, Waiting> m_waiting;
  bool m_isInFlight = false;
};

}  // namespace streamscope::broker
