#include <algorithm>

#include "active_brokers.h"
#include "handlers.h"
#include "topic_names.h"

namespace streamscope::broker {
namespace {

using TopicAnswer = protocol::MetadataResponse::MetadataResponseTopic;
using PartitionAnswer = protocol::MetadataResponse::MetadataResponsePartition;

/// Ids below 100 are no directories (Kafka: DirectoryId.reserved).
constexpr uint64_t kReservedDirectories = 100;

/// The broker of the replica at this place is unfenced and has the replica's log directory online.
bool isReplicaOnline(const controller::MetadataImage& image, const controller::PartitionRegistration& registration,
                     size_t place) {
  const controller::BrokerRegistration* broker = findUnfencedBroker(image, registration.replicas[place]);
  if (broker == nullptr || place >= registration.directories.size()) return broker != nullptr;
  const base::Uuid& directory = registration.directories[place];
  const bool isReserved = directory.mostSignificant == 0 && directory.leastSignificant < kReservedDirectories;
  return isReserved || std::ranges::find(broker->logDirectories, directory) != broker->logDirectories.end();
}

PartitionAnswer describePartition(const controller::MetadataImage& image, base::PartitionId id,
                                  const controller::PartitionRegistration& registration) {
  PartitionAnswer answer;
  answer.partitionIndex = id;
  answer.leaderEpoch = registration.leaderEpoch;
  answer.replicaNodes = registration.replicas;
  answer.isrNodes = registration.isr;
  for (size_t place = 0; place < registration.replicas.size(); ++place)
    if (!isReplicaOnline(image, registration, place)) answer.offlineReplicas.push_back(registration.replicas[place]);
  const bool hasLeader = registration.leader != base::kNoBroker && image.findBroker(registration.leader) != nullptr;
  answer.leaderId = hasLeader ? registration.leader : base::kNoBroker;
  answer.errorCode = codeOf(hasLeader ? base::ErrorCode::NONE : base::ErrorCode::LEADER_NOT_AVAILABLE);
  return answer;
}

TopicAnswer describeTopic(const controller::MetadataImage& image, const controller::TopicImage& topic) {
  TopicAnswer answer;
  answer.name = topic.name;
  answer.topicId = topic.id;
  answer.isInternal = isInternalTopic(topic.name);
  answer.partitions.reserve(topic.partitions.size());
  for (const auto& [id, registration] : topic.partitions)
    answer.partitions.push_back(describePartition(image, id, registration));
  return answer;
}

TopicAnswer refuse(std::optional<std::string> name, const base::Uuid& id, base::ErrorCode error) {
  TopicAnswer answer;
  answer.isInternal = name && isInternalTopic(*name);
  answer.name = std::move(name);
  answer.topicId = id;
  answer.errorCode = codeOf(error);
  return answer;
}

/// An unknown topic is created on the side when both client and broker want that; the client finds it when it asks
/// again.
TopicAnswer describeUnknown(HandlerContext& context, const std::string& name, bool mayCreate) {
  if (!isValidTopicName(name)) return refuse(name, {}, base::ErrorCode::INVALID_TOPIC_EXCEPTION);
  if (mayCreate && context.config.autoCreateTopicsEnable) context.autoTopicCreation.create(name);
  return refuse(name, {}, base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
}

}  // namespace

void handleMetadata(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::MetadataRequest>(request.body);
  const controller::MetadataImage& image = context.image;
  protocol::MetadataResponse answer;
  answer.clusterId = context.config.clusterId;
  answer.controllerId = controllerForClients(image);
  for (const auto& [id, broker] : image.brokers()) {
    if (findUnfencedBroker(image, id) == nullptr) continue;
    const auto& endpoint = broker.endpoints.front();
    answer.brokers.push_back({id, endpoint.host, endpoint.port, broker.rack});
  }
  // In version 0 an empty list means all topics; later only null does.
  const bool wantsAll = !question.topics || (request.header.version == 0 && question.topics->empty());
  if (wantsAll) {
    for (const auto& [id, topic] : image.topics()) answer.topics.push_back(describeTopic(image, topic));
  } else {
    for (const auto& asked : *question.topics) {
      const controller::TopicImage* topic = asked.name ? image.findTopic(*asked.name) : image.findTopic(asked.topicId);
      if (topic != nullptr)
        answer.topics.push_back(describeTopic(image, *topic));
      else if (asked.name)
        answer.topics.push_back(describeUnknown(context, *asked.name, question.allowAutoTopicCreation));
      else
        answer.topics.push_back(refuse(std::nullopt, asked.topicId, base::ErrorCode::UNKNOWN_TOPIC_ID));
    }
  }
  context.node.network.respond(request.reply, std::move(answer));
}

}  // namespace streamscope::broker
