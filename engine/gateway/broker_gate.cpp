#include "broker_gate.h"

#include <vector>

namespace streamscope::gateway {
namespace {

constexpr std::chrono::seconds kTryAgainAfter{1};

}  // namespace

BrokerGate::BrokerGate(base::BrokerId broker, std::unique_ptr<Listener> listener)
    : m_broker(broker), m_port(listener->port()), m_listener(std::move(listener)) {}

std::string BrokerGate::follow(Condition wanted, std::chrono::steady_clock::time_point now,
                               const std::function<void(asio::ip::tcp::socket)>& onAccepted) {
  if (wanted == m_condition) return {};
  if (wanted == Condition::Closed) {
    m_listener->close();
    m_condition = wanted;
    m_tryAgainAt = {};
    m_saidPortIsTaken = false;
    abortAll("The broker's process has ended.");
    return {};
  }
  if (!m_listener->isOpen()) {
    if (now < m_tryAgainAt) return {};
    if (const asio::error_code error = m_listener->open(m_port)) {
      m_tryAgainAt = now + kTryAgainAfter;
      if (std::exchange(m_saidPortIsTaken, true)) return {};
      return "Port " + std::to_string(m_port) + " of broker " + std::to_string(m_broker) +
             " was taken while it was down (" + error.message() +
             "); real clients reach it again once the port is free.";
    }
  }
  m_condition = wanted;
  if (wanted == Condition::Serving) {
    // While nobody listened they could not be heard.
    for (const auto& [address, connection] : m_connections) connection->noteHeard(now);
    m_listener->startAccepting(onAccepted);
  } else {
    m_listener->stopAccepting();
  }
  return {};
}

void BrokerGate::resumeReading() {
  for (const auto& [address, connection] : m_connections) connection->resumeReading();
}

void BrokerGate::abortIdle(std::chrono::steady_clock::time_point heardBefore) {
  // Ending a connection removes it from the map.
  std::vector<std::shared_ptr<Connection>> idle;
  for (const auto& [address, connection] : m_connections) {
    if (connection->lastHeard() < heardBefore) idle.push_back(connection);
  }
  for (const auto& connection : idle) connection->abort("Nothing was heard for connections.max.idle.ms.");
}

void BrokerGate::abortAll(const std::string& reason) {
  const auto connections = m_connections;
  for (const auto& [address, connection] : connections) connection->abort(reason);
}

}  // namespace streamscope::gateway
