#include "base/assert.h"
#include "checkpoint_file.h"
#include "clean_shutdown_marker.h"
#include "fuzz_registry.h"
#include "log/dump.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "meta_properties.h"
#include "partition_metadata_file.h"
#include "producer_snapshot.h"
#include "storage/memory_storage.h"

namespace {

using namespace streamscope;

constexpr base::TimestampMs kNowMs = 1'700'000'000'000;

base::Bytes batch(log::Compression codec, int32_t count, base::Offset baseOffset) {
  log::RecordBatchBuilder::Options options;
  options.compression = codec;
  options.baseOffset = baseOffset;
  options.partitionLeaderEpoch = 1;
  options.producerId = 5;
  options.producerEpoch = 0;
  options.baseSequence = static_cast<int32_t>(baseOffset);
  log::RecordBatchBuilder builder(options);
  for (int32_t i = 0; i < count; ++i)
    builder.append(kNowMs + i, base::asBytes("key"), base::asBytes("some value"), {{"h", std::nullopt}});
  return builder.build();
}

std::vector<base::Bytes> batches() {
  std::vector<base::Bytes> samples;
  for (int codec = 0; codec <= 4; ++codec) samples.push_back(batch(static_cast<log::Compression>(codec), 5, 0));
  return samples;
}

/// Whole batches whatever the checksum says, so that the walk over records is reached.
void scanBatches(base::ByteView input) {
  for (size_t at = 0; at < input.size();) {
    const log::BatchScan scan = log::scanBatch(input.subspan(at), false);
    STREAMSCOPE_ASSERT((scan.end == log::BatchEnd::Complete) == scan.reason.empty());
    if (scan.end != log::BatchEnd::Complete) return;
    STREAMSCOPE_ASSERT(scan.header.sizeInBytes <= input.size() - at);
    const auto status = log::forEachRecord(input.subspan(at), [](const log::RecordView&) { return true; });
    STREAMSCOPE_ASSERT(status.has_value() || !status.error().message.empty());
    at += scan.header.sizeInBytes;
  }
}

std::vector<base::Bytes> segments() {
  base::Bytes segment;
  for (base::Offset offset = 0; offset < 30; offset += 3) {
    const base::Bytes next = batch(log::Compression::None, 3, offset);
    segment.insert(segment.end(), next.begin(), next.end());
  }
  return {segment};
}

/// A log whose segment has these bytes recovers to a valid prefix, tells what it cut and goes on.
void recoverLog(base::ByteView input) {
  storage::MemoryStorage disk;
  STREAMSCOPE_ASSERT(disk.createDirectories("t-0").has_value());
  STREAMSCOPE_ASSERT(disk.writeFileAtomically("t-0/00000000000000000000.log", input).has_value());
  log::PartitionLog::OpenOptions options;
  options.partition = {"t", 0};
  options.nowMs = kNowMs;
  log::RecoveryReport report;
  const auto log = log::PartitionLog::open(disk, "t-0", options, report);
  STREAMSCOPE_ASSERT(log.has_value());
  const uint64_t kept = (*log)->sizeInBytes();
  STREAMSCOPE_ASSERT(kept == input.size() || !report.cuts.empty());
  uint64_t read = 0;
  for (base::Offset at = (*log)->logStartOffset(); at < (*log)->logEndOffset();) {
    const auto records = (*log)->read(at, (*log)->logEndOffset(), 1, true);
    STREAMSCOPE_ASSERT(records.has_value());
    const log::BatchScan scan = log::scanBatch(records->records.view(), true);
    STREAMSCOPE_ASSERT(scan.end == log::BatchEnd::Complete);
    read += scan.header.sizeInBytes;
    at = scan.header.nextOffset();
  }
  STREAMSCOPE_ASSERT(read == kept);
  STREAMSCOPE_ASSERT((*log)
                         ->appendAsLeader(batch(log::Compression::None, 1, 0), 2, kNowMs, log::AppendOrigin::RaftLeader)
                         .has_value());
}

/// The leader's walk over whatever a client sends.
void appendFromClient(base::ByteView input) {
  storage::MemoryStorage disk;
  log::PartitionLog::OpenOptions options;
  options.partition = {"t", 0};
  options.nowMs = kNowMs;
  log::RecoveryReport report;
  const auto log = log::PartitionLog::open(disk, "t-0", options, report);
  const auto info = (*log)->appendAsLeader(base::SharedBytes::copyOf(input), 0, kNowMs);
  STREAMSCOPE_ASSERT(info.has_value() || !info.error().message.empty());
  STREAMSCOPE_ASSERT(info.has_value() || (*log)->sizeInBytes() == 0);
}

std::vector<base::Bytes> smallFiles() {
  return {log::formatOffsetCheckpoint({{{"orders", 0}, 17}, {{"orders", 1}, 5}}),
          log::formatEpochCheckpoint({{0, 0}, {3, 17}}),
          log::formatProducerSnapshot({{}, {}}),
          log::formatMetaProperties({"cluster", 1, base::kMetadataTopicId}),
          log::formatPartitionMetadata(base::kMetadataTopicId),
          log::formatCleanShutdownMarker(7)};
}

/// Every parser of a small file on the same bytes: what one accepts it can write and read again.
void parseSmallFiles(base::ByteView input) {
  if (const auto parsed = log::parseOffsetCheckpoint(input))
    STREAMSCOPE_ASSERT(log::parseOffsetCheckpoint(log::formatOffsetCheckpoint(*parsed)).value() == *parsed);
  if (const auto parsed = log::parseEpochCheckpoint(input))
    STREAMSCOPE_ASSERT(log::parseEpochCheckpoint(log::formatEpochCheckpoint(*parsed)).has_value());
  if (const auto parsed = log::parseProducerSnapshot(input))
    STREAMSCOPE_ASSERT(log::parseProducerSnapshot(log::formatProducerSnapshot(*parsed)).value() == *parsed);
  if (const auto parsed = log::parseMetaProperties(input))
    STREAMSCOPE_ASSERT(log::parseMetaProperties(log::formatMetaProperties(*parsed))->nodeId == parsed->nodeId);
  if (const auto parsed = log::parsePartitionMetadata(input))
    STREAMSCOPE_ASSERT(log::parsePartitionMetadata(log::formatPartitionMetadata(*parsed)).value() == *parsed);
  if (const auto parsed = log::parseCleanShutdownMarker(input))
    STREAMSCOPE_ASSERT(log::parseCleanShutdownMarker(log::formatCleanShutdownMarker(*parsed)).value() == *parsed);
}

STREAMSCOPE_FUZZ_TARGET(log_scan_batches, batches, scanBatches);
STREAMSCOPE_FUZZ_TARGET(log_recover, segments, recoverLog);
STREAMSCOPE_FUZZ_TARGET(log_append_from_client, batches, appendFromClient);
STREAMSCOPE_FUZZ_TARGET(log_small_files, smallFiles, parseSmallFiles);

}  // namespace
