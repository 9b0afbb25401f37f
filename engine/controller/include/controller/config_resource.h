#pragma once

#include <cstdint>

namespace streamscope::controller {

/// What configs are of (Kafka: ConfigResource.Type). Of a topic by its name; of a broker by its id, or by the empty
/// name for the default of all brokers.
enum class ConfigResourceType : int8_t {
  Unknown = 0,
  Topic = 2,
  Broker = 4,
  BrokerLogger = 8,
  ClientMetrics = 16,
  Group = 32
};

}  // namespace streamscope::controller
