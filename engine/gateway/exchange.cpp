#include "exchange.h"

#include <iterator>
#include <utility>

namespace streamscope::gateway {

Exchange::Exchange(bool isPlaying, std::function<void()> wake)
    : m_wake(std::move(wake)), m_snapshot(std::make_shared<lab::Snapshot>()) {
  m_orders.isPlaying = isPlaying;
}

void Exchange::wakeUnlessWoken(std::unique_lock<std::mutex>& lock) {
  if (m_isWoken) return;
  m_isWoken = true;
  lock.unlock();
  m_wake();
}

void Exchange::post(PostedCommand command) {
  std::unique_lock lock(m_mutex);
  m_orders.commands.push_back(std::move(command));
  wakeUnlessWoken(lock);
}

void Exchange::setPlaying(bool playing) {
  std::unique_lock lock(m_mutex);
  m_orders.isPlaying = playing;
  m_orders.steps.clear();
  m_orders.cancelSteps = true;
  wakeUnlessWoken(lock);
}

bool Exchange::isPlaying() const {
  const std::lock_guard lock(m_mutex);
  return m_orders.isPlaying;
}

void Exchange::setSpeed(double factor) {
  // Also false for what is no number.
  if (!(factor > 0)) return;
  std::unique_lock lock(m_mutex);
  m_orders.speed = factor;
  wakeUnlessWoken(lock);
}

double Exchange::speed() const {
  const std::lock_guard lock(m_mutex);
  return m_orders.speed;
}

void Exchange::requestStep(lab::StepKind kind) {
  std::unique_lock lock(m_mutex);
  m_orders.isPlaying = false;
  m_orders.steps.push_back(kind);
  wakeUnlessWoken(lock);
}

void Exchange::requestEnding(Ending ending) {
  std::unique_lock lock(m_mutex);
  m_orders.ending = ending;
  wakeUnlessWoken(lock);
}

lab::SnapshotPtr Exchange::snapshot() const {
  const std::lock_guard lock(m_mutex);
  return m_snapshot;
}

lab::LiveLab::TraceBatch Exchange::takeTrace() {
  std::deque<world::TraceEvent> taken;
  lab::LiveLab::TraceBatch batch;
  {
    const std::lock_guard lock(m_mutex);
    taken.swap(m_trace);
    batch.missed = std::exchange(m_traceMissed, 0);
  }
  batch.events.assign(std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
  return batch;
}

std::vector<std::string> Exchange::takeNotices() {
  const std::lock_guard lock(m_mutex);
  return std::exchange(m_notices, {});
}

bool Exchange::waitUntilReady(std::chrono::milliseconds limit) {
  std::unique_lock lock(m_mutex);
  m_changed.wait_for(lock, limit, [this] { return m_isReady || m_hasEnded; });
  return m_isReady && !m_hasEnded;
}

Orders Exchange::takeOrders() {
  const std::lock_guard lock(m_mutex);
  m_isWoken = false;
  Orders taken;
  taken.isPlaying = m_orders.isPlaying;
  taken.speed = m_orders.speed;
  taken.ending = m_orders.ending;
  taken.commands.swap(m_orders.commands);
  taken.steps.swap(m_orders.steps);
  taken.cancelSteps = std::exchange(m_orders.cancelSteps, false);
  return taken;
}

void Exchange::publish(lab::SnapshotPtr snapshot) {
  {
    const std::lock_guard lock(m_mutex);
    m_snapshot.swap(snapshot);
  }
  // The old picture is destroyed here, outside the lock, if nobody looks at it any more.
}

void Exchange::appendTrace(std::vector<world::TraceEvent>& events) {
  const std::lock_guard lock(m_mutex);
  std::move(events.begin(), events.end(), std::back_inserter(m_trace));
  events.clear();
  while (m_trace.size() > kTraceEventsMax) {
    m_trace.pop_front();
    ++m_traceMissed;
  }
}

void Exchange::addNotice(std::string notice) {
  const std::lock_guard lock(m_mutex);
  m_notices.push_back(std::move(notice));
}

void Exchange::setReady() {
  const std::lock_guard lock(m_mutex);
  m_isReady = true;
  m_changed.notify_all();
}

void Exchange::setEnded() {
  const std::lock_guard lock(m_mutex);
  m_hasEnded = true;
  m_changed.notify_all();
}

}  // namespace streamscope::gateway
