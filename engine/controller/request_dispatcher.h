#pragma once

#include "handlers/metadata_fetch_handler.h"
#include "quorum_controller.h"
#include "world/node.h"

namespace streamscope::controller {

/// Hands each request to its handler and sends the answer. A request, or a version of one, that a controller does not
/// serve ends the connection, as Kafka does with an api key that is not enabled on a listener.
class RequestDispatcher {
 public:
  RequestDispatcher(world::NodeContext& context, QuorumController& controller);

  void dispatch(const world::IncomingRequest& request);
  void onLogChanged() { m_fetchHandler.onLogChanged(); }

 private:
  /// Requests about the quorum itself, which every voter answers at once.
  void dispatchToQuorum(const world::IncomingRequest& request);
  template <class Request, class Handler>
  void decide(const world::IncomingRequest& incoming, const Request& request, Handler handler);

  world::NodeContext& m_context;
  QuorumController& m_controller;
  MetadataFetchHandler m_fetchHandler;
};

}  // namespace streamscope::controller
