#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "broker/broker_config.h"
#include "controller/controller_node.h"

namespace streamscope::lab {

/// Kafka's configs for all nodes of a lab, sorted into those of brokers and those of the controller.
struct ClusterConfig {
  broker::BrokerConfig broker;
  controller::ControllerConfig controller;
};

/// INVALID_CONFIG with a sentence that names the key, the value and what is allowed.
base::Result<ClusterConfig> makeClusterConfig(const std::map<std::string, std::string>& configs);

}  // namespace streamscope::lab
