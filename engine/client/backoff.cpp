#include "backoff.h"

#include <algorithm>

namespace streamscope::client {

namespace {

constexpr base::Duration kBackoffMax = std::chrono::milliseconds(1000);
constexpr int32_t kDoublingsMax = 10;
constexpr int64_t kJitterPercent = 20;

}  // namespace

base::Duration retryBackoff(base::Duration backoff, int32_t failures, base::Random& random) {
  if (failures <= 0 || backoff <= base::Duration::zero()) return std::max(backoff, base::Duration::zero());
  const base::Duration grown = std::min(backoff * (1 << std::min(failures - 1, kDoublingsMax)), kBackoffMax);
  const int64_t percent = random.between(100 - kJitterPercent, 100 + kJitterPercent);
  return grown * percent / 100;
}

}  // namespace streamscope::client
