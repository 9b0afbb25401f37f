#include "topic_config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

namespace streamscope::controller {

namespace {

constexpr int64_t kNoMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kNoMax = std::numeric_limits<int64_t>::max();

enum class Type : uint8_t { Int, Long, Double, Boolean, OneOf, ListOf, ThrottledReplicas };

struct Definition {
  std::string_view name;
  Type type;
  std::string_view defaultValue;
  int64_t min = kNoMin;
  int64_t max = kNoMax;
  /// OneOf and ListOf: separated by ", ", as they stand in the refusal.
  std::string_view allowed = {};
  /// Allowed although it is outside [min, max].
  std::optional<int64_t> alsoAllowed = std::nullopt;
  /// Not told to clients.
  bool internal = false;
};

/// Kafka 4.3.1's topic configs (LogConfig), sorted by name.
constexpr std::array<Definition, 34> kDefinitions{{
    {"cleanup.policy", Type::ListOf, "delete", kNoMin, kNoMax, "compact, delete"},
    {"compression.gzip.level", Type::Int, "-1", 1, 9, {}, -1},
    {"compression.lz4.level", Type::Int, "9", 1, 17},
    {"compression.type", Type::OneOf, "producer", kNoMin, kNoMax, "uncompressed, zstd, lz4, snappy, gzip, producer"},
    {"compression.zstd.level", Type::Int, "3", -131072, 22},
    {"delete.retention.ms", Type::Long, "86400000", 0},
    {"file.delete.delay.ms", Type::Long, "60000", 0},
    {"flush.messages", Type::Long, "9223372036854775807", 1},
    {"flush.ms", Type::Long, "9223372036854775807", 0},
    {"follower.replication.throttled.replicas", Type::ThrottledReplicas, ""},
    {"index.interval.bytes", Type::Int, "4096", 0},
    {"internal.segment.bytes", Type::Int, "", kNoMin, kNoMax, {}, std::nullopt, true},
    {"leader.replication.throttled.replicas", Type::ThrottledReplicas, ""},
    {"local.retention.bytes", Type::Long, "-2", -2},
    {"local.retention.ms", Type::Long, "-2", -2},
    {"max.compaction.lag.ms", Type::Long, "9223372036854775807", 1},
    {"max.message.bytes", Type::Int, "1048588", 0},
    {"message.timestamp.after.max.ms", Type::Long, "3600000", 0},
    {"message.timestamp.before.max.ms", Type::Long, "9223372036854775807", 0},
    {"message.timestamp.type", Type::OneOf, "CreateTime", kNoMin, kNoMax, "CreateTime, LogAppendTime"},
    {"min.cleanable.dirty.ratio", Type::Double, "0.5", 0, 1},
    {"min.compaction.lag.ms", Type::Long, "0", 0},
    {"min.insync.replicas", Type::Int, "1", 1},
    {"preallocate", Type::Boolean, "false"},
    {"remote.log.copy.disable", Type::Boolean, "false"},
    {"remote.log.delete.on.disable", Type::Boolean, "false"},
    {"remote.storage.enable", Type::Boolean, "false"},
    {"retention.bytes", Type::Long, "-1"},
    {"retention.ms", Type::Long, "604800000", -1},
    {"segment.bytes", Type::Int, "1073741824", 1048576},
    {"segment.index.bytes", Type::Int, "10485760", 4},
    {"segment.jitter.ms", Type::Long, "0", 0},
    {"segment.ms", Type::Long, "604800000", 1},
    {"unclean.leader.election.enable", Type::Boolean, "false"},
}};

const Definition* findDefinition(std::string_view name) {
  const auto found =
      std::find_if(kDefinitions.begin(), kDefinitions.end(), [&](const Definition& each) { return each.name == name; });
  return found == kDefinitions.end() ? nullptr : &*found;
}

std::string_view trimmed(std::string_view text) {
  const auto isSpace = [](char each) { return each == ' ' || (each >= '\t' && each <= '\r'); };
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

template <class Number>
std::optional<Number> parseNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

base::Status refuse(const Definition& definition, std::string_view value, const std::string& why) {
  return base::fail(base::ErrorCode::INVALID_CONFIG, "Invalid value " + std::string(value) + " for configuration " +
                                                         std::string(definition.name) + ": " + why);
}

base::Status checkInteger(const Definition& definition, std::string_view value) {
  const bool isInt = definition.type == Type::Int;
  const std::optional<int64_t> number = parseNumber<int64_t>(value);
  const bool fits =
      number &&
      (!isInt || (*number >= std::numeric_limits<int32_t>::min() && *number <= std::numeric_limits<int32_t>::max()));
  if (!fits) return refuse(definition, value, std::string("Not a number of type ") + (isInt ? "INT" : "LONG"));
  if (number == definition.alsoAllowed) return {};
  if (*number >= definition.min && *number <= definition.max) return {};
  if (definition.alsoAllowed) {
    return refuse(definition, value,
                  "Value must be between " + std::to_string(definition.min) + " and " + std::to_string(definition.max) +
                      " or equal to " + std::to_string(*definition.alsoAllowed));
  }
  if (*number < definition.min)
    return refuse(definition, value, "Value must be at least " + std::to_string(definition.min));
  return refuse(definition, value, "Value must be no more than " + std::to_string(definition.max));
}

base::Status checkDouble(const Definition& definition, std::string_view value) {
  const std::optional<double> number = parseNumber<double>(value);
  if (!number) return refuse(definition, value, "Not a number of type DOUBLE");
  if (*number < static_cast<double>(definition.min))
    return refuse(definition, value, "Value must be at least " + std::to_string(definition.min));
  // Written this way round so that NaN is refused too.
  if (!(*number <= static_cast<double>(definition.max)))
    return refuse(definition, value, "Value must be no more than " + std::to_string(definition.max));
  return {};
}

bool isOneOf(const Definition& definition, std::string_view value) {
  const auto allowed = split(definition.allowed, ", ");
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

base::Status checkList(const Definition& definition, std::string_view value) {
  if (value.empty()) return {};
  for (const std::string_view part : split(value, ",")) {
    if (!isOneOf(definition, trimmed(part))) {
      return refuse(definition, trimmed(part), "String must be one of: " + std::string(definition.allowed));
    }
  }
  return {};
}

base::Status checkThrottledReplicas(const Definition& definition, std::string_view value) {
  if (value.empty() || value == "*") return {};
  for (const std::string_view part : split(value, ",")) {
    const auto ids = split(trimmed(part), ":");
    if (ids.size() != 2 || !parseNumber<uint32_t>(ids[0]) || !parseNumber<uint32_t>(ids[1])) {
      return refuse(definition, value,
                    std::string(definition.name) +
                        " must be the literal '*' or a list of replicas in the following format: "
                        "[partitionId]:[brokerId],[partitionId]:[brokerId],...");
    }
  }
  return {};
}

bool equalsIgnoringCase(std::string_view value, std::string_view lowerCase) {
  return std::equal(value.begin(), value.end(), lowerCase.begin(), lowerCase.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

bool isTrue(std::string_view value) {
  return equalsIgnoringCase(value, "true");
}

base::Status checkValue(const Definition& definition, std::string_view value) {
  switch (definition.type) {
    case Type::Int:
    case Type::Long:
      return checkInteger(definition, value);
    case Type::Double:
      return checkDouble(definition, value);
    case Type::Boolean:
      if (isTrue(value) || equalsIgnoringCase(value, "false")) return {};
      return refuse(definition, value, "Expected value to be either true or false");
    case Type::OneOf:
      if (isOneOf(definition, value)) return {};
      return refuse(definition, value, "String must be one of: " + std::string(definition.allowed));
    case Type::ListOf:
      return checkList(definition, value);
    case Type::ThrottledReplicas:
      return checkThrottledReplicas(definition, value);
  }
  return {};
}

}  // namespace

base::Status validateTopicConfigs(const TopicConfigs& configs) {
  for (const auto& [name, value] : configs) {
    if (findDefinition(name) == nullptr)
      return base::fail(base::ErrorCode::INVALID_CONFIG, "Unknown topic config name: " + name);
  }
  for (const auto& [name, value] : configs) {
    if (const base::Status checked = checkValue(*findDefinition(name), trimmed(value)); !checked) return checked;
  }
  if (const auto remote = configs.find("remote.storage.enable");
      remote != configs.end() && isTrue(trimmed(remote->second))) {
    return base::fail(base::ErrorCode::INVALID_CONFIG,
                      "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote "
                      "log storage.");
  }
  return {};
}

std::vector<EffectiveConfig> effectiveTopicConfigs(const TopicConfigs& configs, const ControllerConfig& defaults) {
  const ControllerConfig kafkaDefaults;
  std::vector<EffectiveConfig> effective;
  for (const Definition& definition : kDefinitions) {
    if (definition.internal) continue;
    EffectiveConfig config{std::string(definition.name), std::string(definition.defaultValue)};
    if (const auto set = configs.find(config.name); set != configs.end()) {
      config.value = set->second;
      config.source = ConfigSource::TopicConfig;
    } else if (definition.name == "min.insync.replicas" &&
               defaults.minInsyncReplicas != kafkaDefaults.minInsyncReplicas) {
      config.value = std::to_string(defaults.minInsyncReplicas);
      config.source = ConfigSource::StaticBrokerConfig;
    } else if (definition.name == "unclean.leader.election.enable" && defaults.uncleanLeaderElectionEnable) {
      config.value = "true";
      config.source = ConfigSource::StaticBrokerConfig;
    }
    effective.push_back(std::move(config));
  }
  return effective;
}

bool uncleanLeaderElectionEnabled(const TopicConfigs& configs, const ControllerConfig& defaults) {
  if (defaults.bugs.has(base::KnownBug::UncleanElection)) return true;
  const auto set = configs.find("unclean.leader.election.enable");
  return set == configs.end() ? defaults.uncleanLeaderElectionEnable : isTrue(trimmed(set->second));
}

}  // namespace streamscope::controller
