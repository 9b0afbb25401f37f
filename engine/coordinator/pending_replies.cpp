#include "pending_replies.h"

#include <utility>

namespace streamscope::coordinator {

ReplyPtr PendingReplies::add(const world::ReplyHandle& reply) {
  const uint64_t id = ++m_lastId;
  auto pending = std::make_shared<PendingReply>(*this, id, reply);
  m_pending.emplace(id, pending.get());
  return pending;
}

void PendingReplies::abandonAll(const std::string& reason) {
  for (const auto& [id, pending] : std::exchange(m_pending, {})) {
    pending->m_isDone = true;
    m_network.disconnect(pending->m_reply, reason);
  }
}

void PendingReply::answer(protocol::ResponseBody body) {
  if (std::exchange(m_isDone, true)) return;
  m_all.m_pending.erase(m_id);
  m_all.m_network.respond(m_reply, std::move(body));
}

}  // namespace streamscope::coordinator
