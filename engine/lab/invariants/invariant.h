#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/virtual_time.h"
#include "world/trace.h"

namespace streamscope::lab {

/// One promise of the cluster, watched from outside: event by event, and by looking at the logs when `check` is called.
/// Shares no code with what it watches.
class Invariant {
 public:
  virtual ~Invariant() = default;

  /// "Acknowledged records survive."
  virtual std::string_view promise() const = 0;

  void observe(const world::TraceEvent& event) {
    m_now = event.time;
    onEvent(event);
  }
  /// Once the cluster is healed and quiet.
  void checkAt(base::VirtualTime now) {
    m_now = now;
    check();
  }

  struct Violation {
    base::VirtualTime at{};
    std::string how;
  };
  /// Where the promise was broken; at most kViolationsMax.
  const std::vector<Violation>& violations() const { return m_violations; }

 protected:
  virtual void onEvent(const world::TraceEvent&) {}
  virtual void check() {}

  static constexpr size_t kViolationsMax = 10;
  base::VirtualTime now() const { return m_now; }
  void broken(std::string how) { brokenAt(m_now, std::move(how)); }
  void brokenAt(base::VirtualTime at, std::string how) {
    if (m_violations.size() < kViolationsMax) m_violations.push_back({at, std::move(how)});
  }

 private:
  base::VirtualTime m_now{};
  std::vector<Violation> m_violations;
};

}  // namespace streamscope::lab
