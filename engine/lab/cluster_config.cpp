#include "cluster_config.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace streamscope::lab {

namespace {

std::optional<int64_t> parseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Configs only the controller obeys.
enum class ControllerKey { Unknown, Taken, Refused };
ControllerKey setController(controller::ControllerConfig& config, const std::string& key, const std::string& value) {
  if (key == "unclean.leader.election.enable") {
    if (value != "true" && value != "false") return ControllerKey::Refused;
    config.uncleanLeaderElectionEnable = value == "true";
    return ControllerKey::Taken;
  }
  const bool isKnown = key == "broker.session.timeout.ms" || key == "metadata.max.idle.interval.ms";
  if (!isKnown) return ControllerKey::Unknown;
  const std::optional<int64_t> number = parseInteger(value);
  if (!number || *number < 1 || *number > INT32_MAX) return ControllerKey::Refused;
  const base::Duration duration = std::chrono::milliseconds(*number);
  if (key == "broker.session.timeout.ms")
    config.brokerSessionTimeout = duration;
  else
    config.metadataMaxIdleInterval = duration;
  return ControllerKey::Taken;
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
              (key == "unclean.leader.election.enable" ? "true or false." : "a number of milliseconds from 1 on."));
    if (taken == ControllerKey::Taken) continue;
    if (const base::Status set = cluster.broker.set(key, value); !set) return base::fail(set.error());
  }
  // What both obey, brokers and controller must agree on.
  cluster.controller.numPartitions = cluster.broker.numPartitions;
  cluster.controller.defaultReplicationFactor = cluster.broker.defaultReplicationFactor;
  cluster.controller.minInsyncReplicas = cluster.broker.minInsyncReplicas;
  return cluster;
}

}  // namespace streamscope::lab
