#pragma once

#include <map>
#include <string>

#include "broker/broker_config.h"
#include "log/log_config.h"

namespace streamscope::broker {

/// What a topic's partitions obey: the broker's defaults, overridden by the configs set on the topic.
struct TopicConfig {
  log::LogConfig log;
  int32_t minInsyncReplicas = 1;

  bool operator==(const TopicConfig&) const = default;
};

/// Maps Kafka's topic keys ("segment.bytes") over the broker's values (`log.segment.bytes`). The controller has refused
/// what is not valid; a key or value unknown here changes nothing.
TopicConfig topicConfigOf(const BrokerConfig& broker, const std::map<std::string, std::string>& topicConfigs);

}  // namespace streamscope::broker
