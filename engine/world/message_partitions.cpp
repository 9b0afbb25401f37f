#include "message_partitions.h"

#include <string>

#include "protocol/message_facts.h"

namespace streamscope::world {
namespace {

const std::string& orIdText(const std::string& name, const base::Uuid& id, std::string& idText) {
  if (!name.empty() || id.isZero()) return name;
  idText = id.toString();
  return idText;
}

}  // namespace

base::TopicPartition onlyPartitionOf(const protocol::RequestBody& body) {
  const auto only = protocol::onlyPartition(body);
  if (!only) return {};
  std::string idText;
  return {orIdText(only->topic, only->topicId, idText), only->partition};
}

std::vector<base::TopicPartition> partitionsOf(const protocol::RequestBody& body) {
  std::vector<base::TopicPartition> partitions;
  std::string idText;
  if (const auto* produce = std::get_if<protocol::ProduceRequest>(&body)) {
    for (const auto& topic : produce->topicData)
      for (const auto& partition : topic.partitionData)
        partitions.push_back({orIdText(topic.name, topic.topicId, idText), partition.index});
  } else if (const auto* fetch = std::get_if<protocol::FetchRequest>(&body)) {
    for (const auto& topic : fetch->topics)
      for (const auto& partition : topic.partitions)
        partitions.push_back({orIdText(topic.topic, topic.topicId, idText), partition.partition});
  }
  return partitions;
}

}  // namespace streamscope::world
