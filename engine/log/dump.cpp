#include "log/dump.h"

#include <algorithm>

#include "batch_scanner.h"
#include "checkpoint_file.h"
#include "clean_shutdown_marker.h"
#include "leader_epoch_cache.h"
#include "log_files.h"
#include "meta_properties.h"
#include "partition_metadata_file.h"
#include "record_reader.h"

namespace streamscope::log {

FileKind fileKindOf(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  if (name == kMetaPropertiesFile) return FileKind::MetaProperties;
  if (name == kPartitionMetadataFile) return FileKind::PartitionMetadata;
  if (name == kCleanShutdownFile) return FileKind::CleanShutdownMarker;
  if (name == kEpochCheckpointFile) return FileKind::EpochCheckpoint;
  if (name.ends_with("-offset-checkpoint")) return FileKind::OffsetCheckpoint;
  if (name.ends_with(kLogSuffix) || name.ends_with(".checkpoint")) return FileKind::Segment;
  if (name.ends_with(kOffsetIndexSuffix)) return FileKind::OffsetIndex;
  if (name.ends_with(kTimeIndexSuffix)) return FileKind::TimeIndex;
  if (name.ends_with(kSnapshotSuffix)) return FileKind::ProducerSnapshot;
  return FileKind::Unknown;
}

base::Result<std::vector<std::filesystem::path>> filesIn(storage::Storage& storage, const std::filesystem::path& path) {
  const auto entries = storage.list(path);
  if (!entries) {
    if (storage.exists(path) && fileKindOf(path) != FileKind::Unknown) return std::vector{path};
    return base::fail(storage::toError(entries.error()));
  }
  std::vector<std::filesystem::path> files;
  for (const storage::DirectoryEntry& entry : *entries)
    if (!entry.isDirectory && fileKindOf(entry.name) != FileKind::Unknown) files.push_back(path / entry.name);
  for (const storage::DirectoryEntry& entry : *entries) {
    if (!entry.isDirectory) continue;
    const auto below = filesIn(storage, path / entry.name);
    if (!below) return below;
    files.insert(files.end(), below->begin(), below->end());
  }
  return files;
}

std::vector<DumpedField> headerFields(uint64_t position) {
  using namespace batch_layout;
  struct Start {
    const char* name;
    size_t at;
  };
  static constexpr Start kStarts[] = {
      {"baseOffset", kBaseOffset},
      {"batchLength", kBatchLength},
      {"partitionLeaderEpoch", kPartitionLeaderEpoch},
      {"magic", kMagic},
      {"crc", kCrc},
      {"attributes", kAttributes},
      {"lastOffsetDelta", kLastOffsetDelta},
      {"baseTimestamp", kBaseTimestamp},
      {"maxTimestamp", kMaxTimestamp},
      {"producerId", kProducerId},
      {"producerEpoch", kProducerEpoch},
      {"baseSequence", kBaseSequence},
      {"recordCount", kRecordCount},
      {"", kRecords},
  };
  std::vector<DumpedField> fields;
  for (size_t i = 0; i + 1 < std::size(kStarts); ++i)
    fields.push_back({kStarts[i].name, position + kStarts[i].at, position + kStarts[i + 1].at});
  return fields;
}

namespace {

std::optional<base::Bytes> copyOf(const std::optional<base::ByteView>& view) {
  if (!view) return std::nullopt;
  return base::Bytes(view->begin(), view->end());
}

void readRecords(base::ByteView bytes, DumpedBatch& batch) {
  auto reader = RecordReader::open(bytes, batch.header);
  if (!reader) {
    batch.recordProblem = reader.error().message;
    return;
  }
  RecordView view;
  while (reader->hasNext()) {
    if (const auto status = reader->next(view, true); !status) {
      batch.recordProblem = status.error().message;
      return;
    }
    DumpedRecord record{
        view.offset, view.timestamp, view.sequence, view.sizeInBytes, copyOf(view.key), copyOf(view.value), {}};
    for (const RecordHeaderView& header : view.headers)
      record.headers.push_back({std::string(header.key), copyOf(header.value)});
    batch.records.push_back(std::move(record));
  }
  if (const auto status = reader->finish(); !status) batch.recordProblem = status.error().message;
}

void takeIn(const DumpedBatch& batch, SegmentDump& dump) {
  if (dump.batchCount == 0) dump.firstOffset = batch.header.baseOffset;
  if (!batch.isChecksumValid) dump.problems.push_back({batch.position, "the checksum of the batch does not match"});
  if (batch.recordProblem) dump.problems.push_back({batch.position, *batch.recordProblem});
  if (dump.endOffset != base::kNoOffset && batch.header.baseOffset < dump.endOffset)
    dump.problems.push_back({batch.position, "the offsets go back from " + std::to_string(dump.endOffset) + " to " +
                                                 std::to_string(batch.header.baseOffset)});
  ++dump.batchCount;
  dump.recordCount += static_cast<uint64_t>(std::max(batch.header.recordCount, 0));
  dump.endOffset = batch.header.nextOffset();
  dump.maxTimestamp = std::max(dump.maxTimestamp, batch.header.maxTimestamp);
}

}  // namespace

base::Result<SegmentDump> dumpSegment(storage::Storage& storage, const std::filesystem::path& path, bool withRecords,
                                      const std::function<bool(const DumpedBatch&)>& visit) {
  const auto file = storage.open(path, storage::OpenMode::ReadOnly);
  if (!file) return base::fail(storage::toError(file.error()));
  SegmentDump dump;
  dump.bytes = (*file)->size();
  BatchScanner scanner(**file, 0, dump.bytes, BatchScanner::Depth::Headers);
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan) return base::fail(storage::toError(scan.error()));
    if (scan->end != BatchEnd::Complete) {
      dump.problems.push_back({scanner.position(), scan->reason});
      break;
    }
    const auto bytes = scanner.bytes();
    if (!bytes) return base::fail(storage::toError(bytes.error()));
    DumpedBatch batch;
    batch.position = scanner.position();
    batch.header = scan->header;
    batch.isChecksumValid = scanBatch(*bytes, true).end == BatchEnd::Complete;
    batch.fields = headerFields(batch.position);
    if (withRecords && bytes->size() == batch.header.sizeInBytes) readRecords(*bytes, batch);
    takeIn(batch, dump);
    if (!visit(batch)) break;
  }
  return dump;
}

}  // namespace streamscope::log
