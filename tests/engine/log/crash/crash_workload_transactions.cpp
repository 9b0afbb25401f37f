#include <algorithm>
#include <optional>

#include "crash_workload.h"
#include "log/end_transaction_marker.h"

namespace streamscope::log {
namespace {

std::vector<LogHistory::Transaction> openTransactions(const ExpectedReplica& replica) {
  auto open = replica.current.history.transactions(0, replica.current.endOffset);
  std::erase_if(open, [](const LogHistory::Transaction& transaction) { return !transaction.isOpen(); });
  return open;
}

}  // namespace

bool CrashWorkload::endTransaction(PartitionLog& log, ExpectedReplica& replica) {
  if (const auto resent = resendMarker(log, replica)) return *resent;
  const auto open = openTransactions(replica);
  if (open.empty()) return true;
  return writeMarker(log, replica, open[m_random.below(open.size())], m_random.chance(1, 2));
}

std::optional<bool> CrashWorkload::resendMarker(PartitionLog& log, ExpectedReplica& replica) {
  for (const LogHistory::Transaction& transaction : openTransactions(replica)) {
    const auto decided = replica.isCommitDecided.find(transaction.firstOffset);
    if (decided != replica.isCommitDecided.end()) return writeMarker(log, replica, transaction, decided->second);
  }
  return std::nullopt;
}

bool CrashWorkload::writeMarker(PartitionLog& log, ExpectedReplica& replica, const LogHistory::Transaction& transaction,
                                bool isCommit) {
  // The coordinator decides first.
  replica.isCommitDecided[transaction.firstOffset] = isCommit;
  const base::Bytes marker =
      buildEndTransactionMarker(transaction.producerId, transaction.producerEpoch, {isCommit, 0, m_nowMs});
  return append(log, replica, marker, AppendOrigin::Coordinator);
}

}  // namespace streamscope::log
