#include "inspect/inspected_file.h"

#include "base/byte_reader.h"
#include "protocol/describe.h"
#include "protocol/record_codec.h"

namespace streamscope::app {
namespace {

/// Files that stand in the log directory itself, whatever it is called: "broker-1" is no replica of a topic "broker".
bool isOfLogDirectory(log::FileKind kind) {
  switch (kind) {
    case log::FileKind::MetaProperties:
    case log::FileKind::OffsetCheckpoint:
    case log::FileKind::CleanShutdownMarker:
    case log::FileKind::BootstrapSnapshot:
    case log::FileKind::Lock:
      return true;
    default:
      return false;
  }
}

std::optional<protocol::InternalTopic> decoderFor(const InspectedFile& file, const InspectOptions& options) {
  if (options.isRaw) return std::nullopt;
  if (options.decoder) return options.decoder;
  // Snapshots have batches of the metadata log wherever they are.
  if (file.name.kind == log::FileKind::MetadataSnapshot || file.name.kind == log::FileKind::BootstrapSnapshot)
    return protocol::InternalTopic::ClusterMetadata;
  return file.replica ? protocol::internalTopicNamed(file.replica->partition.topic) : std::nullopt;
}

std::optional<base::SharedBytes> shared(const std::optional<base::Bytes>& bytes) {
  if (!bytes) return std::nullopt;
  return base::SharedBytes(*bytes);
}

}  // namespace

InspectedFile describeFile(const std::filesystem::path& path, const std::filesystem::path& absolute,
                           const InspectOptions& options) {
  InspectedFile file;
  file.path = path;
  file.name = log::parseFileName(path);
  if (!isOfLogDirectory(file.name.kind)) file.replica = log::parseDirectoryName(absolute.parent_path());
  file.decoder = decoderFor(file, options);
  return file;
}

DecodedRecord decodeRecord(const InspectedFile& file, const log::DumpedBatch& batch, const log::DumpedRecord& record) {
  DecodedRecord decoded;
  if (!file.decoder || batch.header.isControl()) return decoded;
  const auto described = protocol::describeRecord(*file.decoder, shared(record.key), shared(record.value));
  if (!described) {
    decoded.problem = described.error().message;
    return decoded;
  }
  decoded.key = described->key;
  decoded.value = described->value;
  return decoded;
}

std::string decodeControl(const log::DumpedRecord& record) {
  const base::SharedBytes key(record.key.value_or(base::Bytes()));
  const auto control = protocol::decodeControlRecord(key, base::SharedBytes(record.value.value_or(base::Bytes())));
  if (control) return protocol::describe(*control);
  base::ByteReader reader(key.view());
  reader.readInt16();
  const int16_t type = reader.readInt16();
  return "{\"type\":\"UNKNOWN\",\"typeId\":" + (reader.failed() ? "null" : std::to_string(type)) + '}';
}

}  // namespace streamscope::app
