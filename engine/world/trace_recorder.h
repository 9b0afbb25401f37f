#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "world/scheduler.h"
#include "world/trace.h"

namespace streamscope::world {

/// The world's Trace: numbers events, keeps the current cause, and hands events to the subscribers in order.
class TraceRecorder final : public Trace {
 public:
  using Subscriber = std::function<void(const TraceEvent&)>;

  explicit TraceRecorder(const Scheduler& scheduler) : m_scheduler(scheduler) {}

  EventId record(EventPayload payload) override { return recordCausedBy(m_cause, std::move(payload)); }
  EventId currentCause() const override { return m_cause; }

  EventId recordCausedBy(EventId cause, EventPayload payload);
  /// False: whoever records may leave out what only a subscriber would read.
  bool isWatched() const { return !m_subscribers.empty(); }
  EventId lastEvent() const { return m_lastEvent; }

  uint64_t subscribe(Subscriber subscriber);
  void unsubscribe(uint64_t handle);

 protected:
  EventId replaceCause(EventId cause) override { return std::exchange(m_cause, cause); }

 private:
  struct Subscription {
    uint64_t handle = 0;
    Subscriber call;
    /// Unsubscribed while events were handed around; removed after that, since it may be the one being called.
    bool isOver = false;
  };
  void publish(const TraceEvent& event);

  const Scheduler& m_scheduler;
  EventId m_lastEvent = 0;
  EventId m_cause = 0;
  /// A deque, so that a subscriber may subscribe another while it is being called.
  std::deque<Subscription> m_subscribers;
  uint64_t m_lastHandle = 0;
  /// Recorded by a subscriber while an event was being handed around: follows when that is done, so that every
  /// subscriber sees the same order.
  std::deque<TraceEvent> m_waiting;
  bool m_isPublishing = false;
};

}  // namespace streamscope::world
