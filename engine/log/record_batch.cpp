#include "log/record_batch.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/crc32c.h"
#include "batch_header.h"
#include "record_reader.h"

namespace streamscope::log {
namespace {

constexpr int32_t kBatchLengthMin = static_cast<int32_t>(batch_layout::kRecords - batch_layout::kLogOverhead);
/// Larger base offsets could not be added to.
constexpr base::Offset kBaseOffsetMax = INT64_MAX - INT32_MAX - 1;

BatchHeader decodeHeader(base::ByteView bytes) {
  base::ByteReader reader(bytes.first(batch_layout::kRecords));
  BatchHeader header;
  header.baseOffset = reader.readInt64();
  header.sizeInBytes = static_cast<uint32_t>(reader.readInt32()) + static_cast<uint32_t>(batch_layout::kLogOverhead);
  header.partitionLeaderEpoch = reader.readInt32();
  header.magic = reader.readInt8();
  header.crc = reader.readUint32();
  header.attributes = reader.readInt16();
  header.lastOffsetDelta = reader.readInt32();
  header.baseTimestamp = reader.readInt64();
  header.maxTimestamp = reader.readInt64();
  header.producerId = reader.readInt64();
  header.producerEpoch = reader.readInt16();
  header.baseSequence = reader.readInt32();
  header.recordCount = reader.readInt32();
  return header;
}

BatchScan ended(BatchEnd end, std::string reason) {
  BatchScan scan;
  scan.end = end;
  scan.reason = std::move(reason);
  return scan;
}

}  // namespace

int32_t BatchHeader::lastSequence() const {
  if (baseSequence < 0) return -1;
  return static_cast<int32_t>((static_cast<int64_t>(baseSequence) + lastOffsetDelta) & INT32_MAX);
}

BatchScan scanHeader(base::ByteView bytes, uint64_t bytesAvailable) {
  using namespace batch_layout;
  if (bytes.size() < kLogOverhead)
    return ended(BatchEnd::Torn,
                 "the bytes end after " + std::to_string(bytes.size()) + " of the 12 bytes every batch begins with");
  base::ByteReader prefix(bytes);
  const int64_t baseOffset = prefix.readInt64();
  const int32_t batchLength = prefix.readInt32();
  if (batchLength < kBatchLengthMin || batchLength > INT32_MAX - static_cast<int32_t>(kLogOverhead))
    return ended(BatchEnd::Damaged, "the batch length is " + std::to_string(batchLength) + ", which no batch has");
  if (baseOffset < 0 || baseOffset > kBaseOffsetMax)
    return ended(BatchEnd::Damaged, "the base offset is " + std::to_string(baseOffset));
  if (bytes.size() > kMagic && bytes[kMagic] != 2)
    return ended(BatchEnd::Damaged, "the magic is " + std::to_string(static_cast<int8_t>(bytes[kMagic])) +
                                        " instead of 2; older batches cannot be read");
  const uint64_t size = static_cast<uint64_t>(batchLength) + kLogOverhead;
  if (bytes.size() < kRecords || bytesAvailable < size)
    return ended(BatchEnd::Torn, "the bytes end after " + std::to_string(bytesAvailable) + " of " +
                                     std::to_string(size) + " bytes of the batch");
  BatchScan scan;
  scan.end = BatchEnd::Complete;
  scan.header = decodeHeader(bytes);
  return scan;
}

BatchScan scanBatch(base::ByteView bytes, bool checkCrc) {
  BatchScan scan = scanHeader(bytes, bytes.size());
  if (scan.end != BatchEnd::Complete || !checkCrc) return scan;
  const base::ByteView covered =
      bytes.subspan(batch_layout::kAttributes, scan.header.sizeInBytes - batch_layout::kAttributes);
  const uint32_t computed = base::crc32c(covered);
  if (computed == scan.header.crc) return scan;
  return ended(BatchEnd::Damaged,
               "the checksum is " + std::to_string(scan.header.crc) + ", the bytes give " + std::to_string(computed));
}

base::Status forEachRecord(base::ByteView batch, const std::function<bool(const RecordView&)>& visit) {
  const BatchScan scan = scanBatch(batch, false);
  if (scan.end != BatchEnd::Complete)
    return base::fail(base::ErrorCode::CORRUPT_MESSAGE, "A record batch cannot be read: " + scan.reason + ".");
  auto reader = RecordReader::open(batch, scan.header);
  if (!reader) return base::fail(std::move(reader).error());
  RecordView record;
  while (reader->hasNext()) {
    if (auto status = reader->next(record, true); !status) return status;
    if (!visit(record)) return {};
  }
  return reader->finish();
}

base::Bytes encodeBatch(const BatchHeader& header, base::ByteView records) {
  using namespace batch_layout;
  base::ByteWriter writer(kRecords + records.size());
  writer.writeInt64(header.baseOffset);
  writer.writeInt32(static_cast<int32_t>(kRecords - kLogOverhead + records.size()));
  writer.writeInt32(header.partitionLeaderEpoch);
  writer.writeInt8(header.magic);
  writer.writeInt32(0);  // The checksum, below.
  writer.writeInt16(header.attributes);
  writer.writeInt32(header.lastOffsetDelta);
  writer.writeInt64(header.baseTimestamp);
  writer.writeInt64(header.maxTimestamp);
  writer.writeInt64(header.producerId);
  writer.writeInt16(header.producerEpoch);
  writer.writeInt32(header.baseSequence);
  writer.writeInt32(header.recordCount);
  writer.writeBytes(records);
  const uint32_t crc = base::crc32c(writer.view().subspan(kAttributes));
  writer.patchInt32(kCrc, static_cast<int32_t>(crc));
  return writer.take();
}

}  // namespace streamscope::log
