#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

/// Kafka: EndpointType.
constexpr int8_t kBrokers = 1;
constexpr int8_t kControllers = 2;

}  // namespace

protocol::DescribeClusterResponse handleDescribeCluster(const QuorumController& controller,
                                                        const protocol::DescribeClusterRequest& request) {
  protocol::DescribeClusterResponse response;
  response.endpointType = kControllers;
  if (request.endpointType == kBrokers) {
    response.errorCode = wireCode(base::ErrorCode::MISMATCHED_ENDPOINT_TYPE);
    response.errorMessage =
        "The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER";
    return response;
  }
  if (request.endpointType != kControllers) {
    response.errorCode = wireCode(base::ErrorCode::UNSUPPORTED_ENDPOINT_TYPE);
    response.errorMessage = "Unsupported endpoint type " + std::to_string(request.endpointType);
    return response;
  }
  // The endpoints would be those that controllers have registered in the metadata log (KIP-919). This one registers
  // none: the nodes of a world find it by its id.
  response.clusterId = controller.config().clusterId;
  response.controllerId = controller.leaderId().value_or(-1);
  return response;
}

}  // namespace streamscope::controller
