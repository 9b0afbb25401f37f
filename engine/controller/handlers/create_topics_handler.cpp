#include "handlers/handlers.h"
#include "topic_creation.h"

namespace streamscope::controller {

namespace {

/// There is no code for the response as a whole: every topic gets it.
protocol::CreateTopicsResponse refuseAll(const protocol::CreateTopicsRequest& request, const base::Error& error) {
  protocol::CreateTopicsResponse response;
  for (const auto& topic : request.topics) {
    auto& result = response.topics.emplace_back();
    result.name = topic.name;
    result.errorCode = wireCode(error.code);
    result.errorMessage = error.message;
  }
  return response;
}

}  // namespace

protocol::CreateTopicsResponse handleCreateTopics(QuorumController& controller,
                                                  const protocol::CreateTopicsRequest& request) {
  if (const base::Status active = controller.checkActive(); !active) return refuseAll(request, active.error());
  TopicCreation creation(controller.image(), controller.clusterControl(), controller.config(), controller.nodeRandom());
  const TopicCreation::Decision decision = creation.createTopics(request);
  if (const auto committed = controller.append(decision.records); !committed)
    return refuseAll(request, committed.error());
  return decision.response;
}

}  // namespace streamscope::controller
