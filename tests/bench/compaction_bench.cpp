#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "base/random.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "plain_files.h"
#include "storage/posix_storage.h"

// Compaction beside what it cannot do without: reading the log twice and writing what stays.

namespace {

using namespace streamscope;
using namespace streamscope::bench;

constexpr uint64_t kLogBytes = 64 * 1024 * 1024;
constexpr uint64_t kKeys = 20'000;

/// 16 KiB of records with 200-byte values and random keys.
base::Bytes makeKeyedBatch(base::Random& random) {
  log::RecordBatchBuilder builder({});
  const std::string value(200, 'v');
  while (builder.sizeInBytes() < 16 * 1024) {
    const std::string key = "key-" + std::to_string(random.below(kKeys));
    builder.append(kNowMs, base::asBytes(key), base::asBytes(value));
  }
  return builder.build();
}

struct DirtyLog {
  TemporaryDirectory directory;
  storage::PosixStorage disk{directory.path, storage::Durability::Process};
  std::unique_ptr<log::PartitionLog> log;

  DirtyLog() {
    log::PartitionLog::OpenOptions options;
    options.partition = {"bench", 0};
    options.config.segmentBytes = kSegmentBytes;
    options.config.cleanupCompact = true;
    options.config.cleanupDelete = false;
    options.nowMs = kNowMs;
    log::RecoveryReport report;
    log = log::PartitionLog::open(disk, "bench-0", options, report).value();
    base::Random random(1);
    while (log->sizeInBytes() < kLogBytes)
      if (!log->appendAsLeader(base::SharedBytes(makeKeyedBatch(random)), 0, kNowMs)) std::abort();
    log->setHighWatermark(log->logEndOffset());
  }
};

void compact(benchmark::State& state) {
  int64_t bytes = 0;
  double kept = 0;
  for (auto _ : state) {
    state.PauseTiming();
    DirtyLog dirty;
    state.ResumeTiming();
    const auto range = dirty.log->examineForCleaning(std::nullopt, kNowMs);
    const auto stats = dirty.log->clean(*range, {}, kNowMs);
    if (!stats || stats->messagesWritten == 0) std::abort();
    bytes += static_cast<int64_t>(stats->bytesRead);
    kept = static_cast<double>(stats->bytesWritten) / static_cast<double>(stats->bytesRead);
    state.PauseTiming();
    dirty.log.reset();
    state.ResumeTiming();
  }
  state.SetBytesProcessed(bytes);
  state.counters["kept"] = kept;
}

/// The same files read twice, each byte checksummed once, and the share that stays written and checksummed.
void readTwiceAndWriteWhatStays(benchmark::State& state) {
  DirtyLog dirty;
  const auto segments = dirty.log->segments();
  std::vector<uint8_t> buffer(512 * 1024);
  int64_t bytes = 0;
  for (auto _ : state) {
    const auto out = dirty.disk.open("plain", storage::OpenMode::ReadWrite).value();
    for (int pass = 0; pass < 2; ++pass)
      for (size_t i = 0; i + 1 < segments.size(); ++i) {
        std::string name = std::to_string(segments[i].baseOffset);
        name = "bench-0/" + std::string(20 - name.size(), '0') + name + ".log";
        const auto file = dirty.disk.open(name, storage::OpenMode::ReadOnly).value();
        for (uint64_t position = 0; position < file->size(); position += buffer.size()) {
          const size_t count = file->readAt(position, buffer).value();
          if (pass == 0) {
            benchmark::DoNotOptimize(base::crc32c({buffer.data(), count}));
            continue;
          }
          bytes += static_cast<int64_t>(count);
          const base::ByteView stays(buffer.data(), count / 10);
          benchmark::DoNotOptimize(base::crc32c(stays));
          if (!out->append(stays)) std::abort();
        }
      }
    if (!dirty.disk.remove("plain")) std::abort();
  }
  state.SetBytesProcessed(bytes);
}

BENCHMARK(compact)->Iterations(5)->Unit(benchmark::kMillisecond);
BENCHMARK(readTwiceAndWriteWhatStays)->Unit(benchmark::kMillisecond);

}  // namespace
