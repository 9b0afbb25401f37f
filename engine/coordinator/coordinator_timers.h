#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/virtual_time.h"
#include "coordinator_shard.h"
#include "world/node.h"

namespace streamscope::coordinator {

/// A shard's alarms, by name (Kafka: CoordinatorTimer). What rings is an operation. Moving an alarm further away, which
/// every heartbeat does, costs no event: it rings early and is set again.
class CoordinatorTimers {
 public:
  using Operation = std::function<CoordinatorResult()>;
  /// Runs an operation of a shard.
  using Runner = std::function<void(const Operation&)>;

  CoordinatorTimers(world::Timers& timers, world::Clock& clock, Runner run)
      : m_timers(timers), m_clock(clock), m_run(std::move(run)) {}
  ~CoordinatorTimers();
  CoordinatorTimers(const CoordinatorTimers&) = delete;
  CoordinatorTimers& operator=(const CoordinatorTimers&) = delete;

  /// Takes the place of an alarm of the same name.
  void schedule(const std::string& name, base::Duration delay, Operation operation);
  void cancel(const std::string& name);
  bool isScheduled(const std::string& name) const { return m_alarms.contains(name); }

 private:
  struct Alarm {
    base::VirtualTime deadline{};
    Operation operation;
    world::TimerId timer = 0;
    /// When `timer` rings; not after the deadline.
    base::VirtualTime due{};
  };
  void arm(const std::string& name, Alarm& alarm);
  void onRing(const std::string& name);

  world::Timers& m_timers;
  world::Clock& m_clock;
  Runner m_run;
  std::map<std::string, Alarm> m_alarms;
};

}  // namespace streamscope::coordinator
