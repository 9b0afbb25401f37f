#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "connection.h"
#include "listener.h"

namespace streamscope::gateway {

/// One broker's door to the outside: its listener and the connections that came through it. Follows the broker's life:
/// a dead process has no listener, a stopped one (SIGSTOP, or the lab paused) keeps its sockets and serves none.
class BrokerGate {
 public:
  enum class Condition : uint8_t { Closed, Held, Serving };

  /// `listener` is open; its port is the broker's for the life of this object.
  BrokerGate(base::BrokerId broker, std::unique_ptr<Listener> listener);

  base::BrokerId broker() const { return m_broker; }
  uint16_t port() const { return m_port; }
  bool isServing() const { return m_condition == Condition::Serving; }
  size_t connectionCount() const { return m_connections.size(); }

  /// Brings listener and connections into this condition. Returns a notice when the port cannot be had again after a
  /// restart; it is tried again every second.
  std::string follow(Condition wanted, std::chrono::steady_clock::time_point now,
                     const std::function<void(asio::ip::tcp::socket)>& onAccepted);

  void add(const std::shared_ptr<Connection>& connection) { m_connections.emplace(connection->address(), connection); }
  void remove(const Connection& connection) { m_connections.erase(connection.address()); }
  /// Lets connections that were held read on.
  void resumeReading();
  /// Ends connections that have been silent since before then (Kafka: connections.max.idle.ms). Time during which the
  /// gate did not serve is not silence: it starts anew with Serving.
  void abortIdle(std::chrono::steady_clock::time_point heardBefore);
  void abortAll(const std::string& reason);

 private:
  const base::BrokerId m_broker;
  const uint16_t m_port;
  std::unique_ptr<Listener> m_listener;
  Condition m_condition = Condition::Held;
  std::chrono::steady_clock::time_point m_tryAgainAt{};
  bool m_saidPortIsTaken = false;
  std::map<world::Address, std::shared_ptr<Connection>> m_connections;
};

}  // namespace streamscope::gateway
