// One file of a good log directory is replaced by the input: the directory opens or refuses with a sentence, and the
// batches it gives to read are those of the segment, whatever the files around it say.

#include <algorithm>

#include "base/assert.h"
#include "checkpoint_file.h"
#include "clean_shutdown_marker.h"
#include "fuzz_registry.h"
#include "log/dump.h"
#include "log/log_directory.h"
#include "meta_properties.h"
#include "offset_index.h"
#include "partition_metadata_file.h"
#include "producer_snapshot.h"
#include "storage/memory_storage.h"
#include "support/open_log_directory.h"
#include "time_index.h"
#include "transaction_index.h"

namespace {

using namespace streamscope;

namespace fs = std::filesystem;

constexpr base::TimestampMs kNowMs = 1'700'000'000'000;
constexpr base::Offset kBatches = 8;
constexpr const char* kReplica = "t-0";

log::DirectoryIdentity identity() {
  return {"fuzz-cluster", 1, base::Uuid{1, 2}};
}

base::Bytes batch(base::Offset baseOffset) {
  log::RecordBatchBuilder::Options options;
  options.baseOffset = baseOffset;
  options.partitionLeaderEpoch = 1;
  options.producerId = 5;
  options.producerEpoch = 0;
  options.baseSequence = static_cast<int32_t>(baseOffset);
  log::RecordBatchBuilder builder(options);
  builder.append(kNowMs + baseOffset, base::asBytes("key"), base::asBytes("some value"));
  return builder.build();
}

base::Bytes segment() {
  base::Bytes bytes;
  for (base::Offset offset = 0; offset < kBatches; ++offset) {
    const base::Bytes next = batch(offset);
    bytes.insert(bytes.end(), next.begin(), next.end());
  }
  return bytes;
}

void write(storage::Storage& disk, const fs::path& path, base::ByteView bytes) {
  STREAMSCOPE_ASSERT(disk.writeFileAtomically(path, bytes).has_value());
}

/// A directory that was closed cleanly.
void writeDirectory(storage::Storage& disk) {
  STREAMSCOPE_ASSERT(disk.createDirectories(kReplica).has_value());
  write(disk, "meta.properties", log::formatMetaProperties({"fuzz-cluster", 1, base::Uuid{1, 2}}));
  write(disk, ".kafka_cleanshutdown", log::formatCleanShutdownMarker(1));
  write(disk, "recovery-point-offset-checkpoint", log::formatOffsetCheckpoint({{{"t", 0}, kBatches}}));
  write(disk, fs::path(kReplica) / "partition.metadata", log::formatPartitionMetadata(base::Uuid{3, 4}));
  write(disk, fs::path(kReplica) / "leader-epoch-checkpoint", log::formatEpochCheckpoint({{1, 0}}));
  write(disk, fs::path(kReplica) / "00000000000000000000.log", segment());
  for (const char* index : {"00000000000000000000.index", "00000000000000000000.timeindex"})
    write(disk, fs::path(kReplica) / index, {});
}

void readEverything(const log::PartitionLog& log) {
  const base::Bytes expected = segment();
  for (base::Offset offset = log.logStartOffset(); offset < log.logEndOffset(); ++offset) {
    const auto read = log.read(offset, log.logEndOffset(), 1, true);
    STREAMSCOPE_ASSERT(read.has_value());
    const base::ByteView bytes = read->records.view();
    const size_t size = expected.size() / kBatches;
    STREAMSCOPE_ASSERT(
        std::ranges::equal(bytes, base::ByteView(expected).subspan(static_cast<size_t>(offset) * size, size)));
    const auto found = log.offsetForTime(kNowMs + offset, log.logEndOffset());
    STREAMSCOPE_ASSERT(found.has_value() || !found.error().message.empty());
  }
  const auto latest = log.offsetOfMaxTimestamp();
  STREAMSCOPE_ASSERT(latest.has_value() || !latest.error().message.empty());
  const auto aborted = log.abortedTransactions(log.logStartOffset(), log.logEndOffset());
  STREAMSCOPE_ASSERT(aborted.has_value() || !aborted.error().message.empty());
}

void openWith(const fs::path& path, base::ByteView input) {
  storage::MemoryStorage disk;
  writeDirectory(disk);
  write(disk, path, input);
  log::LogDirectory::OpenReport report;
  const auto directory = test::openLogDirectory(disk, identity(), log::LogConfig{}, kNowMs, report);
  STREAMSCOPE_ASSERT(directory.has_value() || !directory.error().message.empty());
  if (!directory) return;
  log::PartitionLog* const log = (*directory)->find({"t", 0});
  STREAMSCOPE_ASSERT(log != nullptr);
  readEverything(*log);
  const base::Offset end = log->logEndOffset();
  STREAMSCOPE_ASSERT(log->appendAsLeader(batch(0), 2, kNowMs, log::AppendOrigin::RaftLeader).has_value());
  STREAMSCOPE_ASSERT(log->truncateTo(end, kNowMs).has_value());
  STREAMSCOPE_ASSERT((*directory)->closeCleanly({}, 2).has_value());
}

template <class Index>
base::Bytes indexOf(const std::vector<typename Index::Entry>& entries) {
  base::Bytes bytes;
  for (const auto& entry : entries) {
    const base::Bytes next = Index::encode(entry, 0);
    bytes.insert(bytes.end(), next.begin(), next.end());
  }
  return bytes;
}

std::vector<base::Bytes> offsetIndexes() {
  return {indexOf<log::OffsetIndex>({{1, 84}, {4, 336}, {6, 504}})};
}
void offsetIndex(base::ByteView input) {
  openWith(fs::path(kReplica) / "00000000000000000000.index", input);
}

std::vector<base::Bytes> timeIndexes() {
  return {indexOf<log::TimeIndex>({{kNowMs + 1, 1}, {kNowMs + 4, 4}, {kNowMs + 7, 7}})};
}
void timeIndex(base::ByteView input) {
  openWith(fs::path(kReplica) / "00000000000000000000.timeindex", input);
}

std::vector<base::Bytes> transactionIndexes() {
  base::Bytes bytes = log::TransactionIndex::encode({5, 0, 3, 1});
  const base::Bytes second = log::TransactionIndex::encode({6, 2, 6, 4});
  bytes.insert(bytes.end(), second.begin(), second.end());
  return {bytes};
}
void transactionIndex(base::ByteView input) {
  openWith(fs::path(kReplica) / "00000000000000000000.txnindex", input);
}

std::vector<base::Bytes> producerSnapshots() {
  return {log::formatProducerSnapshot({{}}), log::formatProducerSnapshot({{5, 0, 7, 7, 0, kNowMs, -1, -1}, {}})};
}
void producerSnapshot(base::ByteView input) {
  openWith(fs::path(kReplica) / "00000000000000000008.snapshot", input);
}

std::vector<base::Bytes> epochCheckpoints() {
  return {log::formatEpochCheckpoint({{0, 0}, {1, 3}, {7, 6}})};
}
void epochCheckpoint(base::ByteView input) {
  openWith(fs::path(kReplica) / "leader-epoch-checkpoint", input);
}

std::vector<base::Bytes> partitionMetadata() {
  return {log::formatPartitionMetadata(base::Uuid{3, 4})};
}
void partitionMetadataFile(base::ByteView input) {
  openWith(fs::path(kReplica) / "partition.metadata", input);
}

std::vector<base::Bytes> offsetCheckpoints() {
  return {log::formatOffsetCheckpoint({{{"t", 0}, 5}, {{"gone", 3}, 9}})};
}
void recoveryPoints(base::ByteView input) {
  openWith("recovery-point-offset-checkpoint", input);
}

std::vector<base::Bytes> metaPropertyFiles() {
  return {log::formatMetaProperties({"fuzz-cluster", 1, base::Uuid{1, 2}})};
}
void metaProperties(base::ByteView input) {
  openWith("meta.properties", input);
}

std::vector<base::Bytes> markers() {
  return {log::formatCleanShutdownMarker(7), {}};
}
void cleanShutdownMarker(base::ByteView input) {
  openWith(".kafka_cleanshutdown", input);
}

/// What inspect reads, each file name on the same bytes; the segment beside an index is a good one.
void dumpEverything(base::ByteView input) {
  storage::MemoryStorage disk;
  writeDirectory(disk);
  for (const char* name : {"00000000000000000000.index", "00000000000000000000.timeindex",
                           "00000000000000000000.txnindex", "00000000000000000009.log"})
    write(disk, fs::path(kReplica) / name, input);
  const fs::path directory = kReplica;
  STREAMSCOPE_ASSERT(log::dumpOffsetIndex(disk, directory / "00000000000000000000.index").has_value());
  STREAMSCOPE_ASSERT(log::dumpTimeIndex(disk, directory / "00000000000000000000.timeindex").has_value());
  STREAMSCOPE_ASSERT(log::dumpTransactionIndex(disk, directory / "00000000000000000000.txnindex").has_value());
  log::SegmentDumpOptions options;
  options.withRecords = true;
  options.withRecordFields = true;
  const auto dump = log::dumpSegment(disk, directory / "00000000000000000009.log", options,
                                     [](const log::DumpedBatch&) { return true; });
  STREAMSCOPE_ASSERT(dump.has_value());
  for (const char* name :
       {"00000000000000000009.snapshot", "leader-epoch-checkpoint", "partition.metadata",
        "replication-offset-checkpoint", "meta.properties", ".kafka_cleanshutdown", "quorum-state"}) {
    write(disk, directory / name, input);
    const auto table = log::dumpTable(disk, directory / name);
    STREAMSCOPE_ASSERT(table.has_value() || !table.error().message.empty());
  }
}

std::vector<base::Bytes> everything() {
  std::vector<base::Bytes> samples = {segment()};
  for (auto* const more : {offsetIndexes, timeIndexes, transactionIndexes, producerSnapshots, epochCheckpoints,
                           partitionMetadata, offsetCheckpoints, metaPropertyFiles, markers})
    for (base::Bytes& sample : more()) samples.push_back(std::move(sample));
  return samples;
}

STREAMSCOPE_FUZZ_TARGET(log_offset_index, offsetIndexes, offsetIndex);
STREAMSCOPE_FUZZ_TARGET(log_time_index, timeIndexes, timeIndex);
STREAMSCOPE_FUZZ_TARGET(log_transaction_index, transactionIndexes, transactionIndex);
STREAMSCOPE_FUZZ_TARGET(log_producer_snapshot, producerSnapshots, producerSnapshot);
STREAMSCOPE_FUZZ_TARGET(log_epoch_checkpoint, epochCheckpoints, epochCheckpoint);
STREAMSCOPE_FUZZ_TARGET(log_partition_metadata, partitionMetadata, partitionMetadataFile);
STREAMSCOPE_FUZZ_TARGET(log_recovery_points, offsetCheckpoints, recoveryPoints);
STREAMSCOPE_FUZZ_TARGET(log_meta_properties, metaPropertyFiles, metaProperties);
STREAMSCOPE_FUZZ_TARGET(log_clean_shutdown_marker, markers, cleanShutdownMarker);
STREAMSCOPE_FUZZ_TARGET(log_dump, everything, dumpEverything);

}  // namespace
