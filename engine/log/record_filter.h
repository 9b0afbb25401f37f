#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// What happens to a batch when none of its records is kept.
enum class BatchRetention {
  /// Goes without a look at its records.
  Delete,
  /// Its header stays, which says how far its offsets and its producer's sequence numbers go.
  RetainEmpty,
  /// Goes too.
  DeleteEmpty,
};

/// How to filter one batch.
struct BatchFilter {
  BatchRetention retention = BatchRetention::DeleteEmpty;
  /// The batch is the marker of a transaction that has no records left: it may go once consumers had time to see it.
  bool isMarkerOfEmptyTransaction = false;
  std::function<bool(const RecordView&)> retains;
  /// When tombstones and markers that are kept now may go (KIP-534): now + delete.retention.ms.
  base::TimestampMs newDeleteHorizonMs = 0;
};

struct FilteredBatch {
  enum class Outcome { Removed, Unchanged, Rewritten };
  Outcome outcome = Outcome::Removed;
  /// Only of a rewritten batch.
  base::Bytes bytes;
  /// 0 for a batch that was removed without a look at its records.
  int32_t recordsRead = 0;
  int32_t recordsKept = 0;
};

/// Takes records out of one whole batch. What is left has the offsets, the sequence numbers, the codec and all else it
/// had; the first and the largest timestamp are those of the records kept. When a batch keeps a tombstone for the first
/// time its header gets the delete horizon in place of the first timestamp. A batch that loses nothing stays as it is.
/// CORRUPT_MESSAGE, INVALID_RECORD, UNSUPPORTED_COMPRESSION_TYPE when its records cannot be read.
/// Kafka: MemoryRecords.filterTo.
base::Result<FilteredBatch> filterBatch(base::ByteView batch, const BatchHeader& header, const BatchFilter& filter);

}  // namespace streamscope::log
