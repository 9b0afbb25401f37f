#include "request_dispatcher.h"

#include <utility>
#include <variant>

#include "base/assert.h"
#include "handlers/api_versions_handler.h"
#include "handlers/handlers.h"
#include "protocol/api_versions.h"

namespace streamscope::controller {

namespace {

std::string whyNotServed(const world::RequestHeader& header, const std::optional<protocol::VersionRange>& served) {
  const std::string name(protocol::apiName(header.api));
  if (!served) return "a controller does not serve " + name + "; send it to a broker.";
  return "a controller serves " + name + " in the versions " + std::to_string(served->min) + " to " +
         std::to_string(served->max) + ", not " + std::to_string(header.version) + "; ask for ApiVersions first.";
}

}  // namespace

RequestDispatcher::RequestDispatcher(world::NodeContext& context, QuorumController& controller)
    : m_context(context), m_controller(controller), m_fetchHandler(context, controller) {}

void RequestDispatcher::dispatch(const world::IncomingRequest& request) {
  const auto answer = [&](protocol::ResponseBody body) { m_context.network.respond(request.reply, std::move(body)); };
  const world::RequestHeader& header = request.header;
  const auto served = protocol::servedVersions(header.api, protocol::Listener::Controller);
  // An unknown version of ApiVersions is answered, so that the sender can find out.
  if (std::holds_alternative<protocol::ApiVersionsRequest>(request.body))
    return answer(handleApiVersions(m_controller, header.version));
  if (!served || !served->contains(header.version))
    return m_context.network.disconnect(request.reply, whyNotServed(header, served));

  if (const auto* registration = std::get_if<protocol::BrokerRegistrationRequest>(&request.body))
    return answer(handleBrokerRegistration(m_controller, *registration));
  if (const auto* heartbeat = std::get_if<protocol::BrokerHeartbeatRequest>(&request.body))
    return answer(handleBrokerHeartbeat(m_controller, *heartbeat));
  if (const auto* alterPartition = std::get_if<protocol::AlterPartitionRequest>(&request.body))
    return answer(handleAlterPartition(m_controller, *alterPartition, header.version));
  if (const auto* createTopics = std::get_if<protocol::CreateTopicsRequest>(&request.body))
    return answer(handleCreateTopics(m_controller, *createTopics));
  if (const auto* deleteTopics = std::get_if<protocol::DeleteTopicsRequest>(&request.body))
    return answer(handleDeleteTopics(m_controller, *deleteTopics));
  if (const auto* producerIds = std::get_if<protocol::AllocateProducerIdsRequest>(&request.body))
    return answer(handleAllocateProducerIds(m_controller, *producerIds));
  if (const auto* describeCluster = std::get_if<protocol::DescribeClusterRequest>(&request.body))
    return answer(handleDescribeCluster(m_controller, *describeCluster));
  STREAMSCOPE_ASSERT(std::holds_alternative<protocol::FetchRequest>(request.body), whyNotServed(header, std::nullopt));
  m_fetchHandler.handle(request);
}

}  // namespace streamscope::controller
