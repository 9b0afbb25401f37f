#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/broker_config.h"
#include "controller/config_definition.h"
#include "controller/metadata_image.h"
#include "protocol/messages/describe_configs.h"

namespace streamscope::broker {

/// Says which configs a topic or this broker has, with values, where each comes from and what it overrides. Source:
/// Kafka's ConfigHelper.
class ConfigDescription {
 public:
  using Entry = protocol::DescribeConfigsResponse::DescribeConfigsResult::DescribeConfigsResourceResult;

  ConfigDescription(const BrokerConfig& config, const controller::MetadataImage& image);

  std::vector<Entry> ofTopic(const std::string& topic) const;
  std::vector<Entry> ofBroker() const;
  /// Only what is set: the dynamic default of all brokers.
  std::vector<Entry> ofAllBrokers() const;

 private:
  using Synonym = Entry::DescribeConfigsSynonym;
  using Configs = std::map<std::string, std::string>;

  Entry describeTopicConfig(const controller::ConfigDefinition& definition, const Configs& set) const;
  Entry describeBrokerConfig(const controller::ConfigDefinition& definition, bool isOfThisBroker) const;
  Entry describeUnknown(const std::string& name, int8_t source) const;
  /// Values that a broker's config gets, and others that mean the same in another unit, the one that counts first.
  std::vector<Synonym> synonymsOf(std::string_view brokerConfig, bool isOfThisBroker) const;
  std::optional<std::string> inheritedValue(std::string_view brokerConfig) const;

  const controller::MetadataImage& m_image;
  const Configs& m_dynamicOfThis;
  const Configs& m_dynamicOfAll;
  Configs m_started;
};

}  // namespace streamscope::broker
