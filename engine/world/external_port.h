#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "error_injector.h"
#include "node_table.h"
#include "protocol/codec.h"
#include "trace_recorder.h"
#include "world/external_port.h"
#include "world/scheduler.h"
#include "world/world.h"

namespace streamscope::world {

/// Where real clients' connections meet the world: frames become requests for a broker node, responses become frames.
/// As in Kafka a connection's requests are worked on one at a time and in order; the next is looked at when the
/// response to the one before has gone out.
class ExternalPort {
 public:
  ExternalPort(Scheduler& scheduler, TraceRecorder& trace, NodeTable& nodes, ErrorInjector& injector)
      : m_scheduler(scheduler), m_trace(trace), m_nodes(nodes), m_injector(injector) {}

  Address open(Address broker, const std::string& peer, ExternalConnectionSink* sink);
  void frame(Address connection, base::ByteView bytes);
  /// The client's side closed.
  void closedByClient(Address connection, const std::string& reason);
  /// Ends every connection of a broker that died.
  void closeAllOf(Address broker, const std::string& reason);

  /// `from` answers, or ends the connection instead. Nothing happens when the connection or that life of the broker is
  /// over.
  void respond(NodePlace& from, const ReplyHandle& reply, const protocol::ResponseBody& body);
  void disconnect(NodePlace& from, const ReplyHandle& reply, const std::string& reason);

  bool wantsMore(Address connection) const;
  std::vector<ExternalConnectionState> connections() const;

 private:
  struct Connection {
    ExternalConnectionState state;
    ExternalConnectionSink* sink = nullptr;
    std::deque<base::SharedBytes> queue;
    size_t queuedBytes = 0;
    /// A frame is with the broker, or about to be; nothing more is taken from the queue until that is done with.
    bool isBusy = false;
    /// The RequestReceived of the request that waits for its response; 0 when none does. Correlation ids are the
    /// client's and may repeat.
    EventId awaited = 0;
  };

  Connection* find(Address connection);
  /// The broker's place, null when it is not up.
  NodePlace* brokerOf(const Connection& connection) const;
  /// Hands the oldest frame to the broker when it is its turn.
  void pump(Connection& connection);
  void handleNext(Address address);
  void handleFrame(Connection& connection, NodePlace& broker, const base::SharedBytes& frame);
  void refuseVersion(Connection& connection, NodePlace& broker, const protocol::DecodedRequestHeader& header);
  void noteRequest(Connection& connection, const protocol::RequestHeader& header, const protocol::RequestBody& body);
  EventId recordRequest(const Connection& connection, const protocol::RequestHeader& header,
                        const protocol::RequestBody* body);
  void sendResponse(Connection& connection, protocol::ApiKey api, int16_t version, int32_t correlationId,
                    const protocol::ResponseBody& body);
  /// The request is done with; the next one follows as an event of its own.
  void release(Connection& connection);
  /// `connection` is gone afterwards.
  void close(Connection& connection, const std::string& reason, bool tellSink);

  Scheduler& m_scheduler;
  TraceRecorder& m_trace;
  NodeTable& m_nodes;
  ErrorInjector& m_injector;
  /// By id.
  std::map<int32_t, Connection> m_connections;
  int32_t m_lastId = 0;
};

}  // namespace streamscope::world
