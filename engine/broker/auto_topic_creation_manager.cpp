#include "auto_topic_creation_manager.h"

#include "protocol/messages/create_topics.h"
#include "topic_names.h"

namespace streamscope::broker {

void AutoTopicCreationManager::create(const std::string& topic) {
  if (!m_inFlight.insert(topic).second) return;
  protocol::CreateTopicsRequest request;
  request.timeoutMs = static_cast<int32_t>(m_config.requestTimeout / std::chrono::milliseconds(1));
  auto& creatable = request.topics.emplace_back();
  creatable.name = topic;
  if (topic == kOffsetsTopic) {
    creatable.numPartitions = m_config.offsetsTopicNumPartitions;
    creatable.replicationFactor = m_config.offsetsTopicReplicationFactor;
    const std::string segmentBytes = std::to_string(m_config.offsetsTopicSegmentBytes);
    for (const auto& [name, value] : {std::pair<const char*, std::string>{"cleanup.policy", "compact"},
                                      {"compression.type", "producer"},
                                      {"segment.bytes", segmentBytes}}) {
      auto& config = creatable.configs.emplace_back();
      config.name = name;
      config.value = value;
    }
  } else {
    creatable.numPartitions = m_config.numPartitions;
    creatable.replicationFactor = m_config.defaultReplicationFactor;
  }
  m_controller.send(std::move(request), m_config.requestTimeout,
                    [this, topic](const world::Response&) { m_inFlight.erase(topic); });
}

}  // namespace streamscope::broker
