#include "config_description.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

namespace streamscope::broker {

using controller::ConfigDefinition;
using controller::ConfigResourceType;
using controller::ConfigScope;
using controller::ConfigType;

namespace {

/// Kafka: DescribeConfigsResponse.ConfigSource.
constexpr int8_t kTopicConfig = 1;
constexpr int8_t kDynamicBrokerConfig = 2;
constexpr int8_t kDynamicDefaultBrokerConfig = 3;
constexpr int8_t kStaticBrokerConfig = 4;
constexpr int8_t kDefaultConfig = 5;

/// Kafka: DescribeConfigsResponse.ConfigType.
int8_t wireType(ConfigType type) {
  switch (type) {
    case ConfigType::Boolean:
      return 1;
    case ConfigType::String:
      return 2;
    case ConfigType::Int:
      return 3;
    case ConfigType::Short:
      return 4;
    case ConfigType::Long:
      return 5;
    case ConfigType::Double:
      return 6;
    case ConfigType::List:
      return 7;
    case ConfigType::Class:
      return 8;
    case ConfigType::Password:
      return 9;
  }
  return 0;
}

/// The same config in finer units comes first (Kafka: DynamicBrokerConfig.brokerConfigSynonyms).
std::vector<std::string_view> namesOf(std::string_view name) {
  static constexpr std::string_view kRetention[] = {"log.retention.ms", "log.retention.minutes", "log.retention.hours"};
  static constexpr std::string_view kRoll[] = {"log.roll.ms", "log.roll.hours"};
  static constexpr std::string_view kRollJitter[] = {"log.roll.jitter.ms", "log.roll.jitter.hours"};
  for (const std::span<const std::string_view> family :
       {std::span<const std::string_view>(kRetention), std::span<const std::string_view>(kRoll),
        std::span<const std::string_view>(kRollJitter)})
    if (std::find(family.begin(), family.end(), name) != family.end()) return {family.begin(), family.end()};
  if (name == "log.flush.interval.ms") return {name, "log.flush.scheduler.interval.ms"};
  return {name};
}

/// "2" hours are 7200000 of what a topic's config counts.
std::string inTopicUnits(std::string_view name, const std::string& value) {
  const int64_t unitMs = name.ends_with(".hours") ? 3'600'000 : name.ends_with(".minutes") ? 60'000 : 1;
  int64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (unitMs == 1 || failure != std::errc() || end != value.data() + value.size()) return value;
  return std::to_string(number < 0 ? -1 : number * unitMs);
}

bool isSensitive(const ConfigDefinition& definition) {
  return definition.type == ConfigType::Password;
}

/// Limits of replication (Kafka: QuotaConfig): nothing a broker starts with, there only once they are set.
bool isOnlyDynamic(std::string_view name) {
  return name == "leader.replication.throttled.rate" || name == "follower.replication.throttled.rate" ||
         name == "replica.alter.log.dirs.io.max.bytes.per.second";
}

std::map<std::string, std::string> startedWith(const BrokerConfig& config) {
  std::map<std::string, std::string> started = config.given;
  started["broker.id"] = started["node.id"] = std::to_string(config.nodeId);
  started["process.roles"] = "broker";
  if (config.rack) started["broker.rack"] = *config.rack;
  if (config.advertisedPort != 0)
    started["advertised.listeners"] =
        "PLAINTEXT://" + config.advertisedHost + ":" + std::to_string(config.advertisedPort);
  return started;
}

}  // namespace

ConfigDescription::ConfigDescription(const BrokerConfig& config, const controller::MetadataImage& image)
    : m_image(image),
      m_dynamicOfThis(image.configs(ConfigResourceType::Broker, std::to_string(config.nodeId))),
      m_dynamicOfAll(image.configs(ConfigResourceType::Broker, "")),
      m_started(startedWith(config)) {}

std::vector<ConfigDescription::Entry> ConfigDescription::ofTopic(const std::string& topic) const {
  const Configs& set = m_image.topicConfigs(topic);
  std::vector<Entry> entries;
  for (const ConfigDefinition& definition : controller::topicConfigDefinitions())
    if (!definition.isInternal) entries.push_back(describeTopicConfig(definition, set));
  return entries;
}

std::vector<ConfigDescription::Entry> ConfigDescription::ofBroker() const {
  std::vector<Entry> entries;
  for (const ConfigDefinition& definition : controller::brokerConfigDefinitions())
    if (!definition.isInternal) entries.push_back(describeBrokerConfig(definition, /*isOfThisBroker=*/true));
  std::erase_if(entries, [](const Entry& entry) { return isOnlyDynamic(entry.name) && entry.synonyms.empty(); });
  for (const auto& [name, value] : m_dynamicOfThis)
    if (controller::findBrokerConfig(name) == nullptr) entries.push_back(describeUnknown(name, kDynamicBrokerConfig));
  return entries;
}

std::vector<ConfigDescription::Entry> ConfigDescription::ofAllBrokers() const {
  std::vector<Entry> entries;
  for (const auto& [name, value] : m_dynamicOfAll) {
    const ConfigDefinition* definition = controller::findBrokerConfig(name);
    entries.push_back(definition == nullptr ? describeUnknown(name, kDynamicDefaultBrokerConfig)
                                            : describeBrokerConfig(*definition, /*isOfThisBroker=*/false));
  }
  return entries;
}

ConfigDescription::Entry ConfigDescription::describeTopicConfig(const ConfigDefinition& definition,
                                                                const Configs& set) const {
  Entry entry;
  entry.name = definition.name;
  entry.configType = wireType(definition.type);
  if (!definition.brokerName.empty()) entry.synonyms = synonymsOf(definition.brokerName, /*isOfThisBroker=*/true);
  const auto own = set.find(entry.name);
  if (own != set.end()) {
    entry.value = own->second;
    entry.synonyms.insert(entry.synonyms.begin(), {entry.name, entry.value, kTopicConfig});
  } else {
    entry.value = inheritedValue(definition.brokerName);
    if (!entry.value) entry.value = std::string(definition.defaultValue.value_or(""));
  }
  entry.configSource = entry.synonyms.empty() ? kDefaultConfig : entry.synonyms.front().source;
  return entry;
}

ConfigDescription::Entry ConfigDescription::describeBrokerConfig(const ConfigDefinition& definition,
                                                                 bool isOfThisBroker) const {
  Entry entry;
  entry.name = definition.name;
  entry.configType = wireType(definition.type);
  entry.isSensitive = isSensitive(definition);
  entry.readOnly = definition.scope == ConfigScope::ReadOnly;
  entry.synonyms = synonymsOf(definition.name, isOfThisBroker);
  entry.configSource = entry.synonyms.empty() ? kDefaultConfig : entry.synonyms.front().source;
  const bool isOwn = !entry.synonyms.empty() && entry.synonyms.front().name == definition.name;
  if (isOwn && !entry.isSensitive) entry.value = entry.synonyms.front().value;
  return entry;
}

/// Kafka takes what it does not know for a secret.
ConfigDescription::Entry ConfigDescription::describeUnknown(const std::string& name, int8_t source) const {
  Entry entry;
  entry.name = name;
  entry.isSensitive = true;
  entry.readOnly = true;
  entry.configSource = source;
  entry.synonyms.push_back({name, std::nullopt, source});
  return entry;
}

std::vector<ConfigDescription::Synonym> ConfigDescription::synonymsOf(std::string_view brokerConfig,
                                                                      bool isOfThisBroker) const {
  std::vector<Synonym> synonyms;
  const auto addFrom = [&](const Configs& configs, int8_t source) {
    for (const std::string_view name : namesOf(brokerConfig)) {
      const auto set = configs.find(std::string(name));
      if (set == configs.end()) continue;
      const ConfigDefinition* definition = controller::findBrokerConfig(name);
      const bool isSecret = definition == nullptr || isSensitive(*definition);
      synonyms.push_back({std::string(name), isSecret ? std::nullopt : std::optional(set->second), source});
    }
  };
  if (isOfThisBroker) addFrom(m_dynamicOfThis, kDynamicBrokerConfig);
  addFrom(m_dynamicOfAll, kDynamicDefaultBrokerConfig);
  if (isOfThisBroker) {
    addFrom(m_started, kStaticBrokerConfig);
    for (const std::string_view name : namesOf(brokerConfig)) {
      const ConfigDefinition* definition = controller::findBrokerConfig(name);
      if (definition != nullptr && definition->defaultValue && !isOnlyDynamic(name))
        synonyms.push_back({std::string(name), std::string(*definition->defaultValue), kDefaultConfig});
    }
  }
  // Other units alone do not make it set.
  const auto own = std::find_if(synonyms.begin(), synonyms.end(),
                                [&](const Synonym& synonym) { return synonym.name == brokerConfig; });
  synonyms.erase(synonyms.begin(), own);
  return synonyms;
}

std::optional<std::string> ConfigDescription::inheritedValue(std::string_view brokerConfig) const {
  for (const Configs* configs : {&m_dynamicOfThis, &m_dynamicOfAll, &m_started}) {
    for (const std::string_view name : namesOf(brokerConfig)) {
      const auto set = configs->find(std::string(name));
      if (set != configs->end()) return inTopicUnits(name, set->second);
    }
  }
  return std::nullopt;
}

}  // namespace streamscope::broker
