#include "log/dump_table.h"

#include <nlohmann/json.hpp>

#include "checkpoint_file.h"
#include "clean_shutdown_marker.h"
#include "log/dump_file_kind.h"
#include "meta_properties.h"
#include "partition_metadata_file.h"
#include "producer_snapshot.h"

namespace streamscope::log {
namespace {

void fail(TableDump& table, const ParseProblem& problem) {
  table.problem =
      DumpProblem{problem.atByte, problem.reason, problem.isTorn ? ProblemKind::TornTail : ProblemKind::Damage};
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

/// As Kafka counts back: sequences wrap past 2^31-1 to 0. -1 without a batch.
int64_t firstSequenceOf(const ProducerSnapshotEntry& entry) {
  if (entry.lastOffset < 0) return -1;
  const int64_t first = int64_t{entry.lastSequence} - entry.offsetDelta;
  return first >= 0 ? first : first + (int64_t{1} << 31);
}

void fillProducers(base::ByteView bytes, TableDump& table) {
  table.columns = {"producerId",    "producerEpoch", "coordinatorEpoch", "currentTxnFirstOffset",
                   "lastTimestamp", "firstSequence", "lastSequence",     "lastOffset",
                   "offsetDelta"};
  const auto entries = parseProducerSnapshot(bytes);
  if (!entries) return fail(table, entries.error());
  for (const ProducerSnapshotEntry& entry : *entries)
    table.rows.push_back({entry.producerId, int64_t{entry.epoch}, int64_t{entry.coordinatorEpoch},
                          entry.currentTxnFirstOffset, entry.timestamp, firstSequenceOf(entry),
                          int64_t{entry.lastSequence}, entry.lastOffset, int64_t{entry.offsetDelta}});
}

void fillMetaProperties(base::ByteView bytes, TableDump& table) {
  table.columns = {"key", "value"};
  const auto properties = parseMetaProperties(bytes);
  if (!properties) return fail(table, properties.error());
  table.rows.push_back({"version", int64_t{1}});
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

/// quorum-state: a JSON object of numbers, texts and, at kraft.version 0, the list of voters.
void fillQuorumState(base::ByteView bytes, TableDump& table) {
  table.columns = {"key", "value"};
  const auto json = nlohmann::ordered_json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object()) return fail(table, {false, 0, "it is not a JSON object"});
  for (const auto& [key, value] : json.items()) {
    if (value.is_number_integer())
      table.rows.push_back({key, value.get<int64_t>()});
    else
      table.rows.push_back({key, value.is_string() ? value.get<std::string>() : value.dump()});
  }
}

void fillLock(base::ByteView, TableDump& table) {
  table.columns = {"key", "value"};
}

}  // namespace

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
    case FileKind::QuorumState:
      fillQuorumState(*bytes, table);
      return table;
    case FileKind::Lock:
      fillLock(*bytes, table);
      return table;
    case FileKind::Segment:
    case FileKind::MetadataSnapshot:
    case FileKind::BootstrapSnapshot:
    case FileKind::OffsetIndex:
    case FileKind::TimeIndex:
    case FileKind::TransactionIndex:
    case FileKind::Unknown:
      break;
  }
  return base::fail(base::ErrorCode::INVALID_REQUEST,
                    path.string() + " is not a checkpoint, snapshot or properties file; name one of these.");
}

}  // namespace streamscope::log
