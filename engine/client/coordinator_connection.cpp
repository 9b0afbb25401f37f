#include "coordinator_connection.h"

#include <utility>
#include <variant>

#include "api_versions_spoken.h"
#include "backoff.h"

namespace streamscope::client {

namespace {

/// Kafka: FindCoordinatorRequest.CoordinatorType.GROUP.
constexpr int8_t kGroupKeyType = 0;

}  // namespace

CoordinatorConnection::CoordinatorConnection(world::NodeContext& context, const ConsumerConfig& config,
                                             ClusterMetadata& metadata, ConnectionStates& connections,
                                             std::function<void()> onProgress)
    : m_context(context),
      m_config(config),
      m_metadata(metadata),
      m_connections(connections),
      m_onProgress(std::move(onProgress)) {}

void CoordinatorConnection::find() {
  if (isKnown() || m_isLooking || m_retryTimer != 0) return;
  const base::BrokerId broker = m_metadata.anyBroker();
  protocol::FindCoordinatorRequest request;
  request.keyType = kGroupKeyType;
  request.coordinatorKeys = {m_config.groupId};
  m_isLooking = true;
  m_connections.onSent(broker);
  m_context.network.send(world::brokerAddress(broker), version::kFindCoordinator, std::move(request),
                         m_config.requestTimeout,
                         [this, broker](const world::Response& response) { onFindResponse(broker, response); });
}

void CoordinatorConnection::onFindResponse(base::BrokerId asked, const world::Response& response) {
  m_isLooking = false;
  if (response.outcome != world::Response::Outcome::Received) {
    m_connections.onBroken(asked, m_context.clock.now());
    return lookAgainLater();
  }
  m_connections.onAnswered(asked);
  const auto* body = std::get_if<protocol::FindCoordinatorResponse>(&response.body);
  if (body == nullptr || body->coordinators.size() != 1 || body->coordinators.front().errorCode != 0)
    return lookAgainLater();
  m_failures = 0;
  m_coordinator = body->coordinators.front().nodeId;
  if (m_onFound) m_onFound();
  m_onProgress();
}

void CoordinatorConnection::lookAgainLater() {
  m_metadata.requestUpdate();
  m_retryTimer = m_context.timers.after(retryBackoff(m_config.retryBackoff, m_failures++, m_context.random), [this] {
    m_retryTimer = 0;
    m_onProgress();
  });
}

void CoordinatorConnection::giveUp() {
  m_coordinator = base::kNoBroker;
  for (const auto& [request, handler] : std::exchange(m_waiting, {})) handler(nullptr);
}

void CoordinatorConnection::send(int16_t version, protocol::RequestBody request, base::Duration timeout,
                                 Handler handler) {
  if (!isKnown()) return handler(nullptr);
  const uint64_t number = ++m_lastRequest;
  m_waiting.emplace(number, std::move(handler));
  m_connections.onSent(m_coordinator);
  m_context.network.send(world::brokerAddress(m_coordinator), version, std::move(request), timeout,
                         [this, number, coordinator = m_coordinator](const world::Response& response) {
                           onResponse(number, coordinator, response);
                         });
}

void CoordinatorConnection::onResponse(uint64_t request, base::BrokerId coordinator, const world::Response& response) {
  const bool isReceived = response.outcome == world::Response::Outcome::Received;
  if (isReceived)
    m_connections.onAnswered(coordinator);
  else
    m_connections.onBroken(coordinator, m_context.clock.now());
  const auto waiting = m_waiting.find(request);
  if (waiting == m_waiting.end()) return;
  const Handler handler = std::move(waiting->second);
  m_waiting.erase(waiting);
  if (isReceived) return handler(&response.body);
  if (coordinator == m_coordinator) giveUp();
  handler(nullptr);
}

}  // namespace streamscope::client
