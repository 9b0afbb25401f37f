#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "paired_run.h"
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

  static std::string segmentPath(base::Offset baseOffset) {
    const std::string digits = std::to_string(baseOffset);
    return "bench-0/" + std::string(20 - digits.size(), '0') + digits + ".log";
  }

  /// Starts over when there are too many segments.
  void keepSmall() {
    if (!isLarge()) return;
    if (!log->truncateFullyAndStartAt(log->logEndOffset(), options.nowMs)) std::abort();
    if (!log->removeDeletedFiles(INT64_MAX)) std::abort();
  }
  void keepSmall(benchmark::State& state) {
    if (!isLarge()) return;
    state.PauseTiming();
    keepSmall();
    state.ResumeTiming();
  }
  bool isLarge() const { return log->sizeInBytes() >= kSegmentsKept * static_cast<uint64_t>(kSegmentBytes); }
};

enum class SegmentSync {
  /// Between the stretches, as a broker does it in an event of its own.
  Later,
  /// While the clock runs.
  Timed,
};

/// A segment's bytes in 16 KiB batches, and one roll, beside writes of the same bytes into files of the same size.
void appendBesideWrite(benchmark::State& state, SegmentSync segmentSync) {
  BenchLog bench;
  const TemporaryDirectory directory;
  storage::PosixStorage disk(directory.path);
  PlainFiles files(disk);
  const base::SharedBytes batch(makeBatch(16 * 1024));
  const auto stretch = [&](const auto& write, const auto& sync) {
    const Stretch measured = timed([&] {
      int64_t bytes = 0;
      for (; bytes < kSegmentBytes; bytes += static_cast<int64_t>(batch.size())) write();
      if (segmentSync == SegmentSync::Timed) sync();
      return bytes;
    });
    if (segmentSync == SegmentSync::Later) sync();
    return measured;
  };
  const auto append = [&] {
    if (!bench.log->appendAsLeader(batch, 0, kNowMs)) std::abort();
  };
  const auto flush = [&] {
    if (!bench.log->flushEndedSegments()) std::abort();
  };
  runPaired(
      state,
      [&] {
        const Stretch measured = stretch(append, flush);
        bench.keepSmall();
        return measured;
      },
      [&] {
        const Stretch measured = stretch([&] { files.write(batch.view()); }, [&] { files.syncEnded(); });
        files.removeOld();
        return measured;
      });
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

void fill(BenchLog& bench, size_t batchBytes, uint64_t segments = 3) {
  const base::SharedBytes batch(makeBatch(batchBytes));
  while (bench.log->sizeInBytes() + batch.size() <= segments * static_cast<uint64_t>(kSegmentBytes))
    if (!bench.log->appendAsLeader(batch, 0, kNowMs)) std::abort();
}

constexpr int64_t kStretchBytes = 4 * 1024 * 1024;

/// A log read from its start to its end and again, beside reads of the same files by hand. One segment fits into the
/// processor's cache, which makes copying cheap and everything else dear; three do not.
void readBesidePread(benchmark::State& state) {
  BenchLog bench;
  fill(bench, 16 * 1024, static_cast<uint64_t>(state.range(1)));
  if (!bench.log->close()) std::abort();
  bench.options.cleanShutdown = true;
  bench.reopen();
  std::vector<std::unique_ptr<storage::File>> files;
  for (const log::SegmentInfo& segment : bench.log->segments())
    files.push_back(bench.disk.open(bench.segmentPath(segment.baseOffset), storage::OpenMode::ReadOnly).value());
  const auto bytesMax = static_cast<size_t>(state.range(0));
  // Short, so that most stretches are not interrupted by what else runs on the machine.
  const auto stretch = [bytesMax](const auto& read) {
    return timed([&] {
      int64_t bytes = 0;
      while (bytes < kStretchBytes) bytes += read(bytesMax);
      return bytes;
    });
  };
  base::Offset at = 0;
  size_t file = 0;
  uint64_t position = 0;
  const auto readLog = [&](size_t count) {
    const auto read = bench.log->read(at, bench.log->logEndOffset(), count, true);
    at = read->endOffset < bench.log->logEndOffset() ? read->endOffset : 0;
    return static_cast<int64_t>(read->records.size());
  };
  const auto readFile = [&](size_t count) {
    // A buffer of its own for each read, as a response needs one.
    auto [into, buffer] = base::SharedBytes::makeUninitialized(count);
    const size_t read = files[file]->readAt(position, {into, count}).value();
    benchmark::DoNotOptimize(buffer);
    position += read;
    if (position == files[file]->size()) {
      file = (file + 1) % files.size();
      position = 0;
    }
    return static_cast<int64_t>(read);
  };
  runPaired(
      state, [&] { return stretch(readLog); }, [&] { return stretch(readFile); });
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
      const auto file = bench.disk.open(bench.segmentPath(segment.baseOffset), storage::OpenMode::ReadOnly).value();
      for (uint64_t position = 0; position < file->size(); position += buffer.size())
        benchmark::DoNotOptimize(base::crc32c({buffer.data(), file->readAt(position, buffer).value()}));
    }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bench.log->sizeInBytes()));
}

BENCHMARK_CAPTURE(appendBesideWrite, later, SegmentSync::Later)->UseManualTime()->Iterations(41);
BENCHMARK_CAPTURE(appendBesideWrite, timed, SegmentSync::Timed)->UseManualTime()->Iterations(41);
BENCHMARK(appendAsFollower)->Arg(16 * 1024);
BENCHMARK(crcAndThreeWrites)->Arg(16 * 1024)->Arg(1024 * 1024);
BENCHMARK(replicateThreeTimes)->Arg(16 * 1024)->Arg(1024 * 1024);
BENCHMARK(readHotTail);
BENCHMARK(readBesidePread)
    ->Args({64 * 1024, 3})
    ->Args({64 * 1024, 1})
    ->Args({1024 * 1024, 3})
    ->UseManualTime()
    ->Iterations(1001);
BENCHMARK(recover);
BENCHMARK(readAndChecksum);

}  // namespace
