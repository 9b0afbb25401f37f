#include "aborted_transactions.h"

#include <algorithm>
#include <utility>

#include "log/end_transaction_marker.h"

namespace streamscope::client {

AbortedTransactions::AbortedTransactions(std::vector<protocol::FetchResponse::AbortedTransaction> listed)
    : m_ahead(std::move(listed)) {
  std::ranges::sort(m_ahead, [](const auto& a, const auto& b) { return a.firstOffset > b.firstOffset; });
}

bool AbortedTransactions::contains(const log::BatchHeader& header, base::ByteView batch) {
  if (header.producerId < 0) return false;
  while (!m_ahead.empty() && m_ahead.back().firstOffset <= header.lastOffset()) {
    m_producers.insert(m_ahead.back().producerId);
    m_ahead.pop_back();
  }
  if (header.isControl()) {
    const auto marker = log::parseEndTransactionMarker(header, batch);
    if (marker && !marker->isCommit) m_producers.erase(header.producerId);
    return false;
  }
  return header.isTransactional() && m_producers.contains(header.producerId);
}

}  // namespace streamscope::client
