#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "log/record_batch.h"
#include "storage/posix_storage.h"

// What the log and the cluster are measured against: the same bytes, checked and written by hand.

namespace streamscope::bench {

inline constexpr int32_t kSegmentBytes = 16 * 1024 * 1024;
/// A benchmark that keeps growing the page cache measures the cache: no more than this many segments exist at a time.
inline constexpr size_t kSegmentsKept = 4;
inline constexpr base::TimestampMs kNowMs = 1'700'000'000'000;

/// A directory that removes itself.
struct TemporaryDirectory {
  std::filesystem::path path;

  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "streamscope-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
};

/// 1 KiB records, `bytes` together.
inline base::Bytes makeBatch(size_t bytes, base::Offset baseOffset = 0) {
  log::RecordBatchBuilder::Options options;
  options.baseOffset = baseOffset;
  options.partitionLeaderEpoch = baseOffset == 0 ? -1 : 0;
  log::RecordBatchBuilder builder(options);
  const std::string value(1000, 'v');
  while (builder.sizeInBytes() + 1020 <= bytes) builder.append(kNowMs, base::asBytes("key"), base::asBytes(value));
  return builder.build();
}

/// The same bytes written by hand: a checksum, a write, a new file every 16 MiB.
class PlainFiles {
 public:
  explicit PlainFiles(storage::Storage& disk) : m_disk(disk) { roll(); }

  void write(base::ByteView bytes) {
    if (m_file->size() + bytes.size() > static_cast<uint64_t>(kSegmentBytes)) roll();
    if (!m_file->append(bytes)) std::abort();
  }

  /// Files that got their last write since the last call onto stable storage.
  void syncEnded() {
    for (const auto& file : m_ended)
      if (!file->sync()) std::abort();
    m_ended.clear();
  }

  /// What is not measured where the log's own old segments are not.
  bool hasOld() const { return m_names.size() > kSegmentsKept; }
  void removeOld() {
    m_ended.clear();
    for (; hasOld(); m_names.pop_front())
      if (!m_disk.remove(m_names.front())) std::abort();
  }

 private:
  void roll() {
    if (m_file) m_ended.push_back(std::move(m_file));
    m_names.push_back("plain-" + std::to_string(m_count++));
    m_file = m_disk.open(m_names.back(), storage::OpenMode::CreateNew).value();
  }

  storage::Storage& m_disk;
  std::unique_ptr<storage::File> m_file;
  std::vector<std::unique_ptr<storage::File>> m_ended;
  std::deque<std::string> m_names;
  size_t m_count = 0;
};

/// One checksum and the same batch into three files: what replication cannot undercut.
inline void crcAndThreeWrites(benchmark::State& state) {
  const TemporaryDirectory directories[3];
  storage::PosixStorage disks[3] = {storage::PosixStorage(directories[0].path),
                                    storage::PosixStorage(directories[1].path),
                                    storage::PosixStorage(directories[2].path)};
  PlainFiles files[3] = {PlainFiles(disks[0]), PlainFiles(disks[1]), PlainFiles(disks[2])};
  const base::Bytes batch = makeBatch(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(base::crc32c(base::ByteView(batch).subspan(21)));
    for (PlainFiles& file : files) file.write(batch);
    if (!files[0].hasOld()) continue;
    state.PauseTiming();
    for (PlainFiles& file : files) file.removeOld();
    state.ResumeTiming();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(batch.size()));
}

}  // namespace streamscope::bench
