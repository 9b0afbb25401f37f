#include "handlers/handlers.h"
#include "partition_reassignment_control.h"

namespace streamscope::controller {

protocol::AlterPartitionReassignmentsResponse handleAlterPartitionReassignments(
    QuorumController& controller, const protocol::AlterPartitionReassignmentsRequest& request) {
  const auto refuse = [](const base::Error& error) {
    protocol::AlterPartitionReassignmentsResponse refused;
    refused.errorCode = wireCode(error.code);
    refused.errorMessage = error.message;
    return refused;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());
  const PartitionReassignmentControl control(controller.image(), controller.replicationControl(), controller.config());
  PartitionReassignmentControl::Decision decision = control.alter(request);
  if (const auto appended = controller.append(decision.records); !appended) return refuse(appended.error());
  return std::move(decision.response);
}

}  // namespace streamscope::controller
