#include <utility>

#include "configuration_control.h"
#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

/// There is no code for the response as a whole: every resource gets it.
template <class Response, class Request>
Response refuseAll(const Request& request, const base::Error& error) {
  Response response;
  for (const auto& resource : request.resources)
    response.responses.push_back({wireCode(error.code), error.message, resource.resourceType, resource.resourceName});
  return response;
}

template <class Response, class Request, class Decide>
Response alter(QuorumController& controller, const Request& request, const Decide& decide) {
  if (const base::Status active = controller.checkActive(); !active)
    return refuseAll<Response>(request, active.error());
  auto decision = decide(ConfigurationControl(controller.image()));
  if (const auto appended = controller.append(decision.records); !appended)
    return refuseAll<Response>(request, appended.error());
  return std::move(decision.response);
}

}  // namespace

protocol::IncrementalAlterConfigsResponse handleIncrementalAlterConfigs(
    QuorumController& controller, const protocol::IncrementalAlterConfigsRequest& request) {
  return alter<protocol::IncrementalAlterConfigsResponse>(
      controller, request,
      [&request](const ConfigurationControl& control) { return control.alterIncrementally(request); });
}

protocol::AlterConfigsResponse handleAlterConfigs(QuorumController& controller,
                                                  const protocol::AlterConfigsRequest& request) {
  return alter<protocol::AlterConfigsResponse>(
      controller, request, [&request](const ConfigurationControl& control) { return control.replace(request); });
}

}  // namespace streamscope::controller
