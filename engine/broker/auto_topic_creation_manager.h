#pragma once

#include <set>
#include <string>

#include "broker/broker_config.h"
#include "controller_channel.h"

namespace streamscope::broker {

/// Asks the controller for topics that clients named and nobody has created (auto.create.topics.enable), and for the
/// internal topics when they are first needed. Kafka: AutoTopicCreationManager. Whoever asked retries until the topic
/// shows up in the metadata; a creation that fails is asked for again by that retry.
class AutoTopicCreationManager {
 public:
  AutoTopicCreationManager(const BrokerConfig& config, ControllerChannel& controller)
      : m_config(config), m_controller(controller) {}

  /// Does nothing for a topic whose creation is already under way.
  void create(const std::string& topic);

 private:
  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  std::set<std::string> m_inFlight;
};

}  // namespace streamscope::broker
