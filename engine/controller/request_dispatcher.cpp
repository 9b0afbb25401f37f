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

bool isQuorumRequest(protocol::ApiKey api) {
  using protocol::ApiKey;
  return api == ApiKey::Vote || api == ApiKey::BeginQuorumEpoch || api == ApiKey::EndQuorumEpoch ||
         api == ApiKey::FetchSnapshot || api == ApiKey::DescribeQuorum;
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

  if (isQuorumRequest(header.api)) return dispatchToQuorum(request);
  if (const auto* registration = std::get_if<protocol::BrokerRegistrationRequest>(&request.body))
    return decide(request, *registration, handleBrokerRegistration);
  if (const auto* heartbeat = std::get_if<protocol::BrokerHeartbeatRequest>(&request.body))
    return decide(request, *heartbeat, handleBrokerHeartbeat);
  if (const auto* alterPartition = std::get_if<protocol::AlterPartitionRequest>(&request.body))
    return decide(request, *alterPartition,
                  [version = header.version](QuorumController& controller, const auto& asked) {
                    return handleAlterPartition(controller, asked, version);
                  });
  if (const auto* createTopics = std::get_if<protocol::CreateTopicsRequest>(&request.body))
    return decide(request, *createTopics, handleCreateTopics);
  if (const auto* deleteTopics = std::get_if<protocol::DeleteTopicsRequest>(&request.body))
    return decide(request, *deleteTopics, handleDeleteTopics);
  if (const auto* createPartitions = std::get_if<protocol::CreatePartitionsRequest>(&request.body))
    return decide(request, *createPartitions, handleCreatePartitions);
  if (const auto* incremental = std::get_if<protocol::IncrementalAlterConfigsRequest>(&request.body))
    return decide(request, *incremental, handleIncrementalAlterConfigs);
  if (const auto* alterConfigs = std::get_if<protocol::AlterConfigsRequest>(&request.body))
    return decide(request, *alterConfigs, handleAlterConfigs);
  if (const auto* electLeaders = std::get_if<protocol::ElectLeadersRequest>(&request.body))
    return decide(request, *electLeaders, handleElectLeaders);
  if (const auto* reassign = std::get_if<protocol::AlterPartitionReassignmentsRequest>(&request.body))
    return decide(request, *reassign, handleAlterPartitionReassignments);
  if (const auto* listReassignments = std::get_if<protocol::ListPartitionReassignmentsRequest>(&request.body))
    return decide(request, *listReassignments, handleListPartitionReassignments);
  if (const auto* unregister = std::get_if<protocol::UnregisterBrokerRequest>(&request.body))
    return decide(request, *unregister, handleUnregisterBroker);
  if (const auto* producerIds = std::get_if<protocol::AllocateProducerIdsRequest>(&request.body))
    return decide(request, *producerIds, handleAllocateProducerIds);
  if (const auto* assignment = std::get_if<protocol::AssignReplicasToDirsRequest>(&request.body))
    return decide(request, *assignment, handleAssignReplicasToDirs);
  if (const auto* describeCluster = std::get_if<protocol::DescribeClusterRequest>(&request.body))
    return answer(handleDescribeCluster(m_controller, *describeCluster));
  STREAMSCOPE_ASSERT(std::holds_alternative<protocol::FetchRequest>(request.body), whyNotServed(header, std::nullopt));
  m_fetchHandler.handle(request);
}

/// The decision is answered when it is committed. A controller that has lost the leadership before answers as one that
/// never had it.
template <class Request, class Handler>
void RequestDispatcher::decide(const world::IncomingRequest& incoming, const Request& request, Handler handler) {
  protocol::ResponseBody response = handler(m_controller, request);
  if (!m_controller.isActive() || m_controller.isCommitted())
    return m_context.network.respond(incoming.reply, std::move(response));
  m_controller.whenCommitted([this, reply = incoming.reply, request, response = std::move(response),
                              handler](bool isCommitted) {
    m_context.network.respond(reply, isCommitted ? response : protocol::ResponseBody(handler(m_controller, request)));
  });
}

void RequestDispatcher::dispatchToQuorum(const world::IncomingRequest& request) {
  RaftClient* raft = m_controller.raft();
  if (raft == nullptr || raft->isClosed())
    return m_context.network.disconnect(request.reply, "The controller takes no part in the metadata quorum.");
  const auto answer = [&](protocol::ResponseBody body) { m_context.network.respond(request.reply, std::move(body)); };
  if (const auto* vote = std::get_if<protocol::VoteRequest>(&request.body)) return answer(raft->handleVote(*vote));
  if (const auto* begin = std::get_if<protocol::BeginQuorumEpochRequest>(&request.body))
    return answer(raft->handleBeginQuorumEpoch(*begin));
  if (const auto* end = std::get_if<protocol::EndQuorumEpochRequest>(&request.body))
    return answer(raft->handleEndQuorumEpoch(*end));
  if (const auto* fetchSnapshot = std::get_if<protocol::FetchSnapshotRequest>(&request.body))
    return answer(raft->handleFetchSnapshot(*fetchSnapshot));
  answer(handleDescribeQuorum(m_controller, std::get<protocol::DescribeQuorumRequest>(request.body)));
}

}  // namespace streamscope::controller
