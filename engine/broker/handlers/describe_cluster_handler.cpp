#include "active_brokers.h"
#include "handlers.h"

namespace streamscope::broker {
namespace {

constexpr int8_t kBrokerEndpoints = 1;
constexpr int8_t kControllerEndpoints = 2;

}  // namespace

void handleDescribeCluster(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::DescribeClusterRequest>(request.body);
  protocol::DescribeClusterResponse answer;
  answer.clusterId = context.config.clusterId;
  answer.endpointType = kBrokerEndpoints;
  if (question.endpointType == kControllerEndpoints) {
    answer.errorCode = codeOf(base::ErrorCode::MISMATCHED_ENDPOINT_TYPE);
    answer.errorMessage = "This is a broker; ask a controller for the controllers' endpoints.";
  } else if (question.endpointType != kBrokerEndpoints) {
    answer.errorCode = codeOf(base::ErrorCode::UNSUPPORTED_ENDPOINT_TYPE);
    answer.errorMessage = "Endpoint type " + std::to_string(question.endpointType) + " is unknown; ask for 1, brokers.";
  } else {
    answer.controllerId = controllerForClients(context.image);
    for (const auto& [id, broker] : context.image.brokers()) {
      if (broker.endpoints.empty() || (broker.fenced && !question.includeFencedBrokers)) continue;
      const auto& endpoint = broker.endpoints.front();
      answer.brokers.push_back({id, endpoint.host, endpoint.port, broker.rack, broker.fenced});
    }
  }
  context.node.network.respond(request.reply, std::move(answer));
}

}  // namespace streamscope::broker
