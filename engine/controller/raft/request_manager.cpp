#include "request_manager.h"

#include <algorithm>

namespace streamscope::controller {

RequestManager::RequestManager(const std::vector<int32_t>& others, base::Duration retryBackoff)
    : m_retryBackoff(retryBackoff) {
  for (const int32_t other : others) m_connections[other];
}

bool RequestManager::isReady(int32_t destination, base::VirtualTime now) const {
  const auto found = m_connections.find(destination);
  return found != m_connections.end() && found->second.inFlight == 0 && found->second.backoffEnd <= now;
}

bool RequestManager::isBackingOff(int32_t destination, base::VirtualTime now) const {
  return backoffEnd(destination) > now;
}

bool RequestManager::hasAnyInFlight() const {
  return std::any_of(m_connections.begin(), m_connections.end(),
                     [](const auto& connection) { return connection.second.inFlight != 0; });
}

base::VirtualTime RequestManager::backoffEnd(int32_t destination) const {
  const auto found = m_connections.find(destination);
  return found == m_connections.end() ? base::VirtualTime{} : found->second.backoffEnd;
}

base::VirtualTime RequestManager::earliestBackoffEnd() const {
  base::VirtualTime earliest = base::kVirtualTimeMax;
  for (const auto& [destination, connection] : m_connections)
    if (connection.inFlight == 0) earliest = std::min(earliest, connection.backoffEnd);
  return earliest;
}

std::optional<int32_t> RequestManager::anyReady(base::VirtualTime now, base::Random& random) const {
  std::vector<int32_t> ready;
  for (const auto& [destination, connection] : m_connections)
    if (isReady(destination, now)) ready.push_back(destination);
  if (ready.empty()) return std::nullopt;
  return ready[random.below(ready.size())];
}

uint64_t RequestManager::onSent(int32_t destination) {
  return m_connections.at(destination).inFlight = ++m_lastRequest;
}

bool RequestManager::isInFlight(int32_t destination, uint64_t request) const {
  return m_connections.at(destination).inFlight == request;
}

void RequestManager::onAnswered(int32_t destination, uint64_t request, bool isSuccess, base::VirtualTime now) {
  if (!isInFlight(destination, request)) return;
  Connection& connection = m_connections.at(destination);
  connection.inFlight = 0;
  if (!isSuccess) connection.backoffEnd = now + m_retryBackoff;
}

void RequestManager::reset() {
  for (auto& [destination, connection] : m_connections) connection = {};
}

}  // namespace streamscope::controller
