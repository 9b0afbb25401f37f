#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/virtual_time.h"

namespace streamscope::broker {

/// Kafka's configs of the group coordinator in camelCase with Kafka's defaults (GroupCoordinatorConfig).
struct GroupCoordinatorConfig {
  // Classic groups.
  base::Duration initialRebalanceDelay = std::chrono::milliseconds(3000);
  base::Duration minSessionTimeout = std::chrono::milliseconds(6000);
  base::Duration maxSessionTimeout = std::chrono::milliseconds(1'800'000);
  int32_t maxSize = INT32_MAX;

  // Consumer groups (KIP-848).
  base::Duration consumerSessionTimeout = std::chrono::milliseconds(45'000);
  base::Duration consumerHeartbeatInterval = std::chrono::milliseconds(5000);
  int32_t consumerMaxSize = INT32_MAX;
  /// Server-side assignors; the first is the default.
  std::vector<std::string> consumerAssignors{"uniform", "range"};

  // Committed offsets.
  int32_t offsetMetadataMaxBytes = 4096;
  base::Duration offsetsRetention = std::chrono::minutes(10'080);
  base::Duration offsetsRetentionCheckInterval = std::chrono::milliseconds(600'000);
  base::Duration offsetsCommitTimeout = std::chrono::milliseconds(5000);
  int32_t offsetsLoadBufferSize = 5'242'880;
};

}  // namespace streamscope::broker
