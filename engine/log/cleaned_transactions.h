#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "log/aborted_transaction.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// What a cleaner that walks a log knows of the transactions it is in: whose data may go, and whether a marker still
/// has data before it. Kafka: CleanedTransactionMetadata.
class CleanedTransactions {
 public:
  /// Aborted transactions with records in the part of the log that comes next; known ones may come again.
  void add(const std::vector<AbortedTransaction>& aborted);

  /// The next batch, which is not a control batch; true when it belongs to an aborted transaction and may go.
  bool onDataBatch(const BatchHeader& header);
  /// The next batch, a control batch; true when it ends a transaction without data and may go.
  bool onControlBatch(const BatchHeader& header, base::ByteView batch);

  /// The aborted transactions that keep data and whose marker has been passed since the last call: the entries of the
  /// cleaned segment's .txnindex.
  std::vector<AbortedTransaction> takeKeptAborted() { return std::exchange(m_keptAborted, {}); }

 private:
  struct OngoingAborted {
    AbortedTransaction transaction;
    bool hasData = false;
  };

  void consumeUpTo(base::Offset offset);

  /// By first offset: not reached yet.
  std::multimap<base::Offset, AbortedTransaction> m_ahead;
  std::map<int64_t, OngoingAborted> m_ongoingAborted;
  /// Producers whose transaction has data and was not aborted.
  std::set<int64_t> m_ongoingCommitted;
  std::vector<AbortedTransaction> m_keptAborted;
};

}  // namespace streamscope::log
