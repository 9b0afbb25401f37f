#pragma once

#include <asio.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "base/topic_partition.h"
#include "frame_reader.h"
#include "world/world.h"

namespace streamscope::gateway {

class Connection;

/// Who owns connections: the engine's loop.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  /// One frame without its size; the view is valid during the call.
  virtual void onFrame(Connection& connection, base::ByteView frame) = 0;
  /// Responses wait; call `flush` when the lab has had its turn, so that several leave in one write.
  virtual void onResponsesWaiting(Connection& connection) = 0;
  /// The socket is closed, for whatever reason; the last call for this connection. The owner may drop it afterwards.
  virtual void onClosed(Connection& connection, const std::string& reason) = 0;
  /// False holds the client at its socket: the lab or the broker is paused, or the broker has enough to do.
  virtual bool mayRead(const Connection& connection) const = 0;
};

/// A real client's TCP connection to one broker: frames in, responses out, with back-pressure both ways. Lives on the
/// engine's thread. Waits for readiness instead of handing the system a buffer, so that while the client is held
/// nothing is read and TCP itself slows it down.
class Connection : public world::ExternalConnectionSink, public std::enable_shared_from_this<Connection> {
 public:
  struct Limits {
    /// Kafka: socket.request.max.bytes.
    uint32_t frameBytesMax = 104'857'600;
    /// Nothing is read while more response bytes than this wait for a client that does not read.
    size_t unsentBytesMax = 4 * 1024 * 1024;
    /// Bytes of one connection before others get their turn.
    size_t turnBytesMax = 2 * 1024 * 1024;
  };

  Connection(asio::ip::tcp::socket socket, base::BrokerId broker, ConnectionOwner& owner, Limits limits);

  base::BrokerId broker() const { return m_broker; }
  /// "127.0.0.1:51234".
  const std::string& peer() const { return m_peer; }
  /// Its address in the world, once the owner has opened it there.
  world::Address address() const { return m_address; }
  void setAddress(world::Address address) { m_address = address; }
  bool isOpen() const { return m_state != State::Closed; }
  /// True when the world closed it, and so knows.
  bool wasClosedByBroker() const { return m_wasClosedByBroker; }
  std::chrono::steady_clock::time_point lastHeard() const { return m_lastHeard; }
  /// Starts its idle time anew.
  void noteHeard(std::chrono::steady_clock::time_point now) { m_lastHeard = now; }

  /// Waits for bytes unless it does already or is held; call again when what held it has passed.
  void resumeReading();
  /// Sends what waits, as far as the socket takes it; the rest follows by itself.
  void flush();
  /// Closes at once; unsent responses are lost, as when a process dies.
  void abort(const std::string& reason);

  void sendFrame(base::Bytes frame) override;
  /// Sends what waits, then closes.
  void close(const std::string& reason) override;

 private:
  enum class State { Open, Closing, Closed };

  void onReadable(const asio::error_code& error);
  /// False when the connection is to be read no further now.
  bool handOutFrames();
  void waitUntilWritable();
  void hasWritten(size_t count);

  asio::ip::tcp::socket m_socket;
  const base::BrokerId m_broker;
  ConnectionOwner& m_owner;
  const Limits m_limits;
  std::string m_peer;
  world::Address m_address{world::NodeKind::External, 0};
  State m_state = State::Open;
  std::string m_closeReason;
  bool m_wasClosedByBroker = false;

  FrameReader m_reader;
  bool m_isWaitingToRead = false;
  std::chrono::steady_clock::time_point m_lastHeard;

  std::deque<base::Bytes> m_unsent;
  /// Bytes of m_unsent.front() that have left.
  size_t m_frontSent = 0;
  size_t m_unsentBytes = 0;
  bool m_isWaitingToWrite = false;
  bool m_toldResponsesWait = false;
};

}  // namespace streamscope::gateway
