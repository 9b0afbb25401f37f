#include "handlers/handlers.h"
#include "partition_growth.h"

namespace streamscope::controller {

namespace {

/// There is no code for the response as a whole: every topic gets it.
protocol::CreatePartitionsResponse refuseAll(const protocol::CreatePartitionsRequest& request,
                                             const base::Error& error) {
  protocol::CreatePartitionsResponse response;
  for (const auto& topic : request.topics)
    response.results.push_back({topic.name, wireCode(error.code), error.message});
  return response;
}

}  // namespace

protocol::CreatePartitionsResponse handleCreatePartitions(QuorumController& controller,
                                                          const protocol::CreatePartitionsRequest& request) {
  if (const base::Status active = controller.checkActive(); !active) return refuseAll(request, active.error());
  PartitionGrowth growth(controller.image(), controller.clusterControl(), controller.nodeRandom());
  PartitionGrowth::Decision decision = growth.createPartitions(request);
  if (const auto appended = controller.append(decision.records); !appended) return refuseAll(request, appended.error());
  return std::move(decision.response);
}

}  // namespace streamscope::controller
