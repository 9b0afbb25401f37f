#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "controller/controller_node.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

/// Topic configs by Kafka's keys ("retention.ms").
using TopicConfigs = std::map<std::string, std::string>;

/// Refuses keys Kafka 4.3.1 does not know and values it does not accept: INVALID_CONFIG with Kafka's sentence, which
/// names the key, the value and what is allowed. Source: Kafka's LogConfig and ConfigDef.
base::Status validateTopicConfigs(const TopicConfigs& configs);

/// Where the value of a config comes from (Kafka: DescribeConfigsResponse.ConfigSource).
enum class ConfigSource : int8_t { TopicConfig = 1, StaticBrokerConfig = 4, DefaultConfig = 5 };

struct EffectiveConfig {
  std::string name;
  std::string value;
  ConfigSource source = ConfigSource::DefaultConfig;
};

/// Every topic config with the value a topic with `configs` would have, sorted by name.
std::vector<EffectiveConfig> effectiveTopicConfigs(const TopicConfigs& configs, const ControllerConfig& defaults);

/// unclean.leader.election.enable of a topic: its own, else the brokers' dynamic default, else the static one.
bool uncleanLeaderElectionEnabled(const MetadataImage& image, const std::string& topic,
                                  const ControllerConfig& defaults);

}  // namespace streamscope::controller
