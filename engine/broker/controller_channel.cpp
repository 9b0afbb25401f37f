#include "controller_channel.h"

#include <algorithm>

#include "protocol/message_facts.h"

namespace streamscope::broker {
namespace {

/// How soon a request looks for the active controller again (Kafka: NodeToControllerRequestThread polls so long).
constexpr base::Duration kRetryInterval = std::chrono::milliseconds(100);

bool isNotController(const world::Response& response) {
  return response.outcome == world::Response::Outcome::Received &&
         protocol::firstErrorCode(response.body) == static_cast<int16_t>(base::ErrorCode::NOT_CONTROLLER);
}

}  // namespace

ControllerChannel::ControllerChannel(world::NodeContext& context, const BrokerConfig& config)
    : m_context(context), m_config(config) {
  if (isOnlyController()) m_leader = voters().front();
}

void ControllerChannel::setLeader(std::optional<int32_t> leader) {
  if (!isOnlyController()) m_leader = leader;
}

void ControllerChannel::sendVersion(int16_t version, protocol::RequestBody request, base::Duration timeout,
                                    world::ResponseHandler onResponse) {
  if (isOnlyController()) {
    m_context.network.send(world::controllerAddress(*m_leader), version, std::move(request), timeout,
                           std::move(onResponse), true);
    return;
  }
  attempt(std::make_shared<Pending>(
      Pending{version, std::move(request), m_context.clock.now() + timeout, std::move(onResponse)}));
}

void ControllerChannel::attempt(const std::shared_ptr<Pending>& pending) {
  const base::Duration left = pending->deadline - m_context.clock.now();
  if (left <= base::Duration::zero()) return pending->onResponse({world::Response::Outcome::TimedOut, {}});
  if (!m_leader) {
    m_context.timers.after(std::min(kRetryInterval, left), [this, pending] { attempt(pending); });
    return;
  }
  m_context.network.send(
      world::controllerAddress(*m_leader), pending->version, pending->request, left,
      [this, pending, controller = *m_leader](world::Response response) {
        onResponse(pending, controller, std::move(response));
      },
      true);
}

void ControllerChannel::onResponse(const std::shared_ptr<Pending>& pending, int32_t controller,
                                   world::Response response) {
  const bool isLost = response.outcome == world::Response::Outcome::Disconnected;
  if (!isLost && !isNotController(response)) return pending->onResponse(std::move(response));
  if (m_leader == controller) m_leader.reset();
  m_context.timers.after(std::min(kRetryInterval, pending->deadline - m_context.clock.now()),
                         [this, pending] { attempt(pending); });
}

}  // namespace streamscope::broker
