#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "plain_files.h"
#include "storage/posix_storage.h"

namespace {

using namespace streamscope;
using namespace streamscope::bench;

struct BenchLog {
  TemporaryDirectory directory;
  storage::PosixStorage disk{directory.path};
  std::unique_ptr<log::PartitionLog> log;
  log::PartitionLog::OpenOptions options;

  BenchLog() {
    options.partition = {"bench", 0};
    options.config.segmentBytes = kSegmentBytes;
    options.config.maxMessageBytes = kSegmentBytes;
    options.nowMs = kNowMs;
    reopen();
  }

  void reopen() {
    log::RecoveryReport report;
    log.reset();
    log = log::PartitionLog::open(disk, "bench-0", options, report).value();
  }

  /// Starts over when there are too many segments.
  void keepSmall(benchmark::State& state) {
    if (log->sizeInBytes() < kSegmentsKept * static_cast<uint64_t>(kSegmentBytes)) return;
    state.PauseTiming();
    if (!log->truncateFullyAndStartAt(log->logEndOffset(), options.nowMs)) std::abort();
    if (!log->removeDeletedFiles(INT64_MAX)) std::abort();
    state.ResumeTiming();
  }
};

void crcAndWrite(benchmark::State& state) {
  const TemporaryDirectory directory;
  storage::PosixStorage disk(directory.path);
  PlainFiles files(disk);
  const base::Bytes batch = makeBatch(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(base::crc32c(base::ByteView(batch).subspan(21)));
    files.write(batch);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(batch.size()));
}

void writePlain(benchmark::State& state) {
  const TemporaryDirectory directory;
  storage::PosixStorage disk(directory.path);
  PlainFiles files(disk);
  const base::Bytes batch = makeBatch(static_cast<size_t>(state.range(0)));
  for (auto _ : state) files.write(batch);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(batch.size()));
}

void appendAsLeader(benchmark::State& state) {
  BenchLog bench;
  const base::SharedBytes batch(makeBatch(static_cast<size_t>(state.range(0))));
  for (auto _ : state) {
    if (!bench.log->appendAsLeader(batch, 0, kNowMs)) std::abort();
    bench.keepSmall(state);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(batch.size()));
}

/// A buffer as the leader hands it on; its offset is patched while the clock stands.
void appendAsFollower(benchmark::State& state) {
  BenchLog bench;
  const base::Bytes batch = makeBatch(static_cast<size_t>(state.range(0)), 1);
  const log::BatchHeader header = log::scanBatch(batch, false).header;
  for (auto _ : state) {
    state.PauseTiming();
    base::Bytes next = batch;
    const auto offset = static_cast<uint64_t>(bench.log->logEndOffset());
    for (size_t i = 0; i < 8; ++i) next[i] = static_cast<uint8_t>(offset >> (56 - 8 * i));
    const base::SharedBytes shared(std::move(next));
    state.ResumeTiming();
    if (!bench.log->appendAsFollower(shared, kNowMs)) std::abort();
    bench.keepSmall(state);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(header.sizeInBytes));
}

/// A leader and two followers that take its buffers: the log's part of a produce with acks=all.
void replicateThreeTimes(benchmark::State& state) {
  BenchLog leader;
  BenchLog followers[2];
  const base::SharedBytes batch(makeBatch(static_cast<size_t>(state.range(0))));
  for (auto _ : state) {
    if (!leader.log->appendAsLeader(batch, 0, kNowMs)) std::abort();
    for (BenchLog& follower : followers) {
      const auto read = leader.log->read(follower.log->logEndOffset(), leader.log->logEndOffset(), 1 << 20, true);
      if (!read || !follower.log->appendAsFollower(read->records, kNowMs)) std::abort();
    }
    leader.keepSmall(state);
    for (BenchLog& follower : followers) follower.keepSmall(state);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(batch.size()));
}

void readHotTail(benchmark::State& state) {
  BenchLog bench;
  const base::SharedBytes batch(makeBatch(16 * 1024));
  if (!bench.log->appendAsLeader(batch, 0, kNowMs)) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(bench.log->read(0, bench.log->logEndOffset(), 1 << 20, true));
  if (bench.log->readsFromMemory() == 0) std::abort();
}

void fill(BenchLog& bench, size_t batchBytes) {
  const base::SharedBytes batch(makeBatch(batchBytes));
  while (bench.log->sizeInBytes() < 3 * static_cast<uint64_t>(kSegmentBytes))
    if (!bench.log->appendAsLeader(batch, 0, kNowMs)) std::abort();
}

void readFromFiles(benchmark::State& state) {
  BenchLog bench;
  fill(bench, 16 * 1024);
  if (!bench.log->close()) std::abort();
  bench.options.cleanShutdown = true;
  bench.reopen();
  const auto bytesMax = static_cast<size_t>(state.range(0));
  base::Offset at = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    const auto read = bench.log->read(at, bench.log->logEndOffset(), bytesMax, true);
    const log::BatchHeader first = log::scanBatch(read->records.view(), false).header;
    bytes += static_cast<int64_t>(read->records.size());
    at = first.baseOffset + static_cast<base::Offset>(read->records.size() / first.sizeInBytes) * first.recordCount;
    if (at >= bench.log->logEndOffset()) at = 0;
  }
  state.SetBytesProcessed(bytes);
}

void preadPlain(benchmark::State& state) {
  BenchLog bench;
  fill(bench, 16 * 1024);
  const auto file = bench.disk.open("bench-0/00000000000000000000.log", storage::OpenMode::ReadOnly).value();
  const auto size = static_cast<size_t>(state.range(0));
  uint64_t position = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    // A buffer of its own for each read, as a response needs one.
    auto [into, buffer] = base::SharedBytes::makeUninitialized(size);
    bytes += static_cast<int64_t>(file->readAt(position, {into, size}).value());
    position += size;
    if (position + size > file->size()) position = 0;
  }
  state.SetBytesProcessed(bytes);
}

void recover(benchmark::State& state) {
  BenchLog bench;
  fill(bench, 16 * 1024);
  const auto bytes = static_cast<int64_t>(bench.log->sizeInBytes());
  for (auto _ : state) bench.reopen();
  state.SetBytesProcessed(state.iterations() * bytes);
}

/// The same files read once and their bytes checksummed.
void readAndChecksum(benchmark::State& state) {
  BenchLog bench;
  fill(bench, 16 * 1024);
  std::vector<uint8_t> buffer(1024 * 1024);
  const auto segments = bench.log->segments();
  for (auto _ : state)
    for (const log::SegmentInfo& segment : segments) {
      std::string name = std::to_string(segment.baseOffset);
      name = "bench-0/" + std::string(20 - name.size(), '0') + name + ".log";
      const auto file = bench.disk.open(name, storage::OpenMode::ReadOnly).value();
      for (uint64_t position = 0; position < file->size(); position += buffer.size())
        benchmark::DoNotOptimize(base::crc32c({buffer.data(), file->readAt(position, buffer).value()}));
    }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bench.log->sizeInBytes()));
}

BENCHMARK(crcAndWrite)->Arg(16 * 1024)->Arg(1024 * 1024);
BENCHMARK(writePlain)->Arg(16 * 1024)->Arg(1024 * 1024);
BENCHMARK(appendAsLeader)->Arg(16 * 1024)->Arg(1024 * 1024);
BENCHMARK(appendAsFollower)->Arg(16 * 1024);
BENCHMARK(crcAndThreeWrites)->Arg(16 * 1024)->Arg(1024 * 1024);
BENCHMARK(replicateThreeTimes)->Arg(16 * 1024)->Arg(1024 * 1024);
BENCHMARK(readHotTail);
BENCHMARK(readFromFiles)->Arg(64 * 1024)->Arg(1024 * 1024);
BENCHMARK(preadPlain)->Arg(64 * 1024)->Arg(1024 * 1024);
BENCHMARK(recover);
BENCHMARK(readAndChecksum);

}  // namespace
