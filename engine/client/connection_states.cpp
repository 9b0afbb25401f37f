#include "connection_states.h"

#include <algorithm>

namespace streamscope::client {

namespace {

constexpr base::Duration kReconnectBackoff = std::chrono::milliseconds(50);
constexpr int32_t kDoublingsMax = 4;
constexpr base::Duration kReconnectBackoffMax = std::chrono::milliseconds(1000);

}  // namespace

bool ConnectionStates::isReady(base::BrokerId broker, base::VirtualTime now) const {
  return readyAt(broker, now) <= now;
}

base::VirtualTime ConnectionStates::readyAt(base::BrokerId broker, base::VirtualTime now) const {
  const auto found = m_connections.find(broker);
  return found == m_connections.end() ? now : std::max(now, found->second.readyAt);
}

int32_t ConnectionStates::inFlight(base::BrokerId broker) const {
  const auto found = m_connections.find(broker);
  return found == m_connections.end() ? 0 : found->second.inFlight;
}

void ConnectionStates::onAnswered(base::BrokerId broker) {
  Connection& connection = m_connections[broker];
  --connection.inFlight;
  connection.failures = 0;
}

void ConnectionStates::onBroken(base::BrokerId broker, base::VirtualTime now) {
  Connection& connection = m_connections[broker];
  --connection.inFlight;
  // Requests that break together are one broken connection.
  if (connection.readyAt > now) return;
  const int32_t doublings = std::min(connection.failures++, kDoublingsMax);
  connection.readyAt = now + std::min(kReconnectBackoff * (1 << doublings), kReconnectBackoffMax);
}

}  // namespace streamscope::client
