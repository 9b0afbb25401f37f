#include "handlers/handlers.h"
#include "leader_election.h"

namespace streamscope::controller {

protocol::ElectLeadersResponse handleElectLeaders(QuorumController& controller,
                                                  const protocol::ElectLeadersRequest& request) {
  const auto refuse = [](const base::Error& error) {
    protocol::ElectLeadersResponse refused;
    refused.errorCode = wireCode(error.code);
    return refused;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());
  ElectionDecision decision = electLeaders(controller.image(), controller.replicationControl(), request);
  if (const auto appended = controller.append(decision.records); !appended) return refuse(appended.error());
  return std::move(decision.response);
}

}  // namespace streamscope::controller
