#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "crash_checks.h"

// The promises that follow from everything that was appended, not only from what is in the log still.

namespace streamscope::log {
namespace {

using Transaction = LogHistory::Transaction;

/// The last batch in the log may be the one under way.
const LogHistory& historyOf(const ExpectedReplica& replica, const PartitionLog& log) {
  const bool hasNext = replica.next && log.logEndOffset() > replica.current.endOffset;
  return hasNext ? replica.next->history : replica.current.history;
}

/// Compaction takes the records of a transaction that was aborted, and a loss of power may then take the marker that
/// said so, if that was not flushed yet: such a transaction is open again, from what is left of it (as in Kafka, whose
/// cleaner reads the aborted transactions of the active segment too).
bool mayBeCleaned(const ExpectedReplica& replica, const Transaction& open) {
  if (!replica.isCompacted) return false;
  const LogHistory& everything = (replica.next ? *replica.next : replica.current).history;
  const auto all = everything.transactions(0, std::numeric_limits<base::Offset>::max());
  return std::any_of(all.begin(), all.end(), [&](const Transaction& transaction) {
    return transaction.firstOffset == open.firstOffset && transaction.producerId == open.producerId &&
           transaction.isAborted();
  });
}

/// The first record of a transaction may be below the log start; then the log knows it by what is left, or not at all.
std::string brokenStability(const ExpectedReplica& replica, PartitionLog& log) {
  const LogHistory& history = historyOf(replica, log);
  const base::Offset start = log.logStartOffset();
  const base::Offset end = log.logEndOffset();
  std::optional<base::Offset> whole;
  std::optional<base::Offset> rest;
  // The same without those.
  std::optional<base::Offset> certain;
  for (const Transaction& transaction : history.transactions(0, end))
    if (transaction.isOpen()) {
      whole = std::min(whole.value_or(end), transaction.firstOffset);
      if (!mayBeCleaned(replica, transaction)) certain = std::min(certain.value_or(end), transaction.firstOffset);
    }
  for (const Transaction& transaction : history.transactions(start, end))
    if (transaction.isOpen()) rest = std::min(rest.value_or(end), transaction.firstOffset);
  const auto found = log.firstUndecidedOffset();
  const auto text = [](std::optional<base::Offset> offset) { return offset ? std::to_string(*offset) : "nowhere"; };
  const bool isBelowStart = whole && *whole < start;
  const bool isCleaned = certain != whole;
  const bool isRight = isCleaned      ? (found ? *found >= *whole && *found <= certain.value_or(end) : !certain)
                       : isBelowStart ? (rest ? found && *found <= *rest : !found || *found < start)
                                      : found == whole;
  if (!isRight) return "it is undecided from " + text(found) + ", the transactions open begin at " + text(whole);
  log.setHighWatermark(end);
  const base::Offset stable = std::max(found.value_or(end), start);
  if (log.lastStableOffset() != stable)
    return "it is stable up to " + std::to_string(log.lastStableOffset()) + " instead of " + std::to_string(stable);
  return {};
}

bool isAborted(const std::vector<AbortedTransaction>& aborted, const BatchHeader& header) {
  return std::any_of(aborted.begin(), aborted.end(), [&](const AbortedTransaction& transaction) {
    return header.isTransactional() && transaction.producerId == header.producerId &&
           header.baseOffset >= transaction.firstOffset && header.lastOffset() <= transaction.lastOffset;
  });
}

std::string brokenAborts(const ExpectedReplica& replica, const PartitionLog& log) {
  const LogHistory& history = historyOf(replica, log);
  const base::Offset start = log.logStartOffset();
  const base::Offset end = log.logEndOffset();
  const auto aborted = log.abortedTransactions(start, end);
  if (!aborted) return "its aborted transactions are refused: " + aborted.error().message;
  const auto transactions = history.transactions(0, end);
  for (const ExpectedBatch& batch : readBatches(log).batches) {
    const BatchHeader& header = batch.header;
    if (header.isControl() || !header.isTransactional()) continue;
    const bool wanted = std::any_of(transactions.begin(), transactions.end(), [&](const Transaction& transaction) {
      return transaction.isAborted() && transaction.has(header);
    });
    if (isAborted(*aborted, header) != wanted)
      return "the batch at offset " + std::to_string(header.baseOffset) +
             (wanted ? " was aborted" : " was not aborted") + " and is told otherwise";
  }
  // A compacted log forgets those of which nothing is left.
  for (const Transaction& transaction : transactions) {
    if (replica.isCompacted || !transaction.isAborted() || transaction.firstOffset < start) continue;
    const auto count = std::count_if(aborted->begin(), aborted->end(), [&](const AbortedTransaction& one) {
      return one.producerId == transaction.producerId && one.firstOffset == transaction.firstOffset &&
             one.lastOffset == transaction.markerOffset;
    });
    if (count != 1)
      return "the transaction aborted from " + std::to_string(transaction.firstOffset) + " to " +
             std::to_string(transaction.markerOffset) + " is told " + std::to_string(count) + " times";
  }
  return {};
}

std::string brokenCompaction(const ExpectedReplica& replica, const PartitionLog& log) {
  std::map<base::Offset, LogHistory::Record> present;
  for (const ExpectedBatch& batch : readBatches(log).batches) {
    if (batch.header.isControl()) continue;
    for (LogHistory::Record& record : recordsOf(batch.bytes)) {
      const base::Offset offset = record.offset;
      present.emplace(offset, std::move(record));
    }
  }
  // A commit counts from the decision on: the marker comes again.
  const LogHistory& history = historyOf(replica, log);
  const auto transactions = history.transactions(0, log.logEndOffset());
  const auto isCommitted = [&](const BatchHeader& header) {
    if (!header.isTransactional()) return true;
    return std::any_of(transactions.begin(), transactions.end(), [&](const Transaction& transaction) {
      const auto decided = replica.isCommitDecided.find(transaction.firstOffset);
      return transaction.has(header) && decided != replica.isCommitDecided.end() && decided->second;
    });
  };
  std::map<std::string, LogHistory::Record> latest;
  std::set<base::Offset> committed;
  for (const LogHistory::Batch& batch : history.batches()) {
    if (batch.header.lastOffset() >= log.logEndOffset() || !isCommitted(batch.header)) continue;
    for (const LogHistory::Record& record : batch.records) {
      if (record.offset < log.logStartOffset()) continue;
      latest.insert_or_assign(record.key, record);
      committed.insert(record.offset);
    }
  }
  for (const auto& [key, record] : latest) {
    if (present.contains(record.offset)) continue;
    if (!record.isTombstone)
      return "the latest record of " + key + ", at offset " + std::to_string(record.offset) + ", is gone";
    for (const auto& [offset, older] : present)
      if (older.key == key && offset < record.offset && committed.contains(offset))
        return key + ", deleted at offset " + std::to_string(record.offset) + ", is back at " + std::to_string(offset);
  }
  return {};
}

}  // namespace

std::string TransactionsAreAnsweredTheSame::broken(const LogDirectory& directory) const {
  for (const base::TopicPartition& partition : directory.partitions()) {
    PartitionLog& log = *directory.find(partition);
    const ExpectedReplica& replica = expected.replicas.at(partition);
    std::string problem = brokenStability(replica, log);
    if (problem.empty()) problem = brokenAborts(replica, log);
    if (!problem.empty()) return partition.toString() + ": " + problem;
  }
  return {};
}

std::string LatestRecordsSurvive::broken(const LogDirectory& directory) const {
  for (const base::TopicPartition& partition : directory.partitions()) {
    const PartitionLog& log = *directory.find(partition);
    const ExpectedReplica& replica = expected.replicas.at(partition);
    const base::Offset cleaned = directory.cleanerOffset(partition).value_or(0);
    if (cleaned > log.logEndOffset())
      return partition.toString() + " counts as clean up to " + std::to_string(cleaned) + ", beyond its end " +
             std::to_string(log.logEndOffset());
    if (!replica.isCompacted) continue;
    if (std::string problem = brokenCompaction(replica, log); !problem.empty())
      return partition.toString() + ": " + problem;
  }
  return {};
}

}  // namespace streamscope::log
