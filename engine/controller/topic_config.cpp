#include "topic_config.h"

#include "controller/config_definition.h"

namespace streamscope::controller {

base::Status validateTopicConfigs(const TopicConfigs& configs) {
  for (const auto& [name, value] : configs) {
    if (findTopicConfig(name) == nullptr)
      return base::fail(base::ErrorCode::INVALID_CONFIG, "Unknown topic config name: " + name);
  }
  for (const auto& [name, value] : configs) {
    if (const base::Status checked = checkConfigValue(*findTopicConfig(name), value); !checked) return checked;
  }
  if (const auto remote = configs.find("remote.storage.enable");
      remote != configs.end() && isTrueConfig(trimmedConfig(remote->second))) {
    return base::fail(base::ErrorCode::INVALID_CONFIG,
                      "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote "
                      "log storage.");
  }
  return {};
}

std::vector<EffectiveConfig> effectiveTopicConfigs(const TopicConfigs& configs, const ControllerConfig& defaults) {
  const ControllerConfig kafkaDefaults;
  std::vector<EffectiveConfig> effective;
  for (const ConfigDefinition& definition : topicConfigDefinitions()) {
    if (definition.isInternal) continue;
    EffectiveConfig config{std::string(definition.name), std::string(definition.defaultValue.value_or(""))};
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

bool uncleanLeaderElectionEnabled(const MetadataImage& image, const std::string& topic,
                                  const ControllerConfig& defaults) {
  if (defaults.bugs.has(base::KnownBug::UncleanElection)) return true;
  for (const TopicConfigs* configs : {&image.topicConfigs(topic), &image.configs(ConfigResourceType::Broker, "")}) {
    const auto set = configs->find("unclean.leader.election.enable");
    if (set != configs->end()) return isTrueConfig(trimmedConfig(set->second));
  }
  return defaults.uncleanLeaderElectionEnable;
}

}  // namespace streamscope::controller
