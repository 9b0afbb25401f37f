#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/virtual_time.h"
#include "protocol/message.h"
#include "world/address.h"
#include "world/trace.h"

namespace streamscope::world {

/// What a request tells about itself beside its body, wherever it came from.
struct RequestHeader {
  protocol::ApiKey api{};
  int16_t version = 0;
  int32_t correlationId = 0;
  std::string clientId;
  Address from;
  /// Where a client is, as Kafka tells it ("/127.0.0.1"); of a node of the world its name ("client 3").
  std::string clientHost;
};

/// The way back to whoever sent a request. Use it once; not using it means there is no response (Produce with acks=0).
/// Copyable, and harmless after the sender or the receiver has gone: the response is then dropped.
struct ReplyHandle {
  Address requester, responder;
  /// Which life of the requester and responder this belongs to; a restart makes older handles dead.
  uint32_t requesterLife = 0, responderLife = 0;
  protocol::ApiKey api{};
  int16_t version = 0;
  int32_t correlationId = 0;
  /// The RequestReceived event, the cause of the response.
  EventId received = 0;
};

struct IncomingRequest {
  RequestHeader header;
  protocol::RequestBody body;
  ReplyHandle reply;
};

/// How a request ended for its sender.
struct Response {
  enum class Outcome : uint8_t { Received, TimedOut, Disconnected };
  Outcome outcome = Outcome::Received;
  /// Set only when received.
  protocol::ResponseBody body;
};

using ResponseHandler = std::function<void(Response)>;

/// A node's wire. Requests between two nodes arrive in the order they were sent, one connection for each pair, as over
/// TCP: latency delays, a cut link silently loses (the sender's timeout tells), a dead receiver disconnects.
class Network {
 public:
  virtual ~Network() = default;

  /// Sends to another node. `onResponse` runs exactly once on this node, unless this node dies first. `timeout` counts
  /// from now (Kafka: request.timeout.ms).
  /// `expectResponse` false: fire and forget (acks=0); `onResponse` is then not called on success.
  virtual void send(Address to, int16_t version, protocol::RequestBody body, base::Duration timeout,
                    ResponseHandler onResponse, bool expectResponse = true) = 0;

  virtual void respond(const ReplyHandle& reply, protocol::ResponseBody body) = 0;

  /// Ends the requester's connection instead of answering, as Kafka does for acks=0 with an error or bytes it cannot
  /// parse. For a simulated client all its requests to this node in flight end as Disconnected.
  virtual void disconnect(const ReplyHandle& reply, const std::string& reason) = 0;
};

}  // namespace streamscope::world
