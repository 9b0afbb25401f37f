#include "request_dispatcher.h"

#include <string>

#include "handlers/handlers.h"
#include "protocol/api_versions.h"
#include "protocol/error_answer.h"

namespace streamscope::broker {
namespace {

/// A coordinator's business, if the broker hosts it.
void handToCoordinator(HandlerContext& context, world::IncomingRequest request) {
  if (HostedCoordinator* coordinator = context.coordinators.coordinatorOf(request.header.api))
    return coordinator->handle(std::move(request));
  context.node.network.respond(request.reply,
                               protocol::errorAnswer(request.body, base::ErrorCode::COORDINATOR_NOT_AVAILABLE));
}

Handler handlerOf(protocol::ApiKey api) {
  switch (api) {
    case protocol::ApiKey::Produce:
      return handleProduce;
    case protocol::ApiKey::Fetch:
      return handleFetch;
    case protocol::ApiKey::ListOffsets:
      return handleListOffsets;
    case protocol::ApiKey::Metadata:
      return handleMetadata;
    case protocol::ApiKey::FindCoordinator:
      return handleFindCoordinator;
    case protocol::ApiKey::ApiVersions:
      return handleApiVersions;
    case protocol::ApiKey::DeleteRecords:
      return handleDeleteRecords;
    case protocol::ApiKey::InitProducerId:
      return handleInitProducerId;
    case protocol::ApiKey::OffsetForLeaderEpoch:
      return handleOffsetForLeaderEpoch;
    case protocol::ApiKey::DescribeCluster:
      return handleDescribeCluster;
    case protocol::ApiKey::AlterReplicaLogDirs:
      return handleAlterReplicaLogDirs;
    case protocol::ApiKey::DescribeLogDirs:
      return handleDescribeLogDirs;
    case protocol::ApiKey::DescribeConfigs:
      return handleDescribeConfigs;
    case protocol::ApiKey::CreateTopics:
    case protocol::ApiKey::DeleteTopics:
    case protocol::ApiKey::CreatePartitions:
    case protocol::ApiKey::IncrementalAlterConfigs:
    case protocol::ApiKey::AlterConfigs:
    case protocol::ApiKey::ElectLeaders:
    case protocol::ApiKey::AlterPartitionReassignments:
    case protocol::ApiKey::ListPartitionReassignments:
    case protocol::ApiKey::UnregisterBroker:
    case protocol::ApiKey::DescribeQuorum:
      return forwardToController;
    case protocol::ApiKey::OffsetCommit:
    case protocol::ApiKey::OffsetFetch:
    case protocol::ApiKey::JoinGroup:
    case protocol::ApiKey::Heartbeat:
    case protocol::ApiKey::LeaveGroup:
    case protocol::ApiKey::SyncGroup:
    case protocol::ApiKey::DescribeGroups:
    case protocol::ApiKey::ListGroups:
    case protocol::ApiKey::DeleteGroups:
    case protocol::ApiKey::OffsetDelete:
    case protocol::ApiKey::ConsumerGroupHeartbeat:
    case protocol::ApiKey::ConsumerGroupDescribe:
      return handToCoordinator;
    case protocol::ApiKey::Vote:
    case protocol::ApiKey::BeginQuorumEpoch:
    case protocol::ApiKey::EndQuorumEpoch:
    case protocol::ApiKey::FetchSnapshot:
    case protocol::ApiKey::AlterPartition:
    case protocol::ApiKey::BrokerRegistration:
    case protocol::ApiKey::BrokerHeartbeat:
    case protocol::ApiKey::AllocateProducerIds:
    case protocol::ApiKey::AssignReplicasToDirs:
      // The controller's.
      return nullptr;
  }
  return nullptr;
}

}  // namespace

void RequestDispatcher::dispatch(world::IncomingRequest request) {
  const protocol::ApiKey api = request.header.api;
  const auto served = protocol::servedVersions(api, protocol::Listener::Broker);
  const Handler handler = handlerOf(api);
  if (!served || handler == nullptr)
    return m_context.node.network.disconnect(
        request.reply,
        std::string(protocol::apiName(api)) + " is not served by a broker; it belongs to the controller.");
  if (!served->contains(request.header.version)) {
    if (api == protocol::ApiKey::ApiVersions)
      return m_context.node.network.respond(request.reply, protocol::unsupportedVersionAnswer());
    return m_context.node.network.disconnect(request.reply, std::string(protocol::apiName(api)) + " version " +
                                                                std::to_string(request.header.version) +
                                                                " is not served; use " + std::to_string(served->min) +
                                                                " to " + std::to_string(served->max) + ".");
  }
  handler(m_context, std::move(request));
}

}  // namespace streamscope::broker
