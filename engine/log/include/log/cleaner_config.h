#pragma once

#include <cstdint>
#include <limits>

namespace streamscope::log {

/// Kafka's log.cleaner.* broker configs, with Kafka's defaults.
struct CleanerConfig {
  bool enable = true;
  /// Bytes the offset map may take, 24 for each key.
  int64_t dedupeBufferSize = 134'217'728;
  /// How full the offset map may get, 0 to 1.
  double ioBufferLoadFactor = 0.9;
  int32_t ioBufferSize = 524'288;
  double ioMaxBytesPerSecond = std::numeric_limits<double>::max();
  /// Wait between two looks when nothing was dirty enough.
  int64_t backoffMs = 15'000;

  bool operator==(const CleanerConfig&) const = default;
};

}  // namespace streamscope::log
