#pragma once

#include "world/trace.h"

namespace streamscope::world {

/// For as long as it lives, everything recorded and sent has `cause` as its cause; then the one before counts again.
/// For a node that goes on with something old: a request that leaves purgatory is answered because of the event that
/// completed it, not because of the request whose handling noticed.
class CauseScope {
 public:
  CauseScope(Trace& trace, EventId cause) : m_trace(trace), m_before(trace.replaceCause(cause)) {}
  ~CauseScope() { m_trace.replaceCause(m_before); }
  CauseScope(const CauseScope&) = delete;
  CauseScope& operator=(const CauseScope&) = delete;

 private:
  Trace& m_trace;
  EventId m_before;
};

}  // namespace streamscope::world
