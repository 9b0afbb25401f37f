#include "broker_lifecycle.h"

#include <algorithm>

#include "base/assert.h"
#include "supported_features.h"

namespace streamscope::broker {
namespace {

// Kafka: half of broker.session.timeout.ms; the fixed delays of BrokerLifecycleManager.
constexpr base::Duration kCommunicationTimeout = std::chrono::milliseconds(4500);
constexpr base::Duration kStartingInterval = std::chrono::milliseconds(10);
constexpr base::Duration kFirstShutdownInterval = std::chrono::milliseconds(50);
constexpr base::Duration kFailureBackoffMin = std::chrono::milliseconds(100);
constexpr base::Duration kFailureBackoffMax = std::chrono::milliseconds(4500);
constexpr const char* kListenerName = "PLAINTEXT";

/// What the code allows; a table so that it can be read and checked.
struct Transition {
  BrokerLifecycle from, to;
};
constexpr Transition kTransitions[] = {
    {BrokerLifecycle::Starting, BrokerLifecycle::Recovery},
    {BrokerLifecycle::Starting, BrokerLifecycle::ShuttingDown},
    {BrokerLifecycle::Recovery, BrokerLifecycle::Running},
    {BrokerLifecycle::Recovery, BrokerLifecycle::ShuttingDown},
    {BrokerLifecycle::Running, BrokerLifecycle::PendingControlledShutdown},
    {BrokerLifecycle::PendingControlledShutdown, BrokerLifecycle::ShuttingDown},
};

}  // namespace

BrokerLifecycleManager::BrokerLifecycleManager(world::NodeContext& context, const BrokerConfig& config,
                                               ControllerChannel& controller, Callbacks callbacks)
    : m_context(context), m_config(config), m_controller(controller), m_callbacks(std::move(callbacks)) {}

void BrokerLifecycleManager::start(std::vector<base::Uuid> directories, int64_t previousBrokerEpoch) {
  m_incarnationId = m_context.random.uuid();
  m_directories = std::move(directories);
  m_previousBrokerEpoch = previousBrokerEpoch;
  registerBroker();
}

void BrokerLifecycleManager::moveTo(BrokerLifecycle state) {
  const bool isAllowed = std::ranges::any_of(
      kTransitions, [&](const Transition& allowed) { return allowed.from == m_state && allowed.to == state; });
  STREAMSCOPE_ASSERT(isAllowed);
  m_state = state;
}

void BrokerLifecycleManager::setReadyToUnfence() {
  m_isReadyToUnfence = true;
  communicateAfter(base::Duration::zero());
}

void BrokerLifecycleManager::beginControlledShutdown() {
  if (m_state == BrokerLifecycle::PendingControlledShutdown || m_state == BrokerLifecycle::ShuttingDown) return;
  if (m_state != BrokerLifecycle::Running) {
    // Never unfenced: nothing is led here and nobody waits.
    moveTo(BrokerLifecycle::ShuttingDown);
    m_callbacks.onShouldShutDown();
    return;
  }
  moveTo(BrokerLifecycle::PendingControlledShutdown);
  communicateAfter(base::Duration::zero());
}

void BrokerLifecycleManager::tellDirectoryFailure(const base::Uuid& directory) {
  m_offlineDirectories.emplace(directory, false);
  if (m_brokerEpoch != -1) communicateAfter(base::Duration::zero());
  m_context.timers.after(m_config.logDirFailureTimeout, [this, directory] {
    if (!m_offlineDirectories.at(directory)) m_callbacks.onFailureUntold();
  });
}

// When to speak.

void BrokerLifecycleManager::communicateAfter(base::Duration delay) {
  if (m_isInFlight) {
    m_isUrgent = m_isUrgent || delay == base::Duration::zero();
    return;
  }
  m_context.timers.cancel(m_timer);
  m_timer = 0;
  if (delay == base::Duration::zero()) return communicate();
  m_timer = m_context.timers.after(delay, [this] {
    m_timer = 0;
    communicate();
  });
}

void BrokerLifecycleManager::communicateAfterFailure() {
  const base::Duration backoff = std::min(kFailureBackoffMax, kFailureBackoffMin * (1 << std::min(m_failures, 6)));
  ++m_failures;
  communicateAfter(backoff);
}

void BrokerLifecycleManager::communicate() {
  if (m_state == BrokerLifecycle::ShuttingDown) return;
  if (m_brokerEpoch == -1)
    registerBroker();
  else
    heartbeat();
}

// Registration.

void BrokerLifecycleManager::registerBroker() {
  protocol::BrokerRegistrationRequest request;
  request.brokerId = m_config.nodeId;
  request.clusterId = m_config.clusterId;
  request.incarnationId = m_incarnationId;
  request.rack = m_config.rack;
  request.logDirs = m_directories;
  request.previousBrokerEpoch = m_previousBrokerEpoch;
  protocol::BrokerRegistrationRequest::Listener listener;
  listener.name = kListenerName;
  listener.host = m_config.advertisedHost;
  listener.port = m_config.advertisedPort;
  request.listeners.push_back(std::move(listener));
  const auto tell = [&request](const FeatureRange& range) {
    protocol::BrokerRegistrationRequest::Feature feature;
    feature.name = range.name;
    feature.minSupportedVersion = range.min;
    feature.maxSupportedVersion = range.max;
    request.features.push_back(std::move(feature));
  };
  std::for_each(kSupportedFeatures.begin(), kSupportedFeatures.end(), tell);
  std::for_each(kToleratedFeatures.begin(), kToleratedFeatures.end(), tell);
  m_isInFlight = true;
  m_controller.send(std::move(request), kCommunicationTimeout,
                    [this](world::Response response) { onRegistration(response); });
}

void BrokerLifecycleManager::onRegistration(const world::Response& response) {
  m_isInFlight = false;
  if (m_state == BrokerLifecycle::ShuttingDown) return;
  const auto* registered = receivedBody<protocol::BrokerRegistrationResponse>(response);
  // DUPLICATE_BROKER_REGISTRATION ends when the session of the earlier process has run out.
  if (registered == nullptr || registered->errorCode != 0) return communicateAfterFailure();
  m_failures = 0;
  m_brokerEpoch = registered->brokerEpoch;
  communicateAfter(base::Duration::zero());
}

// Heartbeats.

void BrokerLifecycleManager::heartbeat() {
  protocol::BrokerHeartbeatRequest request;
  request.brokerId = m_config.nodeId;
  request.brokerEpoch = m_brokerEpoch;
  request.currentMetadataOffset = m_metadataOffset;
  request.wantFence = !m_isReadyToUnfence;
  request.wantShutDown = m_state == BrokerLifecycle::PendingControlledShutdown;
  for (const auto& [directory, isTold] : m_offlineDirectories) request.offlineLogDirs.push_back(directory);
  m_isInFlight = true;
  m_isUrgent = false;
  std::vector<base::Uuid> offline = request.offlineLogDirs;
  m_controller.send(std::move(request), kCommunicationTimeout,
                    [this, offline = std::move(offline)](world::Response response) { onHeartbeat(offline, response); });
}

void BrokerLifecycleManager::onHeartbeat(const std::vector<base::Uuid>& offlineTold, const world::Response& response) {
  m_isInFlight = false;
  if (m_state == BrokerLifecycle::ShuttingDown) return;
  const auto* answer = receivedBody<protocol::BrokerHeartbeatResponse>(response);
  if (answer == nullptr || answer->errorCode != 0) return communicateAfterFailure();
  m_failures = 0;
  for (const base::Uuid& directory : offlineTold) m_offlineDirectories[directory] = true;
  m_isFenced = answer->isFenced;
  base::Duration next = m_config.brokerHeartbeatInterval;
  switch (m_state) {
    case BrokerLifecycle::Starting:
      if (answer->isCaughtUp) {
        moveTo(BrokerLifecycle::Recovery);
        m_callbacks.onCaughtUp();
      } else {
        next = kStartingInterval;
      }
      break;
    case BrokerLifecycle::Recovery:
      if (m_isReadyToUnfence && !m_isFenced) moveTo(BrokerLifecycle::Running);
      // Until the controller has seen that this broker caught up again, it stays fenced; ask soon.
      if (m_isReadyToUnfence && m_isFenced) next = kStartingInterval;
      break;
    case BrokerLifecycle::Running:
      break;
    case BrokerLifecycle::PendingControlledShutdown:
      if (answer->shouldShutDown) {
        moveTo(BrokerLifecycle::ShuttingDown);
        m_callbacks.onShouldShutDown();
        return;
      }
      if (!m_hasAskedForShutdown) next = kFirstShutdownInterval;
      m_hasAskedForShutdown = true;
      break;
    case BrokerLifecycle::ShuttingDown:
      break;
  }
  // onCaughtUp may have spoken already.
  if (m_isInFlight) return;
  communicateAfter(m_isUrgent ? base::Duration::zero() : next);
}

}  // namespace streamscope::broker
