#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/virtual_time.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// The one record of the control batch that ends a transaction in a partition. Kafka: EndTransactionMarker.
struct EndTransactionMarker {
  bool isCommit = false;
  /// Leader epoch of the __transaction_state partition whose coordinator sent it.
  int32_t coordinatorEpoch = -1;
  base::TimestampMs timestamp = -1;

  bool operator==(const EndTransactionMarker&) const = default;
};

/// The marker in a whole control batch; none when it holds another control record, or none at all (compaction empties
/// the batch when nothing is left of its transaction).
std::optional<EndTransactionMarker> parseEndTransactionMarker(const BatchHeader& header, base::ByteView batch);

/// The control batch as a coordinator writes it.
base::Bytes buildEndTransactionMarker(int64_t producerId, int16_t producerEpoch, const EndTransactionMarker& marker);

}  // namespace streamscope::log
