#include "dynamic_broker_config.h"

#include <string>

namespace streamscope::broker {

BrokerConfig withDynamicConfigs(const BrokerConfig& started, const controller::MetadataImage& image) {
  BrokerConfig config = started;
  for (const std::string& name : {std::string(), std::to_string(started.nodeId)}) {
    for (const auto& [key, value] : image.configs(controller::ConfigResourceType::Broker, name))
      static_cast<void>(config.set(key, value));
  }
  return config;
}

}  // namespace streamscope::broker
