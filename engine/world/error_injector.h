#pragma once

#include "node_table.h"
#include "trace_recorder.h"
#include "world/injected_error.h"
#include "world/node.h"
#include "world/scheduler.h"

namespace streamscope::world {

/// Stands between the network and a node: gives it its requests, or answers in its place with the errors that were
/// ordered for it (NodePlace::injectedErrors, the oldest first).
class ErrorInjector {
 public:
  ErrorInjector(Scheduler& scheduler, TraceRecorder& trace) : m_scheduler(scheduler), m_trace(trace) {}

  void inject(NodePlace& place, const InjectedError& error);
  /// Takes all orders for this API back.
  void forget(NodePlace& place, protocol::ApiKey api);

  /// The node's request, or an answer without it.
  void give(NodePlace& place, IncomingRequest request);
  /// On its way out: partitions that have to be answered with an error are.
  void amend(NodePlace& place, const ReplyHandle& reply, protocol::ResponseBody& body);

 private:
  bool answerWhole(NodePlace& place, InjectedError& error, IncomingRequest& request);
  bool takePartition(NodePlace& place, InjectedError& error, IncomingRequest& request);
  void use(NodePlace& place, InjectedError& error, Address requester, int32_t correlationId);

  Scheduler& m_scheduler;
  TraceRecorder& m_trace;
};

}  // namespace streamscope::world
