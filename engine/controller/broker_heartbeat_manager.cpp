#include "broker_heartbeat_manager.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"

namespace streamscope::controller {

BrokerHeartbeatManager::BrokerHeartbeatManager(const MetadataImage& image, const world::Clock& clock,
                                               base::Duration sessionTimeout)
    : m_image(image), m_clock(clock), m_sessionTimeout(sessionTimeout) {}

void BrokerHeartbeatManager::activate() {
  m_brokers.clear();
  for (const auto& [id, registration] : m_image.brokers()) {
    BrokerHeartbeatState& state = m_brokers[id];
    state.brokerEpoch = registration.epoch;
    if (!registration.fenced) state.lastContact = m_clock.now();
  }
}

void BrokerHeartbeatManager::onRegistered(base::BrokerId broker, int64_t brokerEpoch) {
  BrokerHeartbeatState& state = m_brokers[broker];
  if (state.brokerEpoch == brokerEpoch) return;
  state = {};
  state.brokerEpoch = brokerEpoch;
}

const BrokerHeartbeatManager::BrokerHeartbeatState* BrokerHeartbeatManager::find(base::BrokerId broker) const {
  const auto found = m_brokers.find(broker);
  return found == m_brokers.end() ? nullptr : &found->second;
}

void BrokerHeartbeatManager::contact(base::BrokerId broker) {
  m_brokers[broker].lastContact = m_clock.now();
}

void BrokerHeartbeatManager::touch(base::BrokerId broker, bool fenced, base::Offset metadataOffset) {
  BrokerHeartbeatState& state = m_brokers[broker];
  state.metadataOffset = metadataOffset;
  if (fenced) state.controlledShutdownOffset = -1;
}

bool BrokerHeartbeatManager::isExpired(base::VirtualTime lastContact) const {
  return lastContact + m_sessionTimeout < m_clock.now();
}

bool BrokerHeartbeatManager::hasValidSession(base::BrokerId broker) const {
  const BrokerHeartbeatState* state = find(broker);
  return state != nullptr && state->lastContact && !isExpired(*state->lastContact);
}

base::Duration BrokerHeartbeatManager::silence(base::BrokerId broker) const {
  const BrokerHeartbeatState* state = find(broker);
  STREAMSCOPE_ASSERT(state != nullptr && state->lastContact, "broker " + std::to_string(broker));
  return m_clock.now() - *state->lastContact;
}

std::optional<base::BrokerId> BrokerHeartbeatManager::oneExpired() const {
  const auto expired = std::find_if(m_brokers.begin(), m_brokers.end(), [this](const auto& broker) {
    return broker.second.lastContact && isExpired(*broker.second.lastContact);
  });
  return expired == m_brokers.end() ? std::nullopt : std::optional(expired->first);
}

void BrokerHeartbeatManager::endSession(base::BrokerId broker) {
  BrokerHeartbeatState& state = m_brokers[broker];
  state.lastContact.reset();
  state.controlledShutdownOffset = -1;
}

bool BrokerHeartbeatManager::isShuttingDown(base::BrokerId broker) const {
  const BrokerHeartbeatState* state = find(broker);
  return state != nullptr && state->controlledShutdownOffset >= 0;
}

void BrokerHeartbeatManager::setControlledShutdownOffset(base::BrokerId broker, base::Offset offset) {
  BrokerHeartbeatState& state = m_brokers[broker];
  if (state.controlledShutdownOffset < 0) state.controlledShutdownOffset = offset;
}

BrokerControlState BrokerHeartbeatManager::currentState(base::BrokerId broker) const {
  if (isShuttingDown(broker)) return BrokerControlState::ControlledShutdown;
  const BrokerRegistration* registration = m_image.findBroker(broker);
  STREAMSCOPE_ASSERT(registration != nullptr, "broker " + std::to_string(broker));
  return registration->fenced ? BrokerControlState::Fenced : BrokerControlState::Unfenced;
}

base::Offset BrokerHeartbeatManager::lowestActiveOffset() const {
  base::Offset lowest = std::numeric_limits<base::Offset>::max();
  for (const auto& [id, state] : m_brokers) {
    const BrokerRegistration* registration = m_image.findBroker(id);
    if (registration == nullptr || registration->fenced || isShuttingDown(id)) continue;
    lowest = std::min(lowest, state.metadataOffset);
  }
  return lowest;
}

BrokerControlState BrokerHeartbeatManager::nextState(const protocol::BrokerHeartbeatRequest& request,
                                                     base::Offset registrationOffset,
                                                     const std::function<bool()>& hasLeaderships) const {
  const BrokerControlState current = currentState(request.brokerId);
  switch (current) {
    case BrokerControlState::Fenced:
      if (request.wantShutDown) return BrokerControlState::ShutdownNow;
      if (!request.wantFence && request.currentMetadataOffset >= registrationOffset)
        return BrokerControlState::Unfenced;
      return BrokerControlState::Fenced;
    case BrokerControlState::Unfenced:
      if (request.wantFence) return request.wantShutDown ? BrokerControlState::ShutdownNow : BrokerControlState::Fenced;
      if (request.wantShutDown)
        return hasLeaderships() ? BrokerControlState::ControlledShutdown : BrokerControlState::ShutdownNow;
      return BrokerControlState::Unfenced;
    case BrokerControlState::ControlledShutdown:
      if (!hasLeaderships() && find(request.brokerId)->controlledShutdownOffset <= lowestActiveOffset())
        return BrokerControlState::ShutdownNow;
      return BrokerControlState::ControlledShutdown;
    case BrokerControlState::ShutdownNow:
      break;
  }
  return BrokerControlState::ShutdownNow;
}

}  // namespace streamscope::controller
