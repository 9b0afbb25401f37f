#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "world/trace.h"

namespace streamscope::lab {

/// One promise of the cluster, watched from outside: event by event, and by looking at the logs when `check` is called.
/// Shares no code with what it watches.
class Invariant {
 public:
  virtual ~Invariant() = default;

  /// "Acknowledged records survive."
  virtual std::string_view promise() const = 0;
  virtual void onEvent(const world::TraceEvent&) {}
  /// Once the cluster is healed and quiet.
  virtual void check() {}

  /// Sentences that say where the promise was broken; at most kViolationsMax.
  const std::vector<std::string>& violations() const { return m_violations; }

 protected:
  static constexpr size_t kViolationsMax = 10;
  void broken(std::string how) {
    if (m_violations.size() < kViolationsMax) m_violations.push_back(std::move(how));
  }

 private:
  std::vector<std::string> m_violations;
};

}  // namespace streamscope::lab
