#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "broker/broker_config.h"
#include "controller_channel.h"

namespace streamscope::broker {

/// Hands out producer ids from blocks the controller gave (Kafka: RPCProducerIdManager). The next block is asked for
/// when nine tenths of the present one are gone.
class ProducerIdManager {
 public:
  ProducerIdManager(const BrokerConfig& config, ControllerChannel& controller, std::function<int64_t()> brokerEpoch)
      : m_config(config), m_controller(controller), m_brokerEpoch(std::move(brokerEpoch)) {}

  /// COORDINATOR_LOAD_IN_PROGRESS, which clients try again after, until the first block is there.
  base::Result<int64_t, base::ErrorCode> next();

 private:
  struct Block {
    int64_t first = 0;
    int64_t length = 0;
    int64_t used = 0;
    bool isUsedUp() const { return used >= length; }
  };

  void requestBlock();
  void onBlock(const world::Response& response);

  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  std::function<int64_t()> m_brokerEpoch;
  Block m_current;
  Block m_next;
  bool m_isInFlight = false;
};

}  // namespace streamscope::broker
