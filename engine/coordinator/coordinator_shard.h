#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error_code.h"
#include "base/result.h"
#include "base/topic_partition.h"
#include "coordinator_record.h"

namespace streamscope::coordinator {

/// What an operation on a shard comes to (Kafka: CoordinatorResult).
struct CoordinatorResult {
  /// To be appended in one batch, or not at all.
  std::vector<CoordinatorRecord> records;
  /// Called once, if given: NONE when the records, and all that were written before them, are replicated; otherwise why
  /// not, with the log's own code. After a time-out the records stay in the log and may be replicated later.
  std::function<void(base::ErrorCode)> onCompleted;
  /// False when the state has changed already and the records only write that down.
  bool replaysRecords = true;
  /// False when the records mean something one by one and may go into several batches.
  bool isAtomic = true;
};

/// The state kept in one partition of an internal topic: changed only by replaying records, of the log when the
/// partition is loaded and of operations when they are in the log (Kafka: CoordinatorShard). Knows nothing of logs.
class CoordinatorShard {
 public:
  virtual ~CoordinatorShard() = default;

  /// `offset` is the record's. A refusal says that the log cannot be understood: the partition is not served.
  virtual base::Status replay(base::Offset offset, const CoordinatorRecord& record) = 0;
  /// The log has been replayed to its end; from now on there are operations.
  virtual void onLoaded() = 0;
  /// Somebody else coordinates from now on: whoever waits is answered with NOT_COORDINATOR.
  virtual void onUnloaded() = 0;
  /// Everything below this offset is replicated.
  virtual void onCommitted(base::Offset endOffset) = 0;
};

}  // namespace streamscope::coordinator
