#include "handlers/handlers.h"
#include "partition_reassignment_control.h"

namespace streamscope::controller {

protocol::ListPartitionReassignmentsResponse handleListPartitionReassignments(
    QuorumController& controller, const protocol::ListPartitionReassignmentsRequest& request) {
  if (const base::Status active = controller.checkActive(); !active) {
    protocol::ListPartitionReassignmentsResponse refused;
    refused.errorCode = wireCode(active.error().code);
    refused.errorMessage = active.error().message;
    return refused;
  }
  return PartitionReassignmentControl(controller.image(), controller.replicationControl(), controller.config())
      .list(request);
}

}  // namespace streamscope::controller
