#include "protocol/record_codec.h"

#include <string>
#include <utility>

#include "alternatives.h"
#include "base/assert.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "message_decoder.h"
#include "message_encoder.h"
#include "protocol/tree.h"

namespace streamscope::protocol {

namespace {

constexpr uint32_t kFrameVersion = 1;

/// Levels of metadata.version at which records grew.
constexpr int16_t kLevel37IV2 = 17;  // directory ids
constexpr int16_t kLevel40IV1 = 23;  // eligible leader replicas
constexpr int16_t kLevel43IV0 = 30;  // cordoned log directories

int16_t versionAt(int16_t level, const RegisterBrokerRecord&) {
  if (level >= kLevel43IV0) return 4;
  return level >= kLevel37IV2 ? 3 : 2;
}

/// Not by level: the lowest version that holds what changes (Kafka: ReplicationControlManager, ClusterControlManager).
int16_t versionAt(int16_t, const BrokerRegistrationChangeRecord& record) {
  if (record.cordonedLogDirs) return 3;
  if (!record.logDirs.empty()) return 2;
  return record.inControlledShutdown != 0 ? 1 : 0;
}

int16_t versionOfPartitionRecordsAt(int16_t level) {
  if (level >= kLevel40IV1) return 2;
  return level >= kLevel37IV2 ? 1 : 0;
}

int16_t versionAt(int16_t level, const PartitionRecord&) {
  return versionOfPartitionRecordsAt(level);
}

int16_t versionAt(int16_t level, const PartitionChangeRecord&) {
  return versionOfPartitionRecordsAt(level);
}

template <class Record>
int16_t versionAt(int16_t, const Record&) {
  return 0;
}

uint32_t readFramePart(FrameReader& reader, const std::string& name) {
  if (reader.failed()) return 0;
  if (reader.tree() != nullptr) reader.tree()->open(name, reader.position());
  const uint32_t value = reader.readUnsignedVarint();
  if (reader.tree() != nullptr) reader.tree()->close(reader.position(), reader.failed() ? "" : std::to_string(value));
  if (reader.failed()) reader.prependField(name);
  return value;
}

tl::unexpected<base::Error> unknown(const std::string& what) {
  return base::fail(base::ErrorCode::UNSUPPORTED_VERSION, "Metadata record: " + what + " is not known here");
}

template <class Record>
base::Result<MetadataRecord> readRecord(FrameReader& reader, uint32_t version) {
  const std::string name(Record::kInfo.name);
  if (version > static_cast<uint32_t>(Record::kInfo.versionMax)) return unknown(name + " v" + std::to_string(version));
  if (reader.tree() != nullptr) reader.tree()->open(name, reader.position());
  Record record;
  decodeMessage(reader, static_cast<int16_t>(version), record);
  if (reader.tree() != nullptr) reader.tree()->close(reader.position(), {});
  if (reader.failed()) return base::fail(reader.error(name, static_cast<int16_t>(version)));
  return MetadataRecord(std::move(record));
}

base::Result<MetadataRecord> readMetadataRecord(FrameReader& reader) {
  const uint32_t frameVersion = readFramePart(reader, "FrameVersion");
  if (!reader.failed() && frameVersion != kFrameVersion)
    return unknown("frame version " + std::to_string(frameVersion));
  const uint32_t key = readFramePart(reader, "ApiKey");
  const uint32_t version = readFramePart(reader, "Version");
  if (reader.failed()) return base::fail(reader.error("Metadata record frame", kFrameVersion));
  base::Result<MetadataRecord> result = unknown("type " + std::to_string(key));
  if (key > INT16_MAX) return result;
  withAlternative<MetadataRecord>(static_cast<int16_t>(key), [&]<class Record>(std::type_identity<Record>) {
    result = readRecord<Record>(reader, version);
  });
  return result;
}

/// Numbers of the types of control records (`ControlRecordType.java`).
int16_t controlType(const LeaderChangeMessage&) {
  return 2;
}
int16_t controlType(const SnapshotHeaderRecord&) {
  return 3;
}
int16_t controlType(const SnapshotFooterRecord&) {
  return 4;
}
int16_t controlType(const KRaftVersionRecord&) {
  return 5;
}
int16_t controlType(const VotersRecord&) {
  return 6;
}
constexpr int16_t kAbortType = 0;
constexpr int16_t kCommitType = 1;
int16_t controlType(const EndTxnMarker& marker) {
  return marker.isCommit ? kCommitType : kAbortType;
}

template <class Record>
base::Result<ControlRecord> readControlRecord(const base::SharedBytes& value) {
  base::ByteReader preview(value.view());
  const int16_t version = preview.readInt16();
  if (!preview.failed() && !Record::kInfo.hasVersion(version))
    return base::fail(base::ErrorCode::UNSUPPORTED_VERSION,
                      std::string(Record::kInfo.name) + " v" + std::to_string(version) + " is not known here");
  FrameReader reader(value, 0);
  Record record;
  decodeMessage(reader, version, record);
  if (reader.failed()) return base::fail(reader.error(Record::kInfo.name, version));
  return ControlRecord(std::move(record));
}

}  // namespace

int16_t metadataRecordKey(const MetadataRecord& record) {
  return std::visit([](const auto& body) { return body.kInfo.apiKey; }, record);
}

int16_t metadataRecordVersion(const MetadataRecord& record, int16_t metadataVersionLevel) {
  return std::visit([&](const auto& body) { return versionAt(metadataVersionLevel, body); }, record);
}

base::Bytes encodeMetadataRecord(const MetadataRecord& record, int16_t version) {
  base::ByteWriter writer;
  writer.writeUnsignedVarint(kFrameVersion);
  writer.writeUnsignedVarint(static_cast<uint32_t>(metadataRecordKey(record)));
  writer.writeUnsignedVarint(static_cast<uint32_t>(version));
  std::visit(
      [&]<class Record>(const Record& body) {
        STREAMSCOPE_ASSERT(Record::kInfo.hasVersion(version),
                           std::string(Record::kInfo.name) + " v" + std::to_string(version));
        encodeMessage(writer, version, body);
      },
      record);
  return writer.take();
}

base::Result<MetadataRecord> decodeMetadataRecord(const base::SharedBytes& value) {
  FrameReader reader(value, 0);
  return readMetadataRecord(reader);
}

MessageTree metadataRecordTree(const base::SharedBytes& value) {
  TreeBuilder builder;
  FrameReader reader(value, 0, &builder);
  const base::Result<MetadataRecord> result = readMetadataRecord(reader);
  MessageTree tree;
  tree.root = TreeNode{"Value", {}, 0, value.size(), builder.take()};
  if (!result) tree.error = result.error();
  return tree;
}

ControlRecordBytes encodeControlRecord(const ControlRecord& record) {
  base::ByteWriter key;
  base::ByteWriter value;
  std::visit(
      [&]<class Record>(const Record& body) {
        STREAMSCOPE_ASSERT(Record::kInfo.hasVersion(body.version));
        key.writeInt16(0);
        key.writeInt16(controlType(body));
        encodeMessage(value, body.version, body);
      },
      record);
  return {key.take(), value.take()};
}

base::Result<ControlRecord> decodeControlRecord(const base::SharedBytes& key, const base::SharedBytes& value) {
  base::ByteReader reader(key.view());
  reader.readInt16();
  const int16_t type = reader.readInt16();
  if (reader.failed())
    return base::fail(base::ErrorCode::INVALID_REQUEST,
                      "Control record: a key of " + std::to_string(key.size()) + " bytes, 4 needed");
  if (type == controlType(LeaderChangeMessage{})) return readControlRecord<LeaderChangeMessage>(value);
  if (type == controlType(SnapshotHeaderRecord{})) return readControlRecord<SnapshotHeaderRecord>(value);
  if (type == controlType(SnapshotFooterRecord{})) return readControlRecord<SnapshotFooterRecord>(value);
  if (type == controlType(KRaftVersionRecord{})) return readControlRecord<KRaftVersionRecord>(value);
  if (type == controlType(VotersRecord{})) return readControlRecord<VotersRecord>(value);
  if (type == kAbortType || type == kCommitType) {
    auto marker = readControlRecord<EndTxnMarker>(value);
    if (marker) std::get<EndTxnMarker>(*marker).isCommit = type == kCommitType;
    return marker;
  }
  return base::fail(base::ErrorCode::UNSUPPORTED_VERSION,
                    "Control record: type " + std::to_string(type) + " is not known here");
}

}  // namespace streamscope::protocol
