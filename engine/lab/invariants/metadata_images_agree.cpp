#include "metadata_images_agree.h"

#include <utility>
#include <vector>

namespace streamscope::lab {

void MetadataImagesAgree::check() {
  std::vector<std::pair<std::string, const controller::MetadataImage*>> images;
  for (const auto& [address, node] : m_replicas.controllers())
    // The leader's image may be ahead of what is committed.
    if (node->image().offset() < node->highWatermark()) images.emplace_back(address.toString(), &node->image());
  for (const base::BrokerId broker : m_replicas.brokers())
    if (const broker::BrokerNode* node = m_replicas.node(broker))
      images.emplace_back(world::brokerAddress(broker).toString(), &node->image());
  for (size_t a = 0; a < images.size(); ++a)
    for (size_t b = a + 1; b < images.size(); ++b)
      compare(images[b].first, *images[b].second, images[a].first, *images[a].second);
}

void MetadataImagesAgree::compare(const std::string& who, const controller::MetadataImage& image,
                                  const std::string& other, const controller::MetadataImage& others) {
  if (image.offset() != others.offset() || image == others) return;
  const std::string where = who + " at offset " + std::to_string(image.offset()) + " of the metadata log";
  for (const auto& [id, topic] : others.topics())
    for (const auto& [index, registration] : topic.partitions) {
      const auto* known = image.findPartition(topic.name, index);
      if (known == nullptr || !(*known == registration))
        return broken(where + " has another " + base::TopicPartition{topic.name, index}.toString() + " than " + other);
    }
  broken(where + " knows another cluster than " + other);
}

}  // namespace streamscope::lab
