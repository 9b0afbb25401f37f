#include "consumed_text.h"

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

}  // namespace

base::Result<QByteArray> consumedText(const log::PartitionLog& log, base::Offset end) {
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
      const auto visited = log::forEachRecord(rest.first(scan.header.sizeInBytes), [&](const log::RecordView& record) {
        // A batch may begin before what was asked for.
        if (record.offset >= from && !scan.header.isControl()) text += name + ' ' + lineOf(scan.header, record) + '\n';
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
