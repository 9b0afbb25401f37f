#include "active_brokers.h"
#include "broker/coordinator_partition.h"
#include "handlers.h"
#include "topic_names.h"

namespace streamscope::broker {
namespace {

constexpr int8_t kGroup = 0;
constexpr int8_t kTransaction = 1;
constexpr int16_t kFirstVersionWithSeveralKeys = 4;

using Coordinator = protocol::FindCoordinatorResponse::Coordinator;

Coordinator refuse(const std::string& key, base::ErrorCode error, std::string message) {
  return {key, -1, "", -1, codeOf(error), std::move(message)};
}

Coordinator find(HandlerContext& context, int8_t keyType, const std::string& key) {
  if (keyType == kTransaction)
    return refuse(key, base::ErrorCode::COORDINATOR_NOT_AVAILABLE,
                  "This cluster does not coordinate transactions yet; use a producer without transactional.id.");
  if (keyType != kGroup)
    return refuse(key, base::ErrorCode::INVALID_REQUEST,
                  "Coordinator key type " + std::to_string(keyType) + " is unknown; ask for 0, a group.");
  const std::string offsetsTopic(kOffsetsTopic);
  const controller::TopicImage* topic = context.image.findTopic(offsetsTopic);
  if (topic == nullptr) {
    context.autoTopicCreation.create(offsetsTopic);
    return refuse(key, base::ErrorCode::COORDINATOR_NOT_AVAILABLE, offsetsTopic + " is being created; try again.");
  }
  const base::PartitionId id = coordinatorPartition(key, static_cast<int32_t>(topic->partitions.size()));
  const auto* registration = context.image.findPartition(offsetsTopic, id);
  const auto* broker = registration == nullptr ? nullptr : findUnfencedBroker(context.image, registration->leader);
  if (broker == nullptr)
    return refuse(key, base::ErrorCode::COORDINATOR_NOT_AVAILABLE,
                  base::TopicPartition{offsetsTopic, id}.toString() + " has no leader; try again.");
  const auto& endpoint = broker->endpoints.front();
  return {key, broker->id, endpoint.host, endpoint.port, 0, std::nullopt};
}

}  // namespace

void handleFindCoordinator(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::FindCoordinatorRequest>(request.body);
  protocol::FindCoordinatorResponse answer;
  if (request.header.version >= kFirstVersionWithSeveralKeys) {
    for (const std::string& key : question.coordinatorKeys)
      answer.coordinators.push_back(find(context, question.keyType, key));
  } else {
    Coordinator found = find(context, question.keyType, question.key);
    answer.errorCode = found.errorCode;
    answer.errorMessage = std::move(found.errorMessage);
    answer.nodeId = found.nodeId;
    answer.host = std::move(found.host);
    answer.port = found.port;
  }
  context.node.network.respond(request.reply, std::move(answer));
}

}  // namespace streamscope::broker
