#include "base/virtual_time.h"

#include <cinttypes>
#include <cstdio>

namespace streamscope::base {

std::string formatVirtualTime(VirtualTime time) {
  const int64_t millis = microseconds(time) / 1000;
  char text[40];
  std::snprintf(text, sizeof text, "%02" PRId64 ":%02d:%02d.%03d", millis / 3'600'000,
                static_cast<int>(millis / 60'000 % 60), static_cast<int>(millis / 1000 % 60),
                static_cast<int>(millis % 1000));
  return text;
}

}  // namespace streamscope::base
