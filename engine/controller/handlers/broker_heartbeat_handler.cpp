#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

/// Why a broker is fenced by its own heartbeat.
std::string fencingReason(BrokerControlState from, BrokerControlState to) {
  if (to == BrokerControlState::Fenced) return "the broker asked to be fenced (wantFence)";
  return from == BrokerControlState::ControlledShutdown ? "controlled shutdown: its leaderships are elsewhere now"
                                                        : "controlled shutdown: it leads nothing";
}

MetadataRecords recordsFor(const QuorumController& controller, const protocol::BrokerHeartbeatRequest& request,
                           BrokerControlState from, BrokerControlState to) {
  MetadataRecords records;
  const ReplicationControl& replication = controller.replicationControl();
  const bool isFenced = controller.image().findBroker(request.brokerId)->fenced;
  if (from != to) {
    switch (to) {
      case BrokerControlState::Fenced:
      case BrokerControlState::ShutdownNow:
        if (!isFenced) replication.handleBrokerFenced(request.brokerId, records);
        break;
      case BrokerControlState::Unfenced:
        replication.handleBrokerUnfenced(request.brokerId, records);
        break;
      case BrokerControlState::ControlledShutdown:
        replication.handleBrokerInControlledShutdown(request.brokerId, records);
        break;
    }
  }
  // A broker that leaves has left every ISR already; two records about one partition would start two epochs.
  if (records.empty()) replication.handleDirectoriesOffline(request.brokerId, request.offlineLogDirs, records);
  return records;
}

}  // namespace

protocol::BrokerHeartbeatResponse handleBrokerHeartbeat(QuorumController& controller,
                                                        const protocol::BrokerHeartbeatRequest& request) {
  protocol::BrokerHeartbeatResponse response;
  const auto refuse = [&response](const base::Error& error) {
    response.errorCode = wireCode(error.code);
    return response;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());
  const base::Status known = controller.clusterControl().checkBrokerEpoch(request.brokerId, request.brokerEpoch);
  if (!known) return refuse(known.error());

  BrokerHeartbeatManager& heartbeats = controller.clusterControl().heartbeatManager();
  heartbeats.contact(request.brokerId);
  const base::Offset registrationOffset = controller.registrationOffset(request.brokerId);
  const BrokerControlState from = heartbeats.currentState(request.brokerId);
  const BrokerControlState to = heartbeats.nextState(
      request, registrationOffset, [&] { return controller.replicationControl().hasLeaderships(request.brokerId); });
  const auto committed = controller.append(recordsFor(controller, request, from, to), fencingReason(from, to));
  if (!committed) return refuse(committed.error());

  const bool isFenced = to == BrokerControlState::Fenced || to == BrokerControlState::ShutdownNow;
  heartbeats.touch(request.brokerId, isFenced, request.currentMetadataOffset);
  if (to == BrokerControlState::ControlledShutdown)
    heartbeats.setControlledShutdownOffset(request.brokerId, *committed);
  response.isCaughtUp = request.currentMetadataOffset >= registrationOffset;
  response.isFenced = isFenced;
  response.shouldShutDown = to == BrokerControlState::ShutdownNow;
  return response;
}

}  // namespace streamscope::controller
