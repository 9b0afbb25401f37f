#include "configuration_control.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/config_definition.h"
#include "topic_config.h"
#include "topic_name.h"

namespace streamscope::controller {

using base::ErrorCode;
using base::fail;

namespace {

/// Kafka: AlterConfigOp.OpType.
enum class Operation : int8_t { Set = 0, Delete = 1, Append = 2, Subtract = 3 };

/// Values are strings of the metadata log's records.
constexpr size_t kValueSizeMax = 32767;

std::vector<std::string> elementsOf(std::string_view list) {
  std::vector<std::string> elements;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    if (comma != 0) elements.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return elements;
}

std::string joined(const std::vector<std::string>& names, std::string_view separator) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : std::string(separator)) + name;
  return text;
}

const ConfigDefinition* definitionOf(ConfigResourceType type, const std::string& key) {
  return type == ConfigResourceType::Topic ? findTopicConfig(key) : findBrokerConfig(key);
}

base::Status refuseNull(const std::vector<std::string>& keys) {
  if (keys.empty()) return {};
  return fail(ErrorCode::INVALID_REQUEST, "Null value not supported for : " + joined(keys, ","));
}

}  // namespace

ConfigurationControl::Decision<protocol::IncrementalAlterConfigsResponse> ConfigurationControl::alterIncrementally(
    const protocol::IncrementalAlterConfigsRequest& request) const {
  return decide<protocol::IncrementalAlterConfigsResponse>(request);
}

ConfigurationControl::Decision<protocol::AlterConfigsResponse> ConfigurationControl::replace(
    const protocol::AlterConfigsRequest& request) const {
  return decide<protocol::AlterConfigsResponse>(request);
}

template <class Response, class Request>
ConfigurationControl::Decision<Response> ConfigurationControl::decide(const Request& request) const {
  Decision<Response> decision;
  for (const auto& asked : request.resources) {
    auto& answered = decision.response.responses.emplace_back();
    answered.resourceType = asked.resourceType;
    answered.resourceName = asked.resourceName;
    const auto refuse = [&answered](const base::Error& error) {
      answered.errorCode = static_cast<int16_t>(error.code);
      answered.errorMessage = error.message;
    };
    const auto isSame = [&](const auto& other) {
      return other.resourceType == asked.resourceType && other.resourceName == asked.resourceName;
    };
    if (std::count_if(request.resources.begin(), request.resources.end(), isSame) > 1) {
      refuse({ErrorCode::INVALID_REQUEST, "Each resource must appear at most once."});
      continue;
    }
    const Resource resource{static_cast<ConfigResourceType>(asked.resourceType), asked.resourceName};
    const auto changes = changesOf(resource, asked);
    if (!changes) {
      refuse(changes.error());
      continue;
    }
    if (const base::Status checked = check(resource, *changes); !checked)
      refuse(checked.error());
    else
      appendRecords(resource, *changes, decision.records);
  }
  if (request.validateOnly) decision.records.clear();
  return decision;
}

base::Result<ConfigurationControl::Changes> ConfigurationControl::changesOf(
    const Resource& resource, const protocol::IncrementalAlterConfigsRequest::AlterConfigsResource& asked) const {
  Changes changes;
  std::vector<std::string> withoutValue;
  for (const auto& config : asked.configs) {
    if (changes.contains(config.name)) return fail(ErrorCode::INVALID_REQUEST, "Error due to duplicate config keys");
    if (config.configOperation < static_cast<int8_t>(Operation::Set) ||
        config.configOperation > static_cast<int8_t>(Operation::Subtract))
      return fail(ErrorCode::INVALID_REQUEST,
                  "Unknown operations type " + std::to_string(static_cast<int>(config.configOperation)));
    const auto operation = static_cast<Operation>(config.configOperation);
    changes[config.name] = operation == Operation::Set ? config.value : std::nullopt;
    if (operation == Operation::Delete) continue;
    if (!config.value) {
      withoutValue.push_back(config.name);
    } else if (operation != Operation::Set) {
      auto list = alterList(resource, config.name, *config.value, operation == Operation::Append);
      if (!list) return fail(list.error());
      changes[config.name] = std::move(*list);
    }
  }
  if (const base::Status checked = refuseNull(withoutValue); !checked) return fail(checked.error());
  return changes;
}

base::Result<ConfigurationControl::Changes> ConfigurationControl::changesOf(
    const Resource& resource, const protocol::AlterConfigsRequest::AlterConfigsResource& asked) const {
  Changes changes;
  for (const auto& [key, value] : m_image.configs(resource.type, resource.name)) changes[key] = std::nullopt;
  std::set<std::string> named;
  std::vector<std::string> withoutValue;
  for (const auto& config : asked.configs) {
    if (!named.insert(config.name).second)
      return fail(ErrorCode::INVALID_REQUEST, "Error due to duplicate config keys");
    if (!config.value) withoutValue.push_back(config.name);
    changes[config.name] = config.value;
  }
  if (const base::Status checked = refuseNull(withoutValue); !checked) return fail(checked.error());
  return changes;
}

base::Result<std::string> ConfigurationControl::alterList(const Resource& resource, const std::string& key,
                                                          const std::string& operand, bool isAppend) const {
  const ConfigDefinition* definition = definitionOf(resource.type, key);
  if (definition == nullptr || definition->type != ConfigType::List)
    return fail(ErrorCode::INVALID_CONFIG, std::string("Can't ") + (isAppend ? "APPEND" : "SUBTRACT") + " to key " +
                                               key + " because its type is not LIST.");
  const auto& configs = m_image.configs(resource.type, resource.name);
  const auto set = configs.find(key);
  std::vector<std::string> elements =
      elementsOf(set == configs.end() ? definition->defaultValue.value_or("") : std::string_view(set->second));
  for (const std::string& element : elementsOf(operand)) {
    const auto found = std::find(elements.begin(), elements.end(), element);
    if (isAppend && found == elements.end())
      elements.push_back(element);
    else if (!isAppend && found != elements.end())
      elements.erase(found);
  }
  return joined(elements, ",");
}

base::Status ConfigurationControl::check(const Resource& resource, const Changes& changes) const {
  for (const auto& [key, value] : changes)
    if (value && value->size() > kValueSizeMax)
      return fail(ErrorCode::INVALID_CONFIG,
                  "The configuration value cannot be added because it exceeds the maximum value size of " +
                      std::to_string(kValueSizeMax) + " bytes.");
  switch (resource.type) {
    case ConfigResourceType::Topic: {
      Configs configs = m_image.configs(resource.type, resource.name);
      for (const auto& [key, value] : changes) {
        if (value)
          configs[key] = *value;
        else
          configs.erase(key);
      }
      return checkTopic(resource.name, configs);
    }
    case ConfigResourceType::Broker:
      return checkBroker(resource.name, changes);
    default:
      return fail(ErrorCode::INVALID_REQUEST, "Configs of resources of type " +
                                                  std::to_string(static_cast<int>(resource.type)) +
                                                  " cannot be changed here; only those of topics and brokers can.");
  }
}

base::Status ConfigurationControl::checkTopic(const std::string& topic, const Configs& configs) const {
  if (topic.empty()) return fail(ErrorCode::INVALID_REQUEST, "Default topic resources are not allowed.");
  if (const base::Status valid = validateTopicName(topic); !valid) return valid;
  if (const base::Status valid = validateTopicConfigs(configs); !valid) return valid;
  if (m_image.findTopic(topic) != nullptr) return {};
  return fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + topic + "' does not exist.");
}

base::Status ConfigurationControl::checkBroker(const std::string& broker, const Changes& changes) const {
  const auto refuse = [](std::string message) { return fail(ErrorCode::INVALID_REQUEST, std::move(message)); };
  std::vector<std::string> readOnly, perBroker;
  for (const auto& [key, value] : changes) {
    const ConfigDefinition* definition = findBrokerConfig(key);
    if (definition == nullptr) continue;
    if (definition->scope == ConfigScope::ReadOnly) readOnly.push_back(key);
    if (definition->scope == ConfigScope::PerBroker) perBroker.push_back(key);
  }
  if (!readOnly.empty()) return refuse("Cannot update these configs dynamically: [" + joined(readOnly, ", ") + "]");
  if (broker.empty() && !perBroker.empty())
    return refuse("Cannot update these configs at default cluster level, broker id must be specified: [" +
                  joined(perBroker, ", ") + "]");
  for (const auto& [key, value] : changes) {
    // A name that Kafka does not know may be of a plug-in.
    const ConfigDefinition* definition = findBrokerConfig(key);
    if (definition == nullptr || !value) continue;
    if (const base::Status valid = checkConfigValue(*definition, *value); !valid) return refuse(valid.error().message);
  }
  if (broker.empty()) return {};
  base::BrokerId id = -1;
  const auto [end, failure] = std::from_chars(broker.data(), broker.data() + broker.size(), id);
  if (failure != std::errc() || end != broker.data() + broker.size())
    return refuse("Unable to parse broker name as a base 10 number.");
  if (id < 0) return refuse("Invalid negative broker ID.");
  if (m_image.findBroker(id) != nullptr) return {};
  return fail(ErrorCode::BROKER_ID_NOT_REGISTERED, "No node with id " + broker + " found.");
}

void ConfigurationControl::appendRecords(const Resource& resource, const Changes& changes,
                                         MetadataRecords& records) const {
  const auto& present = m_image.configs(resource.type, resource.name);
  for (const auto& [key, value] : changes) {
    const auto before = present.find(key);
    const bool isSame = value ? before != present.end() && before->second == *value : before == present.end();
    // Of a broker even what stays the same is written again, so that it reloads what the config is about (KAFKA-14136).
    if (isSame && resource.type != ConfigResourceType::Broker) continue;
    records.push_back(protocol::ConfigRecord{static_cast<int8_t>(resource.type), resource.name, key, value});
  }
}

}  // namespace streamscope::controller
