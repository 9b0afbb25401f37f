#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/topic_partition.h"
#include "base/uuid.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// A batch as it stands in the file.
struct ExpectedBatch {
  base::Bytes bytes;
  BatchHeader header;
};

/// What a log holds at one moment.
struct ExpectedContent {
  base::Offset startOffset = 0;
  std::vector<ExpectedBatch> batches;
  /// Where the log goes on; the end of the last batch if there is one.
  base::Offset endOffset = 0;

  void append(ExpectedBatch batch) {
    endOffset = batch.header.nextOffset();
    batches.push_back(std::move(batch));
  }
  /// Without the batch that contains `offset` and what follows it.
  ExpectedContent truncatedTo(base::Offset offset) const {
    ExpectedContent result{startOffset, {}, startOffset};
    if (!batches.empty()) result.endOffset = batches.front().header.baseOffset;
    for (const ExpectedBatch& batch : batches) {
      if (batch.header.lastOffset() >= offset) break;
      result.append(batch);
    }
    result.startOffset = std::min(startOffset, result.endOffset);
    return result;
  }
};

/// One replica as the test knows it from what the log answered. While an action is under way its outcome is `next`.
struct ExpectedReplica {
  base::Uuid topicId;
  ExpectedContent current;
  std::optional<ExpectedContent> next;
  /// Everything below was synced (or survived a crash) and must be there.
  base::Offset syncedEnd = 0;
  /// The log starts here at the latest checkpoint; it may start later.
  base::Offset checkpointedStart = 0;
  /// Raising the log start forgets the epochs below, checkpointed or not (as in Kafka).
  base::Offset epochsKnownFrom = 0;
  /// The action under way empties the log: any part of what was there, or nothing at any offset.
  bool isBeingEmptied = false;
  /// Being created or removed: it may be there or not.
  bool mayBeAbsent = false;
};

struct ExpectedDirectory {
  std::map<base::TopicPartition, ExpectedReplica> replicas;
  std::map<base::TopicPartition, base::Offset> highWatermarks;
  /// While they are being written.
  std::optional<std::map<base::TopicPartition, base::Offset>> nextHighWatermarks;
  /// Set aside for good.
  size_t strays = 0;
};

}  // namespace streamscope::log
