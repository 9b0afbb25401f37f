#include "metadata_delta.h"

#include <variant>

namespace streamscope::broker {
namespace {

struct Note {
  MetadataDelta& delta;

  void operator()(const protocol::RegisterBrokerRecord&) const { delta.brokersChanged = true; }
  void operator()(const protocol::UnregisterBrokerRecord&) const { delta.brokersChanged = true; }
  void operator()(const protocol::BrokerRegistrationChangeRecord&) const { delta.brokersChanged = true; }
  void operator()(const protocol::PartitionRecord& record) const {
    delta.changedPartitions.emplace(record.topicId, record.partitionId);
  }
  void operator()(const protocol::PartitionChangeRecord& record) const {
    delta.changedPartitions.emplace(record.topicId, record.partitionId);
  }
  void operator()(const protocol::RemoveTopicRecord& record) const { delta.removedTopics.insert(record.topicId); }
  void operator()(const protocol::ConfigRecord& record) const {
    const auto type = static_cast<controller::ConfigResourceType>(record.resourceType);
    if (type == controller::ConfigResourceType::Topic) delta.topicsWithChangedConfig.insert(record.resourceName);
    if (type == controller::ConfigResourceType::Broker) delta.brokerConfigsChanged = true;
  }
  // A topic is its partitions; the others change nothing a replica obeys.
  template <class OtherRecord>
  void operator()(const OtherRecord&) const {}
};

}  // namespace

void MetadataDelta::note(const protocol::MetadataRecord& record) {
  std::visit(Note{*this}, record);
}

MetadataDelta MetadataDelta::ofWholeImage(const controller::MetadataImage& image) {
  MetadataDelta delta;
  delta.brokersChanged = true;
  delta.brokerConfigsChanged = true;
  for (const auto& [id, topic] : image.topics()) {
    delta.topicsWithChangedConfig.insert(topic.name);
    for (const auto& [partition, registration] : topic.partitions) delta.changedPartitions.emplace(id, partition);
  }
  return delta;
}

}  // namespace streamscope::broker
