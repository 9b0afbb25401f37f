#pragma once

#include <cstdint>

#include "base/random.h"
#include "base/virtual_time.h"

namespace streamscope::client {

/// How long to wait before attempt `failures` + 1 (Kafka: ExponentialBackoff): the backoff doubles with every failure
/// up to retry.backoff.max.ms (1 s) and is drawn from 20 % around that. No failures: `backoff` itself.
base::Duration retryBackoff(base::Duration backoff, int32_t failures, base::Random& random);

}  // namespace streamscope::client
