#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "log/log_directory.h"
#include "plain_files.h"
#include "storage/posix_storage.h"
#include "support/open_log_directory.h"

// A broker's whole directory: how long it takes to open and what it costs to keep.

namespace {

using namespace streamscope;
using namespace streamscope::bench;

const log::DirectoryIdentity kIdentity{"bench-cluster", 1, base::Uuid{3, 4}};

struct BenchDirectory {
  TemporaryDirectory directory;
  log::LogConfig config;
  std::unique_ptr<storage::PosixStorage> disk;
  std::unique_ptr<log::LogDirectory> logs;

  void open() {
    logs.reset();
    // A lock is held as long as the storage that took it.
    disk = std::make_unique<storage::PosixStorage>(directory.path, storage::Durability::Process);
    log::LogDirectory::OpenReport report;
    logs = test::openLogDirectory(*disk, kIdentity, config, kNowMs, report).value();
  }

  log::PartitionLog& partition(int32_t number) {
    return *logs->getOrCreate({"bench", number}, base::Uuid{1, 2}, config, kNowMs).value();
  }

  void closeCleanly() {
    if (!logs->closeCleanly({}, 1)) std::abort();
  }
};

void append(log::PartitionLog& log, const base::SharedBytes& batch) {
  if (!log.appendAsLeader(batch, 0, kNowMs)) std::abort();
}

/// After a clean shutdown; each partition holds a few batches.
void openPartitions(benchmark::State& state) {
  BenchDirectory bench;
  bench.open();
  const base::SharedBytes batch(makeBatch(16 * 1024));
  const auto count = static_cast<int32_t>(state.range(0));
  for (int32_t i = 0; i < count; ++i)
    for (int repeat = 0; repeat < 4; ++repeat) append(bench.partition(i), batch);
  for (auto _ : state) {
    state.PauseTiming();
    bench.closeCleanly();
    state.ResumeTiming();
    bench.open();
  }
  if (bench.logs->partitions().size() != static_cast<size_t>(count)) std::abort();
}

/// What nobody can do without: the same directories listed, and of each the last batch's header and one small file
/// read.
void listAndReadSmallFiles(benchmark::State& state) {
  BenchDirectory bench;
  bench.open();
  const base::SharedBytes batch(makeBatch(16 * 1024));
  const auto count = static_cast<int32_t>(state.range(0));
  for (int32_t i = 0; i < count; ++i) append(bench.partition(i), batch);
  bench.closeCleanly();
  bench.logs.reset();
  for (auto _ : state)
    for (int32_t i = 0; i < count; ++i) {
      const std::filesystem::path directory = "bench-" + std::to_string(i);
      benchmark::DoNotOptimize(bench.disk->list(directory).value());
      benchmark::DoNotOptimize(bench.disk->readFile(directory / "partition.metadata").value());
      const auto file = bench.disk->open(directory / "00000000000000000000.log", storage::OpenMode::ReadOnly).value();
      uint8_t header[61];
      benchmark::DoNotOptimize(file->readAt(0, header).value());
    }
}

/// A clean log of `range` GiB in segments of Kafka's default size.
void openLargeLog(benchmark::State& state) {
  BenchDirectory bench;
  bench.config.maxMessageBytes = 2 * 1024 * 1024;
  bench.open();
  const base::SharedBytes batch(makeBatch(1024 * 1024));
  log::PartitionLog& log = bench.partition(0);
  const uint64_t wanted = static_cast<uint64_t>(state.range(0)) << 30;
  while (log.sizeInBytes() < wanted) append(log, batch);
  const base::Offset end = log.logEndOffset();
  for (auto _ : state) {
    state.PauseTiming();
    bench.closeCleanly();
    state.ResumeTiming();
    bench.open();
  }
  if (bench.partition(0).logEndOffset() != end) std::abort();
}

/// Heap bytes of a replica that holds data and that nobody uses.
void idleReplicas(benchmark::State& state) {
  BenchDirectory bench;
  bench.open();
  const base::SharedBytes batch(makeBatch(16 * 1024));
  const auto count = static_cast<int32_t>(state.range(0));
  for (int32_t i = 0; i < count; ++i) append(bench.partition(i), batch);
  size_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    bench.closeCleanly();
    bench.logs.reset();
    const size_t before = mallinfo2().uordblks;
    state.ResumeTiming();
    bench.open();
    bytes = mallinfo2().uordblks - before;
  }
  state.counters["bytes_per_replica"] = static_cast<double>(bytes) / static_cast<double>(count);
}

BENCHMARK(openPartitions)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(listAndReadSmallFiles)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(idleReplicas)->Arg(1000)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(openLargeLog)->Arg(10)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
