#include "compacted_view.h"

#include <algorithm>

namespace streamscope::lab {
namespace {

bool isAborted(const std::vector<log::AbortedTransaction>& aborted, const log::BatchHeader& header) {
  return header.isTransactional() && std::any_of(aborted.begin(), aborted.end(), [&](const auto& transaction) {
           return transaction.producerId == header.producerId && transaction.firstOffset <= header.baseOffset &&
                  header.baseOffset <= transaction.lastOffset;
         });
}

}  // namespace

CompactedView compactedView(const log::PartitionLog& log, base::Offset from, base::Offset end) {
  constexpr size_t kReadBytes = 1 << 20;
  CompactedView view;
  const auto aborted = log.abortedTransactions(from, end);
  while (from < end) {
    const auto read = log.read(from, end, kReadBytes, true);
    if (!read || read->records.empty()) break;
    for (base::ByteView rest = read->records.view(); !rest.empty();) {
      const log::BatchScan scan = log::scanBatch(rest, true);
      if (scan.end != log::BatchEnd::Complete) return view;
      const base::ByteView batch = rest.first(scan.header.sizeInBytes);
      rest = rest.subspan(scan.header.sizeInBytes);
      from = scan.header.nextOffset();
      if (scan.header.isControl() || (aborted && isAborted(*aborted, scan.header))) continue;
      const auto status = log::forEachRecord(batch, [&](const log::RecordView& record) {
        if (record.key) view[base::Bytes(record.key->begin(), record.key->end())] = {record.offset, !record.value};
        return true;
      });
      if (!status) return view;
    }
  }
  return view;
}

const base::Bytes* firstMissingIn(const CompactedView& other, const CompactedView& view) {
  for (const auto& [key, latest] : view) {
    const auto found = other.find(key);
    if (!latest.isTombstone && (found == other.end() || found->second.offset < latest.offset)) return &key;
  }
  return nullptr;
}

}  // namespace streamscope::lab
