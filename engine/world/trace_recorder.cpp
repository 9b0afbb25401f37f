#include "trace_recorder.h"

#include <algorithm>

namespace streamscope::world {

EventId TraceRecorder::recordCausedBy(EventId cause, EventPayload payload) {
  const EventId id = ++m_lastEvent;
  if (m_subscribers.empty()) return id;
  TraceEvent event{id, cause, m_scheduler.now(), std::move(payload)};
  if (m_isPublishing)
    m_waiting.push_back(std::move(event));
  else
    publish(event);
  return id;
}

void TraceRecorder::publish(const TraceEvent& event) {
  m_isPublishing = true;
  const auto handAround = [this](const TraceEvent& published) {
    for (size_t i = 0; i < m_subscribers.size(); ++i)
      if (!m_subscribers[i].isOver) m_subscribers[i].call(published);
  };
  handAround(event);
  while (!m_waiting.empty()) {
    const TraceEvent next = std::move(m_waiting.front());
    m_waiting.pop_front();
    handAround(next);
  }
  m_isPublishing = false;
  std::erase_if(m_subscribers, [](const Subscription& subscription) { return subscription.isOver; });
}

uint64_t TraceRecorder::subscribe(Subscriber subscriber) {
  m_subscribers.push_back({++m_lastHandle, std::move(subscriber)});
  return m_lastHandle;
}

void TraceRecorder::unsubscribe(uint64_t handle) {
  const auto found = std::find_if(m_subscribers.begin(), m_subscribers.end(),
                                  [handle](const Subscription& subscription) { return subscription.handle == handle; });
  if (found == m_subscribers.end()) return;
  if (m_isPublishing)
    found->isOver = true;
  else
    m_subscribers.erase(found);
}

}  // namespace streamscope::world
