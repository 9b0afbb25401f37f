#include "node_services.h"

#include <algorithm>
#include <utility>

#include "world/cause_scope.h"

namespace streamscope::world {

TimerId NodeServices::after(base::Duration delay, std::function<void()> action) {
  const base::VirtualTime due = m_scheduler.now() + std::max(delay, base::Duration::zero());
  // What the timer does is part of the story of whatever was being handled when it was set.
  return m_scheduler.schedule(
      due, [this, cause = m_trace.currentCause(), action = std::move(action), life = m_place.life]() mutable {
        if (m_place.life != life) return;
        auto ring = [this, cause, action = std::move(action)] {
          const CauseScope scope(m_trace, cause);
          action();
        };
        m_nodes.give(m_place, std::move(ring), m_scheduler.runningEvent());
      });
}

void NodeServices::cancel(TimerId timer) {
  if (timer != 0 && !m_scheduler.cancel(timer)) m_nodes.cancelWaiting(m_place, timer);
}

void NodeServices::send(Address to, int16_t version, protocol::RequestBody body, base::Duration timeout,
                        ResponseHandler onResponse, bool expectResponse) {
  m_network.send(m_place, to, version, std::move(body), timeout, std::move(onResponse), expectResponse);
}

void NodeServices::respond(const ReplyHandle& reply, protocol::ResponseBody body) {
  m_injector.amend(m_place, reply, body);
  if (reply.requester.kind == NodeKind::External)
    m_external.respond(m_place, reply, std::move(body));
  else
    m_network.respond(m_place, reply, std::move(body));
}

void NodeServices::disconnect(const ReplyHandle& reply, const std::string& reason) {
  if (reply.requester.kind == NodeKind::External)
    m_external.disconnect(m_place, reply, reason);
  else
    m_network.disconnect(m_place, reply);
}

}  // namespace streamscope::world
