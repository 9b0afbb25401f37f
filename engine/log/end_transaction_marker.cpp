#include "log/end_transaction_marker.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "record_reader.h"

namespace streamscope::log {
namespace {

// Control record types (ControlRecordType).
constexpr int16_t kAbort = 0;
constexpr int16_t kCommit = 1;

}  // namespace

std::optional<EndTransactionMarker> parseEndTransactionMarker(const BatchHeader& header, base::ByteView batch) {
  if (!header.isControl()) return std::nullopt;
  auto reader = RecordReader::open(batch, header);
  RecordView record;
  if (!reader || !reader->hasNext() || !reader->next(record, false) || !record.key || !record.value)
    return std::nullopt;
  base::ByteReader key(*record.key);
  key.skip(2);
  const int16_t type = key.readInt16();
  base::ByteReader value(*record.value);
  value.skip(2);
  const int32_t coordinatorEpoch = value.readInt32();
  if (key.failed() || value.failed() || (type != kAbort && type != kCommit)) return std::nullopt;
  return EndTransactionMarker{type == kCommit, coordinatorEpoch, record.timestamp};
}

base::Bytes buildEndTransactionMarker(int64_t producerId, int16_t producerEpoch, const EndTransactionMarker& marker) {
  RecordBatchBuilder::Options options;
  options.producerId = producerId;
  options.producerEpoch = producerEpoch;
  options.isTransactional = true;
  options.isControl = true;
  base::ByteWriter key(4);
  key.writeInt16(0);
  key.writeInt16(marker.isCommit ? kCommit : kAbort);
  base::ByteWriter value(6);
  value.writeInt16(0);
  value.writeInt32(marker.coordinatorEpoch);
  RecordBatchBuilder builder(options);
  builder.append(marker.timestamp, key.view(), value.view());
  return builder.build();
}

}  // namespace streamscope::log
