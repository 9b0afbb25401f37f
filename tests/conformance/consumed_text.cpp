#include "consumed_text.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/crc32c.h"
#include "log/record_batch.h"

namespace streamscope::conformance {
namespace {

constexpr size_t kLargestShown = 100;
constexpr size_t kBytesARead = 100'000;

QByteArray shown(const std::optional<base::ByteView>& bytes) {
  if (!bytes) return "null";
  if (bytes->size() <= kLargestShown) return '"' + QByteArray::fromStdString(base::toHex(*bytes)) + '"';
  return QByteArray::number(static_cast<qint64>(bytes->size())) + " bytes of checksum " +
         QByteArray::number(base::crc32c(*bytes));
}

QByteArray lineOf(const log::BatchHeader& batch, const log::RecordView& record) {
  QByteArray line = QByteArray::number(static_cast<qint64>(record.offset));
  line += batch.isLogAppendTime() ? " LogAppendTime " : " CreateTime ";
  line += QByteArray::number(static_cast<qint64>(record.timestamp));
  line += " epoch " + QByteArray::number(batch.partitionLeaderEpoch);
  line += " key " + shown(record.key) + " value " + shown(record.value);
  for (const log::RecordHeaderView& header : record.headers)
    line += " header " + shown(base::asBytes(header.key)) + '=' + shown(header.value);
  return line;
}

/// Kafka's consumer: an aborted transaction hides its producer's batches from its first record to its marker.
class AbortedBatches {
 public:
  explicit AbortedBatches(std::vector<log::AbortedTransaction> transactions) : m_coming(std::move(transactions)) {
    std::sort(m_coming.begin(), m_coming.end(),
              [](const auto& a, const auto& b) { return a.firstOffset < b.firstOffset; });
  }

  bool hides(const log::BatchHeader& batch) {
    for (; m_next < m_coming.size() && m_coming[m_next].firstOffset <= batch.lastOffset(); ++m_next)
      m_open[m_coming[m_next].producerId] = m_coming[m_next].lastOffset;
    const auto open = m_open.find(batch.producerId);
    if (open == m_open.end() || !batch.isTransactional()) return false;
    if (batch.baseOffset <= open->second) return true;
    m_open.erase(open);
    return false;
  }

 private:
  std::vector<log::AbortedTransaction> m_coming;
  size_t m_next = 0;
  std::map<int64_t, base::Offset> m_open;
};

}  // namespace

base::Result<QByteArray> consumedText(const log::PartitionLog& log, Isolation isolation) {
  const bool isCommitted = isolation == Isolation::ReadCommitted;
  const base::Offset end = isCommitted ? log.lastStableOffset() : log.logEndOffset();
  std::vector<log::AbortedTransaction> transactions;
  if (isCommitted) {
    auto found = log.abortedTransactions(log.logStartOffset(), end);
    if (!found) return base::fail(found.error());
    transactions = std::move(*found);
  }
  AbortedBatches aborted(std::move(transactions));
  const QByteArray name = QByteArray::fromStdString(log.partition().toString());
  base::Offset position = log.logStartOffset();
  QByteArray text = name + " from " + QByteArray::number(static_cast<qint64>(position)) + " to " +
                    QByteArray::number(static_cast<qint64>(end)) + '\n';
  while (position < end) {
    const auto read = log.read(position, end, kBytesARead, true);
    if (!read) return base::fail(read.error());
    base::ByteView rest = read->records.view();
    if (rest.empty()) return base::fail(base::ErrorCode::UNKNOWN_SERVER_ERROR, "nothing to read before the end");
    const base::Offset from = position;
    while (!rest.empty()) {
      const log::BatchScan scan = log::scanBatch(rest, true);
      if (scan.end != log::BatchEnd::Complete) return base::fail(base::ErrorCode::CORRUPT_MESSAGE, scan.reason);
      const bool isHidden = scan.header.isControl() || aborted.hides(scan.header);
      const auto visited = log::forEachRecord(rest.first(scan.header.sizeInBytes), [&](const log::RecordView& record) {
        // A batch may begin before what was asked for.
        if (record.offset >= from && !isHidden) text += name + ' ' + lineOf(scan.header, record) + '\n';
        return true;
      });
      if (!visited) return base::fail(visited.error());
      position = scan.header.nextOffset();
      rest = rest.subspan(scan.header.sizeInBytes);
    }
  }
  return text;
}

}  // namespace streamscope::conformance
