#include "open_file_limit.h"

#include <algorithm>
#include <cstdint>

#ifndef _WIN32
#include <sys/resource.h>
#ifdef __APPLE__
#include <sys/syslimits.h>
#endif
#endif

namespace streamscope::gateway {

#ifdef _WIN32
size_t raiseOpenFileLimit() {
  return SIZE_MAX;
}
#else
size_t raiseOpenFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  rlimit raised = limit;
  raised.rlim_cur = limit.rlim_max;
#ifdef __APPLE__
  // There the hard limit is often "none", yet no more than this is granted.
  raised.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, OPEN_MAX));
#endif
  // A refusal leaves the limit as it was.
  if (raised.rlim_cur != limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return limit.rlim_cur == RLIM_INFINITY ? SIZE_MAX : static_cast<size_t>(limit.rlim_cur);
}
#endif

size_t externalConnectionsMax(size_t openFileLimit) {
  constexpr size_t kAtLeast = 64;
  constexpr size_t kAtMost = 10'000;
  return std::clamp(openFileLimit / 4, kAtLeast, kAtMost);
}

}  // namespace streamscope::gateway
