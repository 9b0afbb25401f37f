#pragma once

#include <cstdint>

#include "base/topic_partition.h"

namespace streamscope::log {

/// A transaction that ended with an abort marker: what read_committed readers leave out, and one entry of N.txnindex.
/// Kafka: AbortedTxn.
struct AbortedTransaction {
  int64_t producerId = -1;
  /// The transaction's first record in this log.
  base::Offset firstOffset = base::kNoOffset;
  /// Its marker.
  base::Offset lastOffset = base::kNoOffset;
  /// Where the log was stable up to when the marker came: the first offset of the oldest transaction of another
  /// producer that was open then, else the offset after the marker. Every transaction aborted later begins at or above
  /// it.
  base::Offset lastStableOffset = base::kNoOffset;

  bool operator==(const AbortedTransaction&) const = default;
};

}  // namespace streamscope::log
