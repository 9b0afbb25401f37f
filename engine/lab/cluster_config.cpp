#include "cluster_config.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace streamscope::lab {

namespace {

/// A hundred years; more does not fit into virtual time.
constexpr int64_t kMillisecondsMax = 3'155'760'000'000;

std::optional<int64_t> parseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr std::string_view kUncleanKey = "unclean.leader.election.enable";

bool isBoolean(std::string_view key) {
  return key == kUncleanKey || key == "auto.leader.rebalance.enable";
}

/// Configs only the controller obeys.
enum class ControllerKey { Unknown, Taken, Refused };

/// controller.quorum.*
template <class Set, class Convert>
ControllerKey setQuorum(controller::ControllerConfig& config, const std::string& key, const Set& set,
                        const Convert& milliseconds) {
  const std::pair<const char*, base::Duration controller::ControllerConfig::*> durations[] = {
      {"controller.quorum.election.timeout.ms", &controller::ControllerConfig::quorumElectionTimeout},
      {"controller.quorum.fetch.timeout.ms", &controller::ControllerConfig::quorumFetchTimeout},
      {"controller.quorum.election.backoff.max.ms", &controller::ControllerConfig::quorumElectionBackoffMax},
      {"controller.quorum.request.timeout.ms", &controller::ControllerConfig::quorumRequestTimeout},
      {"controller.quorum.retry.backoff.ms", &controller::ControllerConfig::quorumRetryBackoff}};
  for (const auto& [name, member] : durations)
    if (key == name) return set(config.*member, 1, INT32_MAX, milliseconds);
  return ControllerKey::Unknown;
}

ControllerKey setController(controller::ControllerConfig& config, const std::string& key, const std::string& value) {
  if (isBoolean(key)) {
    if (value != "true" && value != "false") return ControllerKey::Refused;
    (key == kUncleanKey ? config.uncleanLeaderElectionEnable : config.autoLeaderRebalanceEnable) = value == "true";
    return ControllerKey::Taken;
  }
  const std::optional<int64_t> number = parseInteger(value);
  const auto set = [&number](auto& member, int64_t min, int64_t max, auto convert) {
    if (!number || *number < min || *number > max) return ControllerKey::Refused;
    member = convert(*number);
    return ControllerKey::Taken;
  };
  const auto milliseconds = [](int64_t count) { return base::Duration(std::chrono::milliseconds(count)); };
  if (key == "leader.imbalance.check.interval.seconds")
    return set(config.leaderImbalanceCheckInterval, 1, INT32_MAX,
               [](int64_t count) { return base::Duration(std::chrono::seconds(count)); });
  if (key == "broker.session.timeout.ms") return set(config.brokerSessionTimeout, 1, INT32_MAX, milliseconds);
  if (key == "metadata.max.idle.interval.ms") return set(config.metadataMaxIdleInterval, 1, INT32_MAX, milliseconds);
  if (key == "metadata.log.max.snapshot.interval.ms")
    return set(config.metadataLogMaxSnapshotInterval, 0, kMillisecondsMax, milliseconds);
  if (key == "metadata.log.max.record.bytes.between.snapshots")
    return set(config.metadataLogMaxRecordBytesBetweenSnapshots, 1, INT64_MAX, [](int64_t bytes) { return bytes; });
  if (key == "metadata.max.retention.bytes")
    return set(config.metadataMaxRetentionBytes, -1, INT64_MAX, [](int64_t bytes) { return bytes; });
  if (key == "metadata.max.retention.ms") return set(config.metadataMaxRetention, 1, kMillisecondsMax, milliseconds);
  if (key == "metadata.log.segment.bytes")
    return set(config.metadataLogSegmentBytes, 12, INT32_MAX,
               [](int64_t bytes) { return static_cast<int32_t>(bytes); });
  return setQuorum(config, key, set, milliseconds);
}

}  // namespace

base::Result<ClusterConfig> makeClusterConfig(const std::map<std::string, std::string>& configs) {
  ClusterConfig cluster;
  for (const auto& [key, value] : configs) {
    const ControllerKey taken = setController(cluster.controller, key, value);
    if (taken == ControllerKey::Refused)
      return base::fail(
          base::ErrorCode::INVALID_CONFIG,
          "Config " + key + " is \"" + value + "\"; it must be " +
              (isBoolean(key) ? "true or false." : "a number from 1 on, milliseconds, seconds or bytes."));
    if (taken == ControllerKey::Taken) continue;
    if (const base::Status set = cluster.broker.set(key, value); !set) return base::fail(set.error());
  }
  cluster.broker.given = configs;
  // What both obey, brokers and controller must agree on.
  cluster.controller.numPartitions = cluster.broker.numPartitions;
  cluster.controller.defaultReplicationFactor = cluster.broker.defaultReplicationFactor;
  cluster.controller.minInsyncReplicas = cluster.broker.minInsyncReplicas;
  return cluster;
}

}  // namespace streamscope::lab
