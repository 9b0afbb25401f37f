#include "cleaned_transactions.h"

#include "log/end_transaction_marker.h"

namespace streamscope::log {

void CleanedTransactions::add(const std::vector<AbortedTransaction>& aborted) {
  for (const AbortedTransaction& transaction : aborted) m_ahead.emplace(transaction.firstOffset, transaction);
}

void CleanedTransactions::consumeUpTo(base::Offset offset) {
  while (!m_ahead.empty() && m_ahead.begin()->first <= offset) {
    const AbortedTransaction& transaction = m_ahead.begin()->second;
    m_ongoingAborted.try_emplace(transaction.producerId, OngoingAborted{transaction});
    m_ahead.erase(m_ahead.begin());
  }
}

bool CleanedTransactions::onDataBatch(const BatchHeader& header) {
  consumeUpTo(header.lastOffset());
  if (!header.isTransactional()) return false;
  const auto aborted = m_ongoingAborted.find(header.producerId);
  if (aborted == m_ongoingAborted.end()) {
    m_ongoingCommitted.insert(header.producerId);
    return false;
  }
  aborted->second.hasData = true;
  return true;
}

bool CleanedTransactions::onControlBatch(const BatchHeader& header, base::ByteView batch) {
  consumeUpTo(header.lastOffset());
  // It was emptied before, when nothing was left of its transaction.
  if (header.recordCount == 0) return true;
  const auto marker = parseEndTransactionMarker(header, batch);
  if (!marker) return false;
  if (marker->isCommit) return m_ongoingCommitted.erase(header.producerId) == 0;
  const auto aborted = m_ongoingAborted.find(header.producerId);
  if (aborted == m_ongoingAborted.end()) return true;
  const OngoingAborted ongoing = aborted->second;
  m_ongoingAborted.erase(aborted);
  if (!ongoing.hasData) return true;
  m_keptAborted.push_back(ongoing.transaction);
  return false;
}

}  // namespace streamscope::log
