#pragma once

#include <vector>

#include "error_injector.h"
#include "message_pool.h"
#include "node_table.h"
#include "trace_recorder.h"
#include "world/message_in_flight.h"
#include "world/scheduler.h"
#include "world/world.h"

namespace streamscope::world {

/// The network between the nodes of a world: links with latency that keep order, requests with their timeouts, and what
/// becomes of both when a link is cut or a node dies. Real clients are the ExternalPort's business.
class MessageNetwork {
 public:
  /// The pool must outlive the scheduler, whose events hold messages.
  MessageNetwork(const WorldConfig& config, MessagePool& pool, Scheduler& scheduler, TraceRecorder& trace,
                 NodeTable& nodes, ErrorInjector& injector);

  void send(NodePlace& from, Address to, int16_t version, protocol::RequestBody body, base::Duration timeout,
            ResponseHandler onResponse, bool expectResponse);
  void respond(NodePlace& from, const ReplyHandle& reply, protocol::ResponseBody body);
  /// Ends the requester's connection to `from`.
  void disconnect(NodePlace& from, const ReplyHandle& reply);

  LinkConditions normalConditions() const { return {m_config.linkLatency, m_config.linkJitter}; }
  void setConditions(Address from, Address to, const LinkConditions& conditions);
  LinkConditions conditions(Address from, Address to) const;
  void cutLink(Address from, Address to);
  void healLink(Address from, Address to);
  bool isLinkCut(Address from, Address to) const;

  /// The node of `dead` is gone because of the event `cause`: its own requests are forgotten, whoever waits for it is
  /// told by a reset.
  void forgetNode(NodePlace& dead, EventId cause);

  std::vector<MessageInFlight> messagesInFlight() const;

 private:
  Link& link(NodePlace& from, NodePlace& to);
  const Link* findLink(Address from, Address to) const;
  /// Draws how a message fares on the link: when it arrives, or that TCP gives up. `bytes` is its encoded size.
  void plan(Message& message, Link& link, uint64_t bytes);
  void launch(MessagePointer message, Link& link);
  /// The same request once more, if the link does such things.
  void maybeDuplicate(const Message& request, Link& link);
  void sendReset(NodePlace& from, NodePlace& to, uint32_t connection, EventId cause);

  void arrive(MessagePointer message);
  void arriveRequest(MessagePointer message, Link& link);
  void handleRequest(Message& message);
  void handleResponse(Message& message);
  void handleReset(NodePlace& requester, NodePlace& responder, uint32_t connection, EventId cause);
  void timeOut(NodePlace& requester, NodePlace& responder, int32_t correlationId);
  void forgetBacklog(Link& link, Message::Kind kind) const;
  void drop(const Message& message);

  const WorldConfig& m_config;
  MessagePool& m_pool;
  Scheduler& m_scheduler;
  TraceRecorder& m_trace;
  NodeTable& m_nodes;
  ErrorInjector& m_injector;
  base::Random m_random;
};

}  // namespace streamscope::world
