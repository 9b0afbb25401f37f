#include "inspect/json_inspection.h"

#include "inspect/batch_names.h"

namespace streamscope::app {
namespace {

constexpr int64_t kFormatVersion = 1;

int64_t sizeOf(const std::optional<base::Bytes>& bytes) {
  return bytes ? static_cast<int64_t>(bytes->size()) : -1;
}

}  // namespace

void JsonInspection::begin() {
  m_json.beginObject();
  m_json.member("streamscopeInspect", kFormatVersion);
  m_json.name("files");
  m_json.beginArray();
}

void JsonInspection::beginFile(const InspectedFile& file) {
  m_json.breakLine();
  m_json.beginObject();
  m_json.member("file", file.path.generic_string());
  m_json.member("kind", log::fileKindName(file.name.kind));
  m_json.member("state", log::fileStateName(file.name.state));
  if (file.replica) {
    m_json.name("replica");
    m_json.beginObject();
    m_json.member("topic", file.replica->partition.topic);
    m_json.member("partition", file.replica->partition.partition);
    m_json.member("state", file.replica->state.empty() ? "in use" : file.replica->state);
    m_json.endObject();
  }
  if (file.name.offset)
    m_json.member(file.name.kind == log::FileKind::MetadataSnapshot ? "endOffset" : "baseOffset", *file.name.offset);
  if (file.name.epoch) m_json.member("epoch", *file.name.epoch);
  if (!log::hasBatches(file.name.kind)) return;
  if (file.decoder) m_json.member("decoder", protocol::nameOf(*file.decoder));
  if (!m_options.withContents) return;
  m_json.name("batches");
  m_json.beginArray();
}

void JsonInspection::addHeader(const log::DumpedBatch& batch) {
  const log::BatchHeader& header = batch.header;
  m_json.member("position", static_cast<int64_t>(batch.position));
  m_json.member("sizeInBytes", header.sizeInBytes);
  m_json.member("baseOffset", header.baseOffset);
  m_json.member("lastOffset", header.lastOffset());
  m_json.member("lastOffsetDelta", header.lastOffsetDelta);
  m_json.member("recordCount", header.recordCount);
  m_json.member("partitionLeaderEpoch", header.partitionLeaderEpoch);
  m_json.member("magic", header.magic);
  m_json.member("crc", header.crc);
  m_json.flag("isChecksumValid", batch.isChecksumValid);
  m_json.member("attributes", header.attributes);
  m_json.member("compression", codecName(header.compression()));
  m_json.member("timestampType", timestampTypeName(header));
  m_json.flag("isTransactional", header.isTransactional());
  m_json.flag("isControl", header.isControl());
  m_json.name("deleteHorizonMs");
  if (header.hasDeleteHorizon())
    m_json.integer(header.baseTimestamp);
  else
    m_json.null();
  m_json.member("baseTimestamp", header.baseTimestamp);
  m_json.member("maxTimestamp", header.maxTimestamp);
  m_json.member("producerId", header.producerId);
  m_json.member("producerEpoch", header.producerEpoch);
  m_json.member("baseSequence", header.baseSequence);
  m_json.member("lastSequence", header.lastSequence());
}

void JsonInspection::addFields(const std::vector<log::DumpedField>& fields) {
  m_json.name("fields");
  m_json.beginArray();
  for (const log::DumpedField& field : fields) {
    m_json.beginArray();
    m_json.text(field.name);
    m_json.integer(static_cast<int64_t>(field.begin));
    m_json.integer(static_cast<int64_t>(field.end));
    m_json.endArray();
  }
  m_json.endArray();
}

void JsonInspection::addBatch(const InspectedFile& file, const log::DumpedBatch& batch) {
  if (!m_options.withContents) return;
  m_json.breakLine();
  m_json.beginObject();
  addHeader(batch);
  if (m_options.withFields) {
    addFields(batch.fields);
    m_json.member("recordFieldsIn", batch.areRecordFieldsInFile ? "file" : "decompressed records");
  }
  if (batch.recordProblem) m_json.member("recordProblem", *batch.recordProblem);
  if (m_options.withRecords) {
    m_json.name("records");
    m_json.beginArray();
    for (const log::DumpedRecord& record : batch.records) addRecord(file, batch, record);
    m_json.endArray();
  }
  m_json.endObject();
}

void JsonInspection::addRecord(const InspectedFile& file, const log::DumpedBatch& batch,
                               const log::DumpedRecord& record) {
  m_json.breakLine();
  m_json.beginObject();
  if (m_options.withRecordMetadata) addRecordMetadata(record);
  m_json.name("key");
  m_json.bytes(record.key);
  m_json.name("value");
  m_json.bytes(record.value);
  addDecoded(file, batch, record);
  if (m_options.withFields) addFields(record.fields);
  m_json.endObject();
}

void JsonInspection::addRecordMetadata(const log::DumpedRecord& record) {
  m_json.member("offset", record.offset);
  m_json.member("timestamp", record.timestamp);
  m_json.member("sequence", record.sequence);
  m_json.member("sizeInBytes", record.sizeInBytes);
  m_json.member("keySize", sizeOf(record.key));
  m_json.member("valueSize", sizeOf(record.value));
  m_json.name("headers");
  m_json.beginArray();
  for (const log::RecordHeader& header : record.headers) {
    m_json.beginObject();
    const base::ByteView key = base::asBytes(header.key);
    m_json.name("key");
    m_json.bytes(base::Bytes(key.begin(), key.end()));
    m_json.name("value");
    m_json.bytes(header.value);
    m_json.endObject();
  }
  m_json.endArray();
}

void JsonInspection::addDecoded(const InspectedFile& file, const log::DumpedBatch& batch,
                                const log::DumpedRecord& record) {
  if (batch.header.isControl()) {
    m_json.name("control");
    return m_json.json(decodeControl(record));
  }
  const DecodedRecord decoded = decodeRecord(file, batch, record);
  if (!decoded.problem.empty()) return m_json.member("decodeProblem", decoded.problem);
  if (decoded.value.empty()) return;
  m_json.name("decoded");
  m_json.beginObject();
  if (!decoded.key.empty()) {
    m_json.name("key");
    m_json.json(decoded.key);
  }
  m_json.name("value");
  m_json.json(decoded.value);
  m_json.endObject();
}

void JsonInspection::finishSegment(const log::SegmentDump& dump) {
  if (m_options.withContents) m_json.endArray();
  m_json.name("totals");
  m_json.beginObject();
  m_json.member("bytes", static_cast<int64_t>(dump.bytes));
  m_json.member("batchCount", static_cast<int64_t>(dump.batchCount));
  m_json.member("recordCount", static_cast<int64_t>(dump.recordCount));
  m_json.member("firstOffset", dump.firstOffset);
  m_json.member("endOffset", dump.endOffset);
  m_json.member("maxTimestamp", dump.maxTimestamp);
  m_json.member("offsetGapCount", static_cast<int64_t>(dump.offsetGapCount));
  m_json.member("paddingBytes", static_cast<int64_t>(dump.paddingBytes));
  m_json.endObject();
}

void JsonInspection::beginEntries(size_t count, uint64_t paddingBytes) {
  m_json.member("entryCount", static_cast<int64_t>(count));
  m_json.member("paddingBytes", static_cast<int64_t>(paddingBytes));
  if (!m_options.withContents || !m_options.withIndexEntries) return;
  m_json.name("entries");
  m_json.beginArray();
}

void JsonInspection::addOffsetIndex(const log::OffsetIndexDump& dump) {
  beginEntries(dump.entries.size(), dump.paddingBytes);
  if (!m_options.withContents || !m_options.withIndexEntries) return;
  for (const log::OffsetIndexDump::Entry& entry : dump.entries) {
    m_json.beginObject();
    m_json.member("offset", entry.offset);
    m_json.member("position", static_cast<int64_t>(entry.position));
    m_json.endObject();
  }
  m_json.endArray();
}

void JsonInspection::addTimeIndex(const log::TimeIndexDump& dump) {
  beginEntries(dump.entries.size(), dump.paddingBytes);
  if (!m_options.withContents || !m_options.withIndexEntries) return;
  for (const log::TimeIndexDump::Entry& entry : dump.entries) {
    m_json.beginObject();
    m_json.member("timestamp", entry.timestamp);
    m_json.member("offset", entry.offset);
    m_json.endObject();
  }
  m_json.endArray();
}

void JsonInspection::addTransactionIndex(const log::TransactionIndexDump& dump) {
  beginEntries(dump.entries.size(), 0);
  if (!m_options.withContents || !m_options.withIndexEntries) return;
  for (const log::AbortedTransaction& entry : dump.entries) {
    m_json.beginObject();
    m_json.member("version", int64_t{0});
    m_json.member("producerId", entry.producerId);
    m_json.member("firstOffset", entry.firstOffset);
    m_json.member("lastOffset", entry.lastOffset);
    m_json.member("lastStableOffset", entry.lastStableOffset);
    m_json.endObject();
  }
  m_json.endArray();
}

void JsonInspection::addTable(const log::TableDump& dump) {
  if (!m_options.withContents) return;
  m_json.name("rows");
  m_json.beginArray();
  for (const auto& row : dump.rows) {
    m_json.beginObject();
    for (size_t i = 0; i < row.size() && i < dump.columns.size(); ++i) {
      if (const auto* number = std::get_if<int64_t>(&row[i]))
        m_json.member(dump.columns[i], *number);
      else
        m_json.member(dump.columns[i], std::get<std::string>(row[i]));
    }
    m_json.endObject();
  }
  m_json.endArray();
}

void JsonInspection::endFile(const std::vector<log::DumpProblem>& problems) {
  m_json.name("problems");
  m_json.beginArray();
  for (const log::DumpProblem& problem : problems) {
    m_json.beginObject();
    m_json.member("kind", log::problemKindName(problem.kind));
    m_json.member("atByte", static_cast<int64_t>(problem.atByte));
    m_json.member("reason", problem.reason);
    m_json.endObject();
  }
  m_json.endArray();
  m_json.endObject();
}

void JsonInspection::end(uint64_t fileCount, uint64_t problemCount) {
  m_json.breakLine();
  m_json.endArray();
  m_json.member("fileCount", static_cast<int64_t>(fileCount));
  m_json.member("problemCount", static_cast<int64_t>(problemCount));
  m_json.endObject();
  m_json.flush();
}

}  // namespace streamscope::app
