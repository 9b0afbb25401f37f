#include "controller/metadata_image.h"

#include <variant>

namespace streamscope::controller {

const BrokerRegistration* MetadataImage::findBroker(base::BrokerId id) const {
  const auto found = m_brokers.find(id);
  return found == m_brokers.end() ? nullptr : &found->second;
}

const TopicImage* MetadataImage::findTopic(const base::Uuid& id) const {
  const auto found = m_topics.find(id);
  return found == m_topics.end() ? nullptr : &found->second;
}

const TopicImage* MetadataImage::findTopic(const std::string& name) const {
  const auto found = m_topicIds.find(name);
  return found == m_topicIds.end() ? nullptr : findTopic(found->second);
}

const PartitionRegistration* MetadataImage::findPartition(const std::string& topic, base::PartitionId partition) const {
  const TopicImage* image = findTopic(topic);
  if (image == nullptr) return nullptr;
  const auto found = image->partitions.find(partition);
  return found == image->partitions.end() ? nullptr : &found->second;
}

const std::map<std::string, std::string>& MetadataImage::topicConfigs(const std::string& topic) const {
  static const std::map<std::string, std::string> kNone;
  const auto found = m_topicConfigs.find(topic);
  return found == m_topicConfigs.end() ? kNone : found->second;
}

void MetadataImage::replay(const protocol::MetadataRecord& record) {
  std::visit([this](const auto& each) { apply(each); }, record);
}

}  // namespace streamscope::controller
