#include "hand_made_batch.h"

#include <zlib.h>

#include <algorithm>

#include "base/byte_writer.h"
#include "base/crc32c.h"
#include "compression.h"

namespace streamscope::conformance {
namespace {

void writeNullable(base::ByteWriter& writer, const std::optional<std::string>& text) {
  writer.writeVarint(text ? static_cast<int32_t>(text->size()) : -1);
  if (text) writer.writeBytes(base::asBytes(*text));
}

void writeRecord(base::ByteWriter& writer, const HandMadeRecord& record, int32_t index) {
  base::ByteWriter body;
  body.writeInt8(record.attributes);
  body.writeVarlong(record.timestampDelta);
  body.writeVarint(record.offsetDelta.value_or(index));
  writeNullable(body, record.key);
  writeNullable(body, record.value);
  body.writeVarint(record.headerCount.value_or(static_cast<int32_t>(record.headers.size())));
  for (const auto& [key, value] : record.headers) {
    writeNullable(body, key);
    writeNullable(body, value);
  }
  body.writeBytes(record.surplus);
  writer.writeVarint(static_cast<int32_t>(body.size()) + record.lengthError);
  writer.writeBytes(body.view());
}

}  // namespace

base::Bytes HandMadeBatch::recordBytes() const {
  base::ByteWriter writer;
  for (size_t i = 0; i < records.size(); ++i) writeRecord(writer, records[i], static_cast<int32_t>(i));
  writer.writeBytes(surplus);
  return writer.take();
}

base::Bytes HandMadeBatch::bytes() const {
  const auto count = static_cast<int32_t>(records.size());
  base::Bytes body = payload ? *payload : recordBytes();
  if (!payload && codec != log::Compression::None) body = log::compress(codec, body);
  int64_t latest = baseTimestamp;
  for (const HandMadeRecord& record : records) latest = std::max(latest, baseTimestamp + record.timestampDelta);

  base::ByteWriter writer;
  writer.writeInt64(baseOffset);
  writer.writeInt32(batchLength.value_or(
      static_cast<int32_t>(log::batch_layout::kRecords - log::batch_layout::kLogOverhead + body.size())));
  writer.writeInt32(leaderEpoch);
  writer.writeInt8(magic);
  writer.writeInt32(0);
  writer.writeInt16(static_cast<int16_t>(attributes | static_cast<int>(codec)));
  writer.writeInt32(lastOffsetDelta.value_or(count - 1));
  writer.writeInt64(baseTimestamp);
  writer.writeInt64(maxTimestamp.value_or(latest));
  writer.writeInt64(producerId);
  writer.writeInt16(producerEpoch);
  writer.writeInt32(baseSequence);
  writer.writeInt32(recordCount.value_or(count));
  writer.writeBytes(body);
  const uint32_t crc = base::crc32c(writer.view().subspan(log::batch_layout::kAttributes)) + crcError;
  writer.patchInt32(log::batch_layout::kCrc, static_cast<int32_t>(crc));
  return writer.take();
}

base::Bytes oldMessage(int8_t magic, const std::string& key, const std::string& value) {
  base::ByteWriter covered;
  covered.writeInt8(magic);
  covered.writeInt8(0);
  if (magic == 1) covered.writeInt64(1'700'000'000'000);
  for (const std::string& text : {key, value}) {
    covered.writeInt32(static_cast<int32_t>(text.size()));
    covered.writeBytes(base::asBytes(text));
  }
  base::ByteWriter writer;
  writer.writeInt64(0);
  writer.writeInt32(static_cast<int32_t>(covered.size() + 4));
  writer.writeUint32(static_cast<uint32_t>(crc32(0, covered.view().data(), static_cast<uInt>(covered.size()))));
  writer.writeBytes(covered.view());
  return writer.take();
}

}  // namespace streamscope::conformance
