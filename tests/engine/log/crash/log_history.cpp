#include "log_history.h"

#include <algorithm>

#include "base/assert.h"
#include "log/end_transaction_marker.h"

namespace streamscope::log {

std::vector<LogHistory::Record> recordsOf(base::ByteView batch) {
  std::vector<LogHistory::Record> records;
  const auto status = forEachRecord(batch, [&](const RecordView& record) {
    records.push_back({record.offset, record.key ? std::string(base::asText(*record.key)) : "",
                       record.value ? std::string(base::asText(*record.value)) : "", !record.value.has_value()});
    return true;
  });
  STREAMSCOPE_ASSERT(status.has_value());
  return records;
}

void LogHistory::append(base::ByteView batch) {
  Batch added;
  added.header = scanBatch(batch, false).header;
  if (added.header.isControl()) {
    const auto marker = parseEndTransactionMarker(added.header, batch);
    added.isCommit = marker && marker->isCommit;
  } else {
    added.records = recordsOf(batch);
  }
  m_batches.push_back(std::move(added));
}

void LogHistory::truncateTo(base::Offset offset) {
  while (!m_batches.empty() && m_batches.back().header.lastOffset() >= offset) m_batches.pop_back();
}

std::vector<LogHistory::Transaction> LogHistory::transactions(base::Offset from, base::Offset end) const {
  std::vector<Transaction> found;
  for (const Batch& batch : m_batches) {
    const BatchHeader& header = batch.header;
    if (!header.isTransactional() || header.lastOffset() < from || header.lastOffset() >= end) continue;
    const auto open = std::find_if(found.begin(), found.end(), [&](const Transaction& transaction) {
      return transaction.isOpen() && transaction.producerId == header.producerId;
    });
    if (header.isControl()) {
      if (open == found.end()) continue;
      open->markerOffset = header.baseOffset;
      open->isCommit = batch.isCommit;
    } else if (open == found.end()) {
      found.push_back({header.producerId, header.producerEpoch, header.baseOffset, base::kNoOffset, false});
    }
  }
  return found;
}

const LogHistory::Record* LogHistory::find(base::Offset offset) const {
  const auto batch = std::lower_bound(m_batches.begin(), m_batches.end(), offset,
                                      [](const Batch& one, base::Offset at) { return one.header.lastOffset() < at; });
  if (batch == m_batches.end()) return nullptr;
  for (const Record& record : batch->records)
    if (record.offset == offset) return &record;
  return nullptr;
}

}  // namespace streamscope::log
