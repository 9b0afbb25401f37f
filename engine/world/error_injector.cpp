#include "error_injector.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "protocol/error_answer.h"
#include "world/cause_scope.h"

namespace streamscope::world {
namespace {

bool wantsNoResponse(const protocol::RequestBody& body) {
  const auto* produce = std::get_if<protocol::ProduceRequest>(&body);
  return produce != nullptr && produce->acks == 0;
}

base::TopicPartition partitionOf(const InjectedError& error) {
  if (!error.partition) return {};
  return {error.partition->topic, error.partition->partition};
}

}  // namespace

void ErrorInjector::inject(NodePlace& place, const InjectedError& error) {
  std::erase_if(place.injectedErrors, [](const InjectedError& other) { return other.times == 0; });
  place.injectedErrors.push_back(error);
  m_trace.record(
      ErrorsInjected{place.address, error.api, partitionOf(error), static_cast<int16_t>(error.error), error.times});
}

void ErrorInjector::forget(NodePlace& place, protocol::ApiKey api) {
  // Not erased: this may come while one of them is being used.
  for (InjectedError& error : place.injectedErrors)
    if (error.api == api) error.times = 0;
  m_trace.record(ErrorsInjected{place.address, api, {}, 0, 0});
}

void ErrorInjector::give(NodePlace& place, IncomingRequest request) {
  for (InjectedError& error : place.injectedErrors) {
    if (error.times == 0 || error.api != request.header.api) continue;
    // Of a fetch the response tells whether the partition is part of it.
    if (error.partition && error.api == protocol::ApiKey::Fetch) continue;
    if (error.partition ? takePartition(place, error, request) : answerWhole(place, error, request)) return;
  }
  place.node->onRequest(std::move(request));
}

bool ErrorInjector::answerWhole(NodePlace& place, InjectedError& error, IncomingRequest& request) {
  use(place, error, request.header.from, request.header.correlationId);
  Network& network = place.context->network;
  if (wantsNoResponse(request.body)) {
    network.disconnect(request.reply, "an injected error");
    return true;
  }
  auto answer = std::make_unique<protocol::ResponseBody>(protocol::errorAnswer(request.body, error.error));
  if (error.delay.count() == 0) {
    network.respond(request.reply, std::move(*answer));
    return true;
  }
  using Later = std::pair<ReplyHandle, std::unique_ptr<protocol::ResponseBody>>;
  m_scheduler.schedule(m_scheduler.now() + error.delay,
                       [this, &place, life = place.life, cause = m_trace.currentCause(),
                        later = std::make_unique<Later>(request.reply, std::move(answer))] {
                         if (place.life != life) return;
                         const CauseScope scope(m_trace, cause);
                         place.context->network.respond(later->first, std::move(*later->second));
                       });
  return true;
}

/// True when nothing is left for the node.
bool ErrorInjector::takePartition(NodePlace& place, InjectedError& error, IncomingRequest& request) {
  const auto taken = protocol::takeOutPartition(request.body, *error.partition);
  if (!taken) return false;
  use(place, error, request.header.from, request.header.correlationId);
  const bool isEmpty = protocol::namesNoPartition(request.body);
  if (wantsNoResponse(request.body)) {
    if (isEmpty) place.context->network.disconnect(request.reply, "an injected error");
    return isEmpty;
  }
  protocol::ResponseBody part = protocol::partitionErrorAnswer(*taken, error.error);
  if (isEmpty) {
    place.context->network.respond(request.reply, std::move(part));
    return true;
  }
  place.answersToAdd.emplace_back(request.reply.received, std::move(part));
  return false;
}

void ErrorInjector::amend(NodePlace& place, const ReplyHandle& reply, protocol::ResponseBody& body) {
  for (auto added = place.answersToAdd.begin(); added != place.answersToAdd.end();) {
    if (added->first != reply.received) {
      ++added;
      continue;
    }
    protocol::mergeAnswer(body, added->second);
    added = place.answersToAdd.erase(added);
  }
  if (reply.api != protocol::ApiKey::Fetch) return;
  for (InjectedError& error : place.injectedErrors) {
    if (error.times == 0 || error.api != reply.api || !error.partition) continue;
    if (protocol::replaceByError(body, *error.partition, error.error))
      use(place, error, reply.requester, reply.correlationId);
  }
}

void ErrorInjector::use(NodePlace& place, InjectedError& error, Address requester, int32_t correlationId) {
  --error.times;
  m_trace.record(InjectedErrorUsed{place.address, requester, error.api, correlationId,
                                   static_cast<int16_t>(error.error), error.times});
}

}  // namespace streamscope::world
