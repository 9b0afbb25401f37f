#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace streamscope::controller {

/// Kafka: ConfigDef.Type.
enum class ConfigType : uint8_t { Boolean, String, Int, Short, Long, Double, List, Class, Password };

/// When a broker's config may change (Kafka: DynamicBrokerConfig): never while it runs; at each broker alone; at each
/// or for all.
enum class ConfigScope : uint8_t { ReadOnly, PerBroker, ClusterWide };

/// One config as Kafka 4.3.1 defines it.
struct ConfigDefinition {
  static constexpr int64_t kNoMin = std::numeric_limits<int64_t>::min();
  static constexpr int64_t kNoMax = std::numeric_limits<int64_t>::max();

  std::string_view name;
  ConfigType type = ConfigType::String;
  /// None: null.
  std::optional<std::string_view> defaultValue;
  int64_t min = kNoMin;
  int64_t max = kNoMax;
  /// Of a string or of each element of a list: separated by ", ", as they stand in the refusal. Empty: anything.
  std::string_view allowed = {};
  /// Allowed although it is outside [min, max].
  std::optional<int64_t> alsoAllowed = std::nullopt;
  /// Not told to clients.
  bool isInternal = false;
  /// Partitions and brokers whose replication is throttled ("0:1,1:2" or "*").
  bool isThrottledReplicas = false;
  /// Of a topic's config: the broker's that stands in for it where the topic has none (Kafka:
  /// ServerTopicConfigSynonyms).
  std::string_view brokerName = {};
  /// Of a broker's config.
  ConfigScope scope = ConfigScope::ReadOnly;
};

/// Sorted by name.
std::span<const ConfigDefinition> topicConfigDefinitions();
std::span<const ConfigDefinition> brokerConfigDefinitions();
/// Null for a name Kafka does not know.
const ConfigDefinition* findTopicConfig(std::string_view name);
const ConfigDefinition* findBrokerConfig(std::string_view name);

/// Refuses what Kafka does not accept as a value: INVALID_CONFIG with Kafka's sentence. Source: Kafka's ConfigDef.
base::Status checkConfigValue(const ConfigDefinition& definition, std::string_view value);

/// Kafka trims values and takes "True" for "true".
std::string_view trimmedConfig(std::string_view value);
bool isTrueConfig(std::string_view value);

}  // namespace streamscope::controller
