#include "record_reader.h"

#include <utility>

#include "compression.h"

namespace streamscope::log {
namespace {

/// As Java adds: hostile deltas wrap instead of being undefined.
int64_t wrappingAdd(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

/// A length of -1 (or below, as Kafka reads it) is null.
std::optional<base::ByteView> readNullable(base::ByteReader& reader) {
  const int32_t length = reader.readVarint();
  if (length < 0) return std::nullopt;
  return reader.readBytes(static_cast<size_t>(length));
}

int32_t sequenceAt(int32_t baseSequence, int32_t delta) {
  if (baseSequence < 0) return -1;
  return static_cast<int32_t>((static_cast<int64_t>(baseSequence) + delta) & INT32_MAX);
}

}  // namespace

RecordReader::RecordReader(const BatchHeader& header, base::Bytes decompressed, base::ByteView plain)
    : m_header(header),
      m_decompressed(std::move(decompressed)),
      m_reader(header.compression() == Compression::None ? plain : base::ByteView(m_decompressed)) {}

base::Result<RecordReader> RecordReader::open(base::ByteView batch, const BatchHeader& header) {
  const base::ByteView records = batch.subspan(batch_layout::kRecords, header.sizeInBytes - batch_layout::kRecords);
  if (header.compression() == Compression::None) return RecordReader(header, {}, records);
  // A batch that compaction emptied keeps its codec bits but has no data.
  if (header.recordCount == 0 && records.empty()) return RecordReader(header, {}, {});
  auto decompressed = decompress(header.compression(), records);
  if (!decompressed) return base::fail(std::move(decompressed).error());
  return RecordReader(header, std::move(*decompressed), {});
}

tl::unexpected<base::Error> RecordReader::invalid(const std::string& why) const {
  return base::fail(base::ErrorCode::INVALID_RECORD, "Record " + std::to_string(m_index) + " of the batch at offset " +
                                                         std::to_string(m_header.baseOffset) + " is invalid: " + why +
                                                         "; the sender has to build the batch anew.");
}

base::Status RecordReader::next(RecordView& record, bool withHeaders) {
  const size_t start = m_reader.position();
  const int32_t length = m_reader.readVarint();
  if (m_reader.failed() || length < 0) return invalid("its length is damaged");
  const base::ByteView bytes = m_reader.readBytes(static_cast<size_t>(length));
  base::ByteReader body(bytes);
  if (m_reader.failed()) return invalid("it reaches beyond the end of the batch");

  body.readInt8();  // Attributes, unused.
  const int64_t timestampDelta = body.readVarlong();
  m_behindTimestamp = bytes.subspan(body.position());
  const int32_t offsetDelta = body.readVarint();
  record.offset = wrappingAdd(m_header.baseOffset, offsetDelta);
  record.timestamp =
      m_header.isLogAppendTime() ? m_header.maxTimestamp : wrappingAdd(m_header.baseTimestamp, timestampDelta);
  record.sequence = sequenceAt(m_header.baseSequence, offsetDelta);
  record.sizeInBytes = static_cast<uint32_t>(m_reader.position() - start);
  record.key = readNullable(body);
  record.value = readNullable(body);
  if (auto status = readHeaders(body, record, withHeaders); !status) return status;
  if (body.failed()) return invalid("a field reaches beyond its end");
  if (body.remaining() != 0) return invalid("its length says more than its fields take");
  ++m_index;
  return {};
}

base::Status RecordReader::readHeaders(base::ByteReader& body, RecordView& record, bool withHeaders) const {
  record.headers.clear();
  const int32_t count = body.readVarint();
  if (count < 0) return invalid("its number of headers is negative");
  for (int32_t i = 0; i < count && !body.failed(); ++i) {
    const auto key = readNullable(body);
    if (!key) return invalid("a header has no key");
    const auto value = readNullable(body);
    if (withHeaders && !body.failed()) record.headers.push_back({base::asText(*key), value});
  }
  return {};
}

base::Status RecordReader::finish() const {
  if (m_reader.remaining() == 0) return {};
  return base::fail(base::ErrorCode::INVALID_RECORD,
                    "The batch at offset " + std::to_string(m_header.baseOffset) + " has " +
                        std::to_string(m_reader.remaining()) + " bytes after its last record (it counts " +
                        std::to_string(m_header.recordCount) + "); the sender has to build the batch anew.");
}

}  // namespace streamscope::log
