#include "metadata_images_agree.h"

namespace streamscope::lab {

void MetadataImagesAgree::check() {
  const controller::MetadataImage* controllers = m_replicas.image();
  if (controllers == nullptr) return;
  for (const base::BrokerId broker : m_replicas.brokers())
    if (const broker::BrokerNode* node = m_replicas.node(broker)) compare(broker, node->image(), *controllers);
}

void MetadataImagesAgree::compare(base::BrokerId broker, const controller::MetadataImage& brokers,
                                  const controller::MetadataImage& controllers) {
  if (brokers.offset() != controllers.offset() || brokers == controllers) return;
  const std::string where =
      "broker " + std::to_string(broker) + " at offset " + std::to_string(brokers.offset()) + " of the metadata log";
  for (const auto& [id, topic] : controllers.topics())
    for (const auto& [index, registration] : topic.partitions) {
      const auto* other = brokers.findPartition(topic.name, index);
      if (other == nullptr || !(*other == registration))
        return broken(where + " has another " + base::TopicPartition{topic.name, index}.toString() +
                      " than the controller");
    }
  broken(where + " knows another cluster than the controller");
}

}  // namespace streamscope::lab
