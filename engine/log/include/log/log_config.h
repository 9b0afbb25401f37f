#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/virtual_time.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// Kafka's topic configuration as far as a log uses it; names are Kafka's keys in camelCase, defaults are Kafka's.
struct LogConfig {
  // Segments.
  int32_t segmentBytes = 1'073'741'824;
  int64_t segmentMs = 604'800'000;
  int64_t segmentJitterMs = 0;
  int32_t segmentIndexBytes = 10'485'760;
  int32_t indexIntervalBytes = 4096;

  // What may be appended, and in which form.
  int32_t maxMessageBytes = 1'048'588;
  int64_t messageTimestampBeforeMaxMs = INT64_MAX;
  int64_t messageTimestampAfterMaxMs = 3'600'000;
  /// message.timestamp.type = LogAppendTime.
  bool logAppendTime = false;
  /// compression.type; empty is "producer": as it was sent.
  std::optional<Compression> compressionType;
  /// -1 is the codec's own default.
  int32_t compressionGzipLevel = -1;
  int32_t compressionLz4Level = 9;
  int32_t compressionZstdLevel = 3;
  int64_t producerIdExpirationMs = 86'400'000;

  // When appended records reach stable storage; INT64_MAX leaves it to the system and to replication.
  int64_t flushMessages = INT64_MAX;
  int64_t flushMs = INT64_MAX;

  // What goes again: cleanup.policy may name both, one or none.
  bool cleanupDelete = true;
  bool cleanupCompact = false;
  /// -1: no limit.
  int64_t retentionMs = 604'800'000;
  /// -1: no limit.
  int64_t retentionBytes = -1;
  /// How long the files of a removed segment stay under `.deleted`.
  int64_t fileDeleteDelayMs = 60'000;
  /// How long the compactor keeps tombstones.
  int64_t deleteRetentionMs = 86'400'000;
  int64_t minCompactionLagMs = 0;
  int64_t maxCompactionLagMs = INT64_MAX;
  /// 0 to 1.
  double minCleanableDirtyRatio = 0.5;

  /// How long a segment takes records at most: a compacted log must roll for its records to become compactable.
  int64_t maxSegmentMs() const {
    return cleanupCompact && maxCompactionLagMs > 0 ? std::min(maxCompactionLagMs, segmentMs) : segmentMs;
  }

  bool operator==(const LogConfig&) const = default;
};

}  // namespace streamscope::log
