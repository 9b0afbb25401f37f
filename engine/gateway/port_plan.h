#pragma once

#include <asio.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "listener.h"

namespace streamscope::gateway {

/// One open listener for each broker, and what a person should know about the ports.
struct PortPlan {
  std::map<base::BrokerId, std::unique_ptr<Listener>> listeners;
  std::vector<std::string> notices;
};

/// Broker i of 1..`brokers` listens on `basePort` + i - 1; a port that is taken moves to the next free one after all of
/// them. `basePort` 0 takes any free ports. Refused when a hundred ports further on none is free.
base::Result<PortPlan> openListeners(asio::io_context& context, int32_t brokers, uint16_t basePort);

}  // namespace streamscope::gateway
