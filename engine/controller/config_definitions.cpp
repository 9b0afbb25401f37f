#include <algorithm>
#include <array>

#include "controller/config_definition.h"

// The definitions of Kafka 4.3.1, topics' and brokers'.

namespace streamscope::controller {

namespace {

constexpr int64_t kNoMin = ConfigDefinition::kNoMin;
constexpr int64_t kNoMax = ConfigDefinition::kNoMax;

/// Source: LogConfig, ServerTopicConfigSynonyms.
constexpr std::array kTopicConfigs{
    ConfigDefinition{.name = "cleanup.policy",
                     .type = ConfigType::List,
                     .defaultValue = "delete",
                     .allowed = "compact, delete",
                     .brokerName = "log.cleanup.policy"},
    ConfigDefinition{.name = "compression.gzip.level",
                     .type = ConfigType::Int,
                     .defaultValue = "-1",
                     .min = 1,
                     .max = 9,
                     .alsoAllowed = -1,
                     .brokerName = "compression.gzip.level"},
    ConfigDefinition{.name = "compression.lz4.level",
                     .type = ConfigType::Int,
                     .defaultValue = "9",
                     .min = 1,
                     .max = 17,
                     .brokerName = "compression.lz4.level"},
    ConfigDefinition{.name = "compression.type",
                     .type = ConfigType::String,
                     .defaultValue = "producer",
                     .allowed = "uncompressed, zstd, lz4, snappy, gzip, producer",
                     .brokerName = "compression.type"},
    ConfigDefinition{.name = "compression.zstd.level",
                     .type = ConfigType::Int,
                     .defaultValue = "3",
                     .min = -131072,
                     .max = 22,
                     .brokerName = "compression.zstd.level"},
    ConfigDefinition{.name = "delete.retention.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "86400000",
                     .min = 0,
                     .brokerName = "log.cleaner.delete.retention.ms"},
    ConfigDefinition{.name = "file.delete.delay.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "60000",
                     .min = 0,
                     .brokerName = "log.segment.delete.delay.ms"},
    ConfigDefinition{.name = "flush.messages",
                     .type = ConfigType::Long,
                     .defaultValue = "9223372036854775807",
                     .min = 1,
                     .brokerName = "log.flush.interval.messages"},
    ConfigDefinition{.name = "flush.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "9223372036854775807",
                     .min = 0,
                     .brokerName = "log.flush.interval.ms"},
    ConfigDefinition{.name = "follower.replication.throttled.replicas",
                     .type = ConfigType::List,
                     .defaultValue = "",
                     .isThrottledReplicas = true},
    ConfigDefinition{.name = "index.interval.bytes",
                     .type = ConfigType::Int,
                     .defaultValue = "4096",
                     .min = 0,
                     .brokerName = "log.index.interval.bytes"},
    ConfigDefinition{
        .name = "internal.segment.bytes", .type = ConfigType::Int, .defaultValue = std::nullopt, .isInternal = true},
    ConfigDefinition{.name = "leader.replication.throttled.replicas",
                     .type = ConfigType::List,
                     .defaultValue = "",
                     .isThrottledReplicas = true},
    ConfigDefinition{.name = "local.retention.bytes",
                     .type = ConfigType::Long,
                     .defaultValue = "-2",
                     .min = -2,
                     .brokerName = "log.local.retention.bytes"},
    ConfigDefinition{.name = "local.retention.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "-2",
                     .min = -2,
                     .brokerName = "log.local.retention.ms"},
    ConfigDefinition{.name = "max.compaction.lag.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "9223372036854775807",
                     .min = 1,
                     .brokerName = "log.cleaner.max.compaction.lag.ms"},
    ConfigDefinition{.name = "max.message.bytes",
                     .type = ConfigType::Int,
                     .defaultValue = "1048588",
                     .min = 0,
                     .brokerName = "message.max.bytes"},
    ConfigDefinition{.name = "message.timestamp.after.max.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "3600000",
                     .min = 0,
                     .brokerName = "log.message.timestamp.after.max.ms"},
    ConfigDefinition{.name = "message.timestamp.before.max.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "9223372036854775807",
                     .min = 0,
                     .brokerName = "log.message.timestamp.before.max.ms"},
    ConfigDefinition{.name = "message.timestamp.type",
                     .type = ConfigType::String,
                     .defaultValue = "CreateTime",
                     .allowed = "CreateTime, LogAppendTime",
                     .brokerName = "log.message.timestamp.type"},
    ConfigDefinition{.name = "min.cleanable.dirty.ratio",
                     .type = ConfigType::Double,
                     .defaultValue = "0.5",
                     .min = 0,
                     .max = 1,
                     .brokerName = "log.cleaner.min.cleanable.ratio"},
    ConfigDefinition{.name = "min.compaction.lag.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "0",
                     .min = 0,
                     .brokerName = "log.cleaner.min.compaction.lag.ms"},
    ConfigDefinition{.name = "min.insync.replicas",
                     .type = ConfigType::Int,
                     .defaultValue = "1",
                     .min = 1,
                     .brokerName = "min.insync.replicas"},
    ConfigDefinition{
        .name = "preallocate", .type = ConfigType::Boolean, .defaultValue = "false", .brokerName = "log.preallocate"},
    ConfigDefinition{.name = "remote.log.copy.disable", .type = ConfigType::Boolean, .defaultValue = "false"},
    ConfigDefinition{.name = "remote.log.delete.on.disable", .type = ConfigType::Boolean, .defaultValue = "false"},
    ConfigDefinition{.name = "remote.storage.enable", .type = ConfigType::Boolean, .defaultValue = "false"},
    ConfigDefinition{
        .name = "retention.bytes", .type = ConfigType::Long, .defaultValue = "-1", .brokerName = "log.retention.bytes"},
    ConfigDefinition{.name = "retention.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "604800000",
                     .min = -1,
                     .brokerName = "log.retention.ms"},
    ConfigDefinition{.name = "segment.bytes",
                     .type = ConfigType::Int,
                     .defaultValue = "1073741824",
                     .min = 1048576,
                     .brokerName = "log.segment.bytes"},
    ConfigDefinition{.name = "segment.index.bytes",
                     .type = ConfigType::Int,
                     .defaultValue = "10485760",
                     .min = 4,
                     .brokerName = "log.index.size.max.bytes"},
    ConfigDefinition{.name = "segment.jitter.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "0",
                     .min = 0,
                     .brokerName = "log.roll.jitter.ms"},
    ConfigDefinition{.name = "segment.ms",
                     .type = ConfigType::Long,
                     .defaultValue = "604800000",
                     .min = 1,
                     .brokerName = "log.roll.ms"},
    ConfigDefinition{.name = "unclean.leader.election.enable",
                     .type = ConfigType::Boolean,
                     .defaultValue = "false",
                     .brokerName = "unclean.leader.election.enable"},
};

constexpr ConfigDefinition readOnly(ConfigDefinition definition) {
  return definition;
}
constexpr ConfigDefinition perBroker(ConfigDefinition definition) {
  definition.scope = ConfigScope::PerBroker;
  return definition;
}
constexpr ConfigDefinition clusterWide(ConfigDefinition definition) {
  definition.scope = ConfigScope::ClusterWide;
  return definition;
}
constexpr ConfigDefinition internal(ConfigDefinition definition) {
  definition.isInternal = true;
  return definition;
}

constexpr std::array kBrokerConfigs{
#include "broker_config_definitions.inc"
};

const ConfigDefinition* find(std::span<const ConfigDefinition> definitions, std::string_view name) {
  const auto found =
      std::lower_bound(definitions.begin(), definitions.end(), name,
                       [](const ConfigDefinition& each, std::string_view key) { return each.name < key; });
  return found == definitions.end() || found->name != name ? nullptr : &*found;
}

}  // namespace

std::span<const ConfigDefinition> topicConfigDefinitions() {
  return kTopicConfigs;
}

std::span<const ConfigDefinition> brokerConfigDefinitions() {
  return kBrokerConfigs;
}

const ConfigDefinition* findTopicConfig(std::string_view name) {
  return find(kTopicConfigs, name);
}

const ConfigDefinition* findBrokerConfig(std::string_view name) {
  return find(kBrokerConfigs, name);
}

}  // namespace streamscope::controller
