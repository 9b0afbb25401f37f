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
#include "log_history.h"

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
  LogHistory history;

  void append(ExpectedBatch batch) {
    endOffset = batch.header.nextOffset();
    history.append(batch.bytes);
    batches.push_back(std::move(batch));
  }
  /// Without the batch that contains `offset` and what follows it.
  ExpectedContent truncatedTo(base::Offset offset) const {
    ExpectedContent result{startOffset, {}, startOffset, history};
    if (!batches.empty()) result.endOffset = batches.front().header.baseOffset;
    for (const ExpectedBatch& batch : batches) {
      if (batch.header.lastOffset() >= offset) break;
      result.endOffset = batch.header.nextOffset();
      result.batches.push_back(batch);
    }
    result.history.truncateTo(result.endOffset);
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
  /// The log starts here at the latest checkpoint, or its first segment does; it may start later.
  base::Offset checkpointedStart = 0;
  /// Raising the log start forgets the epochs below, checkpointed or not, and a snapshot taken since has no producers
  /// whose last batch lies below (as in Kafka).
  base::Offset stateKnownFrom = 0;
  /// The action under way empties the log: any part of what was there, or nothing at any offset.
  bool isBeingEmptied = false;
  /// Being created or removed: it may be there or not.
  bool mayBeAbsent = false;

  /// cleanup.policy=compact.
  bool isCompacted = false;
  /// The action under way takes records out of the log: any of them, but not what must survive.
  bool isBeingCompacted = false;
  /// What was decided about transactions, by their first offset. The coordinator does not forget it when a marker is
  /// lost: it sends it again.
  std::map<base::Offset, bool> isCommitDecided;

  /// The truncation under way is done.
  void settleTruncation() {
    current = *std::move(next);
    next.reset();
    isCommitDecided.erase(isCommitDecided.lower_bound(current.endOffset), isCommitDecided.end());
  }
  /// Takes what recovery found for what there is.
  void adopt(ExpectedContent found) {
    const bool hasNext = next && found.endOffset > current.endOffset;
    found.history = std::move(hasNext ? next->history : current.history);
    found.history.truncateTo(isBeingEmptied && found.batches.empty() ? 0 : found.endOffset);
    current = std::move(found);
    next = current;
    settleTruncation();
    syncedEnd = current.endOffset;
    checkpointedStart = current.startOffset;
    isBeingEmptied = false;
    isBeingCompacted = false;
    mayBeAbsent = false;
  }
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
