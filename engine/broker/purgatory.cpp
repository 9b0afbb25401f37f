#include "purgatory.h"

#include <algorithm>

#include "base/assert.h"
#include "world/cause_scope.h"

namespace streamscope::broker {

bool Purgatory::tryCompleteElseWatch(std::unique_ptr<DelayedOperation> operation, std::span<const WatchKey> keys,
                                     base::Duration timeout) {
  if (operation->canComplete()) {
    operation->complete(false);
    return true;
  }
  const auto self = m_waiting.emplace(m_waiting.end());
  Waiting& waiting = *self;
  waiting.self = self;
  waiting.operation = std::move(operation);
  waiting.keys.assign(keys.begin(), keys.end());
  // A request may list a partition twice, but an operation in a list twice would be completed twice.
  std::ranges::sort(waiting.keys);
  const auto repeated = std::ranges::unique(waiting.keys);
  waiting.keys.erase(repeated.begin(), repeated.end());
  for (const WatchKey key : waiting.keys) m_watchers[key].push_back(&waiting);
  waiting.deadline = m_deadlines.emplace(m_context.clock.now() + timeout, &waiting);
  const DelayedOperation::Description what = waiting.operation->describe();
  waiting.entered = m_context.trace.record(
      world::PurgatoryEntered{m_context.self, what.api, what.correlationId, what.partition, what.waitsFor});
  armTimer();
  return false;
}

void Purgatory::checkAndComplete(WatchKey key) {
  const auto watched = m_watchers.find(key);
  if (watched == m_watchers.end()) return;
  std::vector<Waiting*> ready;
  for (Waiting* waiting : watched->second)
    if (waiting->operation->canComplete()) ready.push_back(waiting);
  for (Waiting* waiting : ready) finish(*waiting, false);
}

void Purgatory::abandonAll(const std::string& reason) {
  WaitingList waiting = std::move(m_waiting);
  m_waiting.clear();
  m_watchers.clear();
  m_deadlines.clear();
  for (Waiting& one : waiting) one.operation->abandon(reason);
}

void Purgatory::unwatch(Waiting& waiting) {
  for (const WatchKey key : waiting.keys) {
    const auto watched = m_watchers.find(key);
    STREAMSCOPE_ASSERT(watched != m_watchers.end());
    std::vector<Waiting*>& list = watched->second;
    list.erase(std::find(list.begin(), list.end(), &waiting));
  }
  m_deadlines.erase(waiting.deadline);
}

void Purgatory::finish(Waiting& waiting, bool timedOut) {
  unwatch(waiting);
  WaitingList own;
  own.splice(own.begin(), m_waiting, waiting.self);
  DelayedOperation& operation = *own.front().operation;
  const DelayedOperation::Description what = operation.describe();
  // The answer comes because waiting ended, not because of the request whose handling noticed it.
  const world::CauseScope because(m_context.trace, m_context.trace.record(world::PurgatoryLeft{
                                                       m_context.self, what.api, what.correlationId, timedOut}));
  operation.complete(timedOut);
}

void Purgatory::armTimer() {
  if (m_deadlines.empty()) return;
  const base::VirtualTime first = m_deadlines.begin()->first;
  if (m_timerDue <= first) return;
  m_context.timers.cancel(m_timer);
  m_timerDue = first;
  m_timer = m_context.timers.after(first - m_context.clock.now(), [this] { onTimer(); });
}

void Purgatory::onTimer() {
  m_timer = 0;
  m_timerDue = base::kVirtualTimeMax;
  while (!m_deadlines.empty() && m_deadlines.begin()->first <= m_context.clock.now()) {
    Waiting& late = *m_deadlines.begin()->second;
    const world::CauseScope because(m_context.trace, late.entered);
    finish(late, true);
  }
  armTimer();
}

}  // namespace streamscope::broker
