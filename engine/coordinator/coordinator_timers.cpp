#include "coordinator_timers.h"

#include <utility>

namespace streamscope::coordinator {

CoordinatorTimers::~CoordinatorTimers() {
  for (const auto& [name, alarm] : m_alarms) m_timers.cancel(alarm.timer);
}

void CoordinatorTimers::schedule(const std::string& name, base::Duration delay, Operation operation) {
  Alarm& alarm = m_alarms[name];
  alarm.deadline = m_clock.now() + delay;
  alarm.operation = std::move(operation);
  if (alarm.timer != 0 && alarm.due <= alarm.deadline) return;
  if (alarm.timer != 0) m_timers.cancel(alarm.timer);
  arm(name, alarm);
}

void CoordinatorTimers::arm(const std::string& name, Alarm& alarm) {
  alarm.due = alarm.deadline;
  alarm.timer = m_timers.after(alarm.deadline - m_clock.now(), [this, name] { onRing(name); });
}

void CoordinatorTimers::onRing(const std::string& name) {
  const auto found = m_alarms.find(name);
  if (found == m_alarms.end()) return;
  Alarm& alarm = found->second;
  if (alarm.deadline > m_clock.now()) return arm(name, alarm);
  const Operation operation = std::move(alarm.operation);
  m_alarms.erase(found);
  m_run(operation);
}

void CoordinatorTimers::cancel(const std::string& name) {
  const auto found = m_alarms.find(name);
  if (found == m_alarms.end()) return;
  m_timers.cancel(found->second.timer);
  m_alarms.erase(found);
}

}  // namespace streamscope::coordinator
