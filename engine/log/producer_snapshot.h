#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "parsed.h"

namespace streamscope::log {

/// One producer as N.snapshot stores it; -1 is "none". Kafka: ProducerSnapshot.json, version 1.
struct ProducerSnapshotEntry {
  int64_t producerId = -1;
  int16_t epoch = -1;
  int32_t lastSequence = -1;
  base::Offset lastOffset = -1;
  /// Last minus first offset of the last batch.
  int32_t offsetDelta = 0;
  base::TimestampMs timestamp = -1;
  int32_t coordinatorEpoch = -1;
  base::Offset currentTxnFirstOffset = -1;

  bool operator==(const ProducerSnapshotEntry&) const = default;
};

Parsed<std::vector<ProducerSnapshotEntry>> parseProducerSnapshot(base::ByteView bytes);
base::Bytes formatProducerSnapshot(const std::vector<ProducerSnapshotEntry>& entries);

}  // namespace streamscope::log
