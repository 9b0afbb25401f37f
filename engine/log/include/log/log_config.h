#pragma once

#include <cstdint>

#include "base/virtual_time.h"

namespace streamscope::log {

/// Kafka's topic configuration as far as a log uses it; names are Kafka's keys in camelCase, defaults are Kafka's.
struct LogConfig {
  int32_t segmentBytes = 1'073'741'824;
  int64_t segmentMs = 604'800'000;
  int32_t segmentIndexBytes = 10'485'760;
  int32_t indexIntervalBytes = 4096;
  int32_t maxMessageBytes = 1'048'588;
  int64_t messageTimestampBeforeMaxMs = INT64_MAX;
  int64_t messageTimestampAfterMaxMs = 3'600'000;
  /// message.timestamp.type = LogAppendTime.
  bool logAppendTime = false;
  int64_t producerIdExpirationMs = 86'400'000;

  bool operator==(const LogConfig&) const = default;
};

}  // namespace streamscope::log
