#include <algorithm>

#include "batch_scanner.h"
#include "checkpoint_file.h"
#include "clean_shutdown_marker.h"
#include "log/dump.h"
#include "log_files.h"
#include "meta_properties.h"
#include "offset_index.h"
#include "partition_metadata_file.h"
#include "producer_snapshot.h"
#include "time_index.h"

namespace streamscope::log {
namespace {

/// Position, last offset and largest timestamp of the batches of the segment beside an index; empty without one.
struct BatchFact {
  uint64_t position = 0;
  base::Offset lastOffset = 0;
  base::TimestampMs maxTimestamp = -1;
};

std::vector<BatchFact> batchesBeside(storage::Storage& storage, const std::filesystem::path& index) {
  std::filesystem::path path = index;
  path.replace_extension(kLogSuffix);
  std::vector<BatchFact> batches;
  const auto file = storage.open(path, storage::OpenMode::ReadOnly);
  if (!file) return batches;
  BatchScanner scanner(**file, 0, (*file)->size(), BatchScanner::Depth::Headers);
  while (!scanner.atEnd()) {
    const auto scan = scanner.next();
    if (!scan || scan->end != BatchEnd::Complete) break;
    batches.push_back({scanner.position(), scan->header.lastOffset(), scan->header.maxTimestamp});
  }
  return batches;
}

/// The whole entries of an index file. Kafka fills the index of an active segment up with zeros: these are no entries.
struct RawIndex {
  base::Offset baseOffset = 0;
  base::Bytes entries;
  std::vector<DumpProblem> problems;
};

base::Result<RawIndex> readIndex(storage::Storage& storage, const std::filesystem::path& path, std::string_view suffix,
                                 size_t entrySize) {
  auto bytes = storage.readFile(path);
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  RawIndex raw;
  const auto baseOffset = offsetOfFileName(path.filename().string(), suffix);
  if (!baseOffset) raw.problems.push_back({0, "the file name is not a base offset, 0 is assumed"});
  raw.baseOffset = baseOffset.value_or(0);
  const size_t rest = bytes->size() % entrySize;
  if (rest != 0) raw.problems.push_back({bytes->size() - rest, "the last entry is incomplete"});
  bytes->resize(bytes->size() - rest);
  size_t used = bytes->size();
  while (used > 0 &&
         std::all_of(bytes->begin() + static_cast<std::ptrdiff_t>(used - entrySize),
                     bytes->begin() + static_cast<std::ptrdiff_t>(used), [](uint8_t byte) { return byte == 0; }))
    used -= entrySize;
  bytes->resize(used);
  raw.entries = std::move(*bytes);
  return raw;
}

void fail(TableDump& table, const ParseProblem& problem) {
  table.problem = DumpProblem{problem.atByte, problem.reason};
}

void fillOffsets(base::ByteView bytes, TableDump& table) {
  table.columns = {"topic", "partition", "offset"};
  const auto offsets = parseOffsetCheckpoint(bytes);
  if (!offsets) return fail(table, offsets.error());
  for (const auto& [partition, offset] : *offsets)
    table.rows.push_back({partition.topic, int64_t{partition.partition}, offset});
}

void fillEpochs(base::ByteView bytes, TableDump& table) {
  table.columns = {"epoch", "startOffset"};
  const auto entries = parseEpochCheckpoint(bytes);
  if (!entries) return fail(table, entries.error());
  for (const PartitionLog::EpochEntry& entry : *entries)
    table.rows.push_back({int64_t{entry.epoch}, entry.startOffset});
}

void fillProducers(base::ByteView bytes, TableDump& table) {
  table.columns = {"producerId",  "epoch",     "lastSequence",     "lastOffset",
                   "offsetDelta", "timestamp", "coordinatorEpoch", "currentTxnFirstOffset"};
  const auto entries = parseProducerSnapshot(bytes);
  if (!entries) return fail(table, entries.error());
  for (const ProducerSnapshotEntry& entry : *entries)
    table.rows.push_back({entry.producerId, int64_t{entry.epoch}, int64_t{entry.lastSequence}, entry.lastOffset,
                          int64_t{entry.offsetDelta}, entry.timestamp, int64_t{entry.coordinatorEpoch},
                          entry.currentTxnFirstOffset});
}

void fillMetaProperties(base::ByteView bytes, TableDump& table) {
  table.columns = {"key", "value"};
  const auto properties = parseMetaProperties(bytes);
  if (!properties) return fail(table, properties.error());
  table.rows.push_back({"cluster.id", properties->clusterId});
  table.rows.push_back({"node.id", int64_t{properties->nodeId}});
  if (properties->directoryId) table.rows.push_back({"directory.id", properties->directoryId->toString()});
}

void fillPartitionMetadata(base::ByteView bytes, TableDump& table) {
  table.columns = {"key", "value"};
  const auto topicId = parsePartitionMetadata(bytes);
  if (!topicId) return fail(table, topicId.error());
  table.rows.push_back({"topic_id", topicId->toString()});
}

void fillMarker(base::ByteView bytes, TableDump& table) {
  table.columns = {"key", "value"};
  const auto brokerEpoch = parseCleanShutdownMarker(bytes);
  if (!brokerEpoch) return fail(table, brokerEpoch.error());
  table.rows.push_back({"brokerEpoch", *brokerEpoch});
}

}  // namespace

base::Result<OffsetIndexDump> dumpOffsetIndex(storage::Storage& storage, const std::filesystem::path& path) {
  auto raw = readIndex(storage, path, kOffsetIndexSuffix, OffsetIndex::kEntrySize);
  if (!raw) return base::fail(std::move(raw).error());
  OffsetIndexDump dump;
  dump.baseOffset = raw->baseOffset;
  dump.problems = std::move(raw->problems);
  const std::vector<BatchFact> batches = batchesBeside(storage, path);
  size_t batch = 0;
  for (size_t at = 0; at < raw->entries.size(); at += OffsetIndex::kEntrySize) {
    const auto entry =
        OffsetIndex::decode(base::ByteView(raw->entries).subspan(at, OffsetIndex::kEntrySize), dump.baseOffset);
    if (!dump.entries.empty() &&
        (entry.offset <= dump.entries.back().offset || entry.position <= dump.entries.back().position))
      dump.problems.push_back({at, "the entry does not ascend"});
    dump.entries.push_back({entry.offset, entry.position});
    if (batches.empty()) continue;
    while (batch + 1 < batches.size() && batches[batch].position < entry.position) ++batch;
    if (batches[batch].position != entry.position)
      dump.problems.push_back({at, "no batch begins at position " + std::to_string(entry.position)});
    else if (batches[batch].lastOffset != entry.offset)
      dump.problems.push_back({at, "the batch at position " + std::to_string(entry.position) + " ends at offset " +
                                       std::to_string(batches[batch].lastOffset) + ", the entry says " +
                                       std::to_string(entry.offset)});
  }
  return dump;
}

base::Result<TimeIndexDump> dumpTimeIndex(storage::Storage& storage, const std::filesystem::path& path) {
  auto raw = readIndex(storage, path, kTimeIndexSuffix, TimeIndex::kEntrySize);
  if (!raw) return base::fail(std::move(raw).error());
  TimeIndexDump dump;
  dump.baseOffset = raw->baseOffset;
  dump.problems = std::move(raw->problems);
  const std::vector<BatchFact> batches = batchesBeside(storage, path);
  size_t batch = 0;
  for (size_t at = 0; at < raw->entries.size(); at += TimeIndex::kEntrySize) {
    const auto entry =
        TimeIndex::decode(base::ByteView(raw->entries).subspan(at, TimeIndex::kEntrySize), dump.baseOffset);
    if (!dump.entries.empty() &&
        (entry.timestamp <= dump.entries.back().timestamp || entry.offset < dump.entries.back().offset))
      dump.problems.push_back({at, "the entry does not ascend"});
    dump.entries.push_back({entry.timestamp, entry.offset});
    if (batches.empty()) continue;
    while (batch + 1 < batches.size() && batches[batch].lastOffset < entry.offset) ++batch;
    if (batches[batch].lastOffset < entry.offset)
      dump.problems.push_back({at, "offset " + std::to_string(entry.offset) + " is behind the segment's end"});
    else if (batches[batch].maxTimestamp != entry.timestamp)
      dump.problems.push_back({at, "the batch with offset " + std::to_string(entry.offset) +
                                       " has the largest timestamp " + std::to_string(batches[batch].maxTimestamp) +
                                       ", the entry says " + std::to_string(entry.timestamp)});
  }
  return dump;
}

base::Result<TableDump> dumpTable(storage::Storage& storage, const std::filesystem::path& path) {
  const auto bytes = storage.readFile(path);
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  TableDump table;
  switch (fileKindOf(path)) {
    case FileKind::OffsetCheckpoint:
      fillOffsets(*bytes, table);
      return table;
    case FileKind::EpochCheckpoint:
      fillEpochs(*bytes, table);
      return table;
    case FileKind::ProducerSnapshot:
      fillProducers(*bytes, table);
      return table;
    case FileKind::MetaProperties:
      fillMetaProperties(*bytes, table);
      return table;
    case FileKind::PartitionMetadata:
      fillPartitionMetadata(*bytes, table);
      return table;
    case FileKind::CleanShutdownMarker:
      fillMarker(*bytes, table);
      return table;
    case FileKind::Segment:
    case FileKind::OffsetIndex:
    case FileKind::TimeIndex:
    case FileKind::Unknown:
      break;
  }
  return base::fail(base::ErrorCode::INVALID_REQUEST,
                    path.string() + " is not a checkpoint, snapshot or properties file; name one of these.");
}

}  // namespace streamscope::log
