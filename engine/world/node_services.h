#pragma once

#include <functional>
#include <string>

#include "external_port.h"
#include "message_network.h"
#include "node_clock.h"
#include "node_table.h"
#include "trace_recorder.h"
#include "world/node.h"
#include "world/scheduler.h"

namespace streamscope::world {

/// One node's clock, timers and wire.
class NodeServices final : public Timers, public Network {
 public:
  NodeServices(NodePlace& place, Scheduler& scheduler, TraceRecorder& trace, NodeTable& nodes, MessageNetwork& network,
               ExternalPort& external, ErrorInjector& injector, base::TimestampMs startMs)
      : m_place(place),
        m_scheduler(scheduler),
        m_trace(trace),
        m_nodes(nodes),
        m_network(network),
        m_external(external),
        m_injector(injector),
        m_clock(scheduler, startMs) {}

  NodeClock& clock() { return m_clock; }

  TimerId after(base::Duration delay, std::function<void()> action) override;
  void cancel(TimerId timer) override;

  void send(Address to, int16_t version, protocol::RequestBody body, base::Duration timeout, ResponseHandler onResponse,
            bool expectResponse) override;
  void respond(const ReplyHandle& reply, protocol::ResponseBody body) override;
  void disconnect(const ReplyHandle& reply, const std::string& reason) override;

 private:
  NodePlace& m_place;
  Scheduler& m_scheduler;
  TraceRecorder& m_trace;
  NodeTable& m_nodes;
  MessageNetwork& m_network;
  ExternalPort& m_external;
  ErrorInjector& m_injector;
  NodeClock m_clock;
};

}  // namespace streamscope::world
