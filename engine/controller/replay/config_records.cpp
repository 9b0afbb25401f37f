#include "controller/metadata_image.h"

namespace streamscope::controller {

namespace {

/// Kafka: ConfigResource.Type.TOPIC.
constexpr int8_t kTopicResource = 2;

}  // namespace

void MetadataImage::apply(const protocol::ConfigRecord& record) {
  // Configs of brokers and groups are read by nobody here.
  if (record.resourceType != kTopicResource) return;
  if (record.value) {
    m_topicConfigs[record.resourceName][record.name] = *record.value;
    return;
  }
  const auto topic = m_topicConfigs.find(record.resourceName);
  if (topic == m_topicConfigs.end()) return;
  topic->second.erase(record.name);
  if (topic->second.empty()) m_topicConfigs.erase(topic);
}

}  // namespace streamscope::controller
