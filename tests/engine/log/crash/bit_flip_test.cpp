// Every byte of every file of a small log directory changes, every file ends at every length, and every file is missing
// once. The directory opens with what is intact, or tells what it cut, or refuses with a sentence; what it gives to
// read is what was appended or shows by its checksum.

#include <QTest>
#include <algorithm>
#include <set>

#include "base/assert.h"
#include "batches.h"
#include "crash_checks.h"
#include "crash_workload.h"
#include "support/damaged_disk.h"
#include "support/open_log_directory.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::kTestTime;

namespace {

namespace fs = std::filesystem;

/// The first byte of a batch that its checksum covers.
constexpr size_t kCovered = log::batch_layout::kAttributes;

log::LogConfig config() {
  log::LogConfig config;
  config.segmentBytes = 420;
  config.indexIntervalBytes = 100;
  config.messageTimestampAfterMaxMs = INT64_MAX;
  return config;
}

/// A marker that ends a transaction as its coordinator writes it.
base::Bytes abortMarker(int64_t producerId) {
  log::RecordBatchBuilder::Options options;
  options.isControl = true;
  options.isTransactional = true;
  options.producerId = producerId;
  options.producerEpoch = 0;
  log::RecordBatchBuilder builder(options);
  builder.append(kTestTime, log::fromHex("00000000"), log::fromHex("000000000007"));
  return builder.build();
}

/// The directory nothing has happened to yet.
struct Original {
  test::CrashableMemory disk;
  std::map<base::TopicPartition, std::vector<log::ExpectedBatch>> batches;
  std::vector<fs::path> files;

  explicit Original(bool isClosed) {
    log::LogDirectory::OpenReport report;
    auto directory = test::openLogDirectory(disk, log::crashIdentity(), config(), kTestTime, report);
    for (const base::TopicPartition& partition : {base::TopicPartition{"codecs", 0}, base::TopicPartition{"txns", 1}}) {
      log::PartitionLog& log = **(*directory)->getOrCreate(partition, base::Uuid{3, 4}, config(), kTestTime);
      const bool isTxns = partition.topic == "txns";
      for (int32_t i = 0; i < 7; ++i) {
        log::BatchSpec spec;
        spec.count = 2;
        spec.valueSize = 30;
        spec.timestamp = kTestTime + i * 10;
        spec.compression = static_cast<log::Compression>(isTxns ? 0 : i % 5);
        spec.producerId = 9;
        spec.producerEpoch = 0;
        spec.baseSequence = 2 * i;
        spec.isTransactional = isTxns;
        require(log.appendAsLeader(log::makeBatch(spec), i / 3, kTestTime).has_value());
        if (isTxns && i % 3 == 2)
          require(log.appendAsLeader(abortMarker(9), i / 3, kTestTime, log::AppendOrigin::Coordinator).has_value());
      }
      require(log.flush().has_value());
      batches[partition] = log::readBatches(log).batches;
    }
    require((*directory)->writeOffsetCheckpoints().has_value());
    require((*directory)->writeHighWatermarks({{{"codecs", 0}, 5}, {{"txns", 1}, 6}}).has_value());
    if (isClosed) require((*directory)->closeCleanly({{{"codecs", 0}, 14}, {{"txns", 1}, 16}}, 3).has_value());
    directory->reset();
    disk.crash();
    collect("");
  }

 private:
  static void require(bool isFine) { STREAMSCOPE_ASSERT(isFine); }
  void collect(const fs::path& directory) {
    const auto entries = disk.list(directory);
    for (const storage::DirectoryEntry& entry : *entries)
      entry.isDirectory ? collect(directory / entry.name) : files.push_back(directory / entry.name);
  }
};

/// What reading one log gave, compared with what was appended.
struct Comparison {
  bool isComplete = false;
  /// Why not: a refusal or a checksum.
  std::string told;
  /// Wrong, and nothing shows it.
  std::string silent;
};

Comparison compare(const log::PartitionLog& log, const std::vector<log::ExpectedBatch>& appended) {
  Comparison result;
  const log::ReadBatches read = log::readBatches(log);
  result.told = read.problem;
  for (const log::ExpectedBatch& batch : read.batches) {
    const bool isKnown = std::any_of(appended.begin(), appended.end(), [&](const log::ExpectedBatch& original) {
      return std::equal(original.bytes.begin() + kCovered, original.bytes.end(), batch.bytes.begin() + kCovered,
                        batch.bytes.end());
    });
    if (!isKnown) result.silent = "a batch at " + std::to_string(batch.header.baseOffset) + " was never appended";
  }
  result.isComplete = read.problem.empty() && read.batches.size() == appended.size();
  return result;
}

bool isCheckpoint(const fs::path& file) {
  return file.filename().string().find("checkpoint") != std::string::npos;
}

/// Searching must end, whatever it finds.
std::string brokenSearch(const log::PartitionLog& log) {
  for (int32_t i = 0; i < 7; i += 3) {
    const auto found = log.offsetForTime(kTestTime + i * 10, log.logEndOffset());
    if (!found && found.error().message.empty()) return "a search is refused without a word";
  }
  const auto latest = log.offsetOfMaxTimestamp();
  if (!latest && latest.error().message.empty()) return "a search is refused without a word";
  return {};
}

/// Opens what is left of `original` and reads everything; what is wrong with that, or nothing.
std::string brokenEnding(const Original& original, test::CrashableMemory& disk, const fs::path& file) {
  log::LogDirectory::OpenReport report;
  const auto directory = test::openLogDirectory(disk, log::crashIdentity(), config(), kTestTime, report);
  if (!directory) return directory.error().message.empty() ? "refused without a word" : "";
  for (const auto& [partition, appended] : original.batches) {
    log::PartitionLog* const log = (*directory)->find(partition);
    if (log == nullptr) return partition.toString() + " is gone without a word";
    const Comparison comparison = compare(*log, appended);
    if (!comparison.silent.empty()) return comparison.silent;
    if (const std::string problem = brokenSearch(*log); !problem.empty()) return problem;
    const bool isCut =
        std::any_of(report.cuts.begin(), report.cuts.end(), [&](const auto& cuts) { return cuts.first == partition; });
    const bool isTold = isCut || !comparison.told.empty() || !report.damagedFiles.empty();
    // A start offset is only a number, and so are the offset and the length in front of a batch's checksum.
    const bool isTheFilesOwn = isCheckpoint(file) || file.extension() == ".log";
    if (!comparison.isComplete && !isTold && !isTheFilesOwn) return partition.toString() + " lost batches silently";
    const auto appendedMore = log->appendAsLeader(log::makeBatch({}), 100, kTestTime);
    if (!appendedMore && appendedMore.error().message.empty()) return "an append is refused without a word";
  }
  for (const auto& [partition, recovery] : report.cuts)
    for (const log::RecoveryReport::Cut& cut : recovery.cuts)
      if (cut.file.empty() || cut.reason.empty()) return "a cut is not explained";
  return {};
}

}  // namespace

class BitFlipTest : public QObject {
  Q_OBJECT
 private slots:
  void theOriginalIsReadWhole() {
    for (const bool isClosed : {false, true}) {
      Original original(isClosed);
      QCOMPARE(original.batches.at({"txns", 1}).size(), size_t{9});
      std::set<std::string> kinds;
      for (const fs::path& file : original.files) kinds.insert(isCheckpoint(file) ? "checkpoint" : file.extension());
      for (const char* kind : {".log", ".index", ".timeindex", ".snapshot", ".properties", ".metadata", "checkpoint"})
        QVERIFY2(kinds.contains(kind), kind);
      QCOMPARE(brokenEnding(original, original.disk, ""), std::string());
    }
  }

  void aFlippedByteAnywhereHasANamedEnding() {
    uint64_t cases = 0;
    for (const bool isClosed : {false, true}) {
      Original original(isClosed);
      for (const fs::path& file : original.files)
        for (uint64_t at = 0; at < test::sizeOf(original.disk, file); ++at)
          for (const uint8_t mask : {uint8_t(1u << (at % 8)), uint8_t{0x80}, uint8_t{0xff}}) {
            const auto disk = original.disk.copy();
            disk->flipByte(file, at, mask);
            const std::string problem = brokenEnding(original, *disk, file);
            const std::string where = file.string() + " byte " + std::to_string(at) + " mask " + std::to_string(mask) +
                                      (isClosed ? ", closed" : ", not closed");
            QVERIFY2(problem.empty(), (where + ": " + problem).c_str());
            ++cases;
          }
    }
    QVERIFY(cases > 10'000);
  }

  void aFileOfAnyLengthHasANamedEnding() {
    for (const bool isClosed : {false, true}) {
      Original original(isClosed);
      for (const fs::path& file : original.files)
        for (uint64_t size = 0; size < test::sizeOf(original.disk, file); ++size) {
          const auto disk = original.disk.copy();
          test::cutFile(*disk, file, size);
          const std::string problem = brokenEnding(original, *disk, file);
          QVERIFY2(problem.empty(), (file.string() + " of " + std::to_string(size) + " bytes: " + problem).c_str());
        }
    }
  }

  void aMissingFileHasANamedEnding() {
    for (const bool isClosed : {false, true}) {
      Original original(isClosed);
      for (const fs::path& file : original.files) {
        const auto disk = original.disk.copy();
        QVERIFY(disk->remove(file).has_value());
        const std::string problem = brokenEnding(original, *disk, file);
        QVERIFY2(problem.empty(), (file.string() + " missing: " + problem).c_str());
      }
    }
  }

  /// Recovery reads every byte from the recovery point on: nothing that its checksums cover slips through.
  void recoveryTellsTornTailsFromDamageInTheMiddle() {
    using Kind = log::RecoveryReport::Cut::Kind;
    Original original(false);
    const auto withoutCheckpoint = [&] {
      auto disk = original.disk.copy();
      STREAMSCOPE_ASSERT(disk->remove("recovery-point-offset-checkpoint").has_value());
      return disk;
    };
    const auto cutsAfter = [&](test::CrashableMemory& disk) {
      log::LogDirectory::OpenReport report;
      const auto directory = test::openLogDirectory(disk, log::crashIdentity(), config(), kTestTime, report);
      return directory && !report.cuts.empty() ? report.cuts.front().second.cuts
                                               : std::vector<log::RecoveryReport::Cut>();
    };
    std::vector<fs::path> segments;
    for (const fs::path& file : original.files)
      if (file.extension() == ".log" && file.parent_path() == "codecs-0") segments.push_back(file);
    QVERIFY(segments.size() > 2);

    const fs::path last = segments.back();
    const size_t lastBatch = original.batches.at({"codecs", 0}).back().bytes.size();
    const uint64_t lastSize = test::sizeOf(original.disk, last);
    auto disk = withoutCheckpoint();
    test::cutFile(*disk, last, lastSize - 1);
    auto cuts = cutsAfter(*disk);
    QCOMPARE(cuts.size(), size_t{1});
    QVERIFY(cuts[0].kind == Kind::TornTail);
    QCOMPARE(cuts[0].atByte, lastSize - lastBatch);
    QCOMPARE(cuts[0].bytesCut, lastBatch - 1);
    QCOMPARE(cuts[0].batchesLost, uint64_t{0});
    QVERIFY(cuts[0].toString().starts_with("Torn tail of codecs-0/"));

    // The second batch of the first segment: what follows in it and the segments behind are lost.
    disk = withoutCheckpoint();
    const size_t firstBatch = original.batches.at({"codecs", 0}).front().bytes.size();
    disk->flipByte(segments.front(), firstBatch + 70, 0xff);
    cuts = cutsAfter(*disk);
    QCOMPARE(cuts.size(), segments.size());
    QVERIFY(cuts[0].kind == Kind::DamageInMiddle);
    QCOMPARE(cuts[0].atByte, firstBatch);
    uint64_t lost = 0;
    for (const log::RecoveryReport::Cut& cut : cuts) lost += cut.batchesLost;
    QCOMPARE(lost, original.batches.at({"codecs", 0}).size() - 2);
    QVERIFY(cuts[1].kind == Kind::SegmentDropped);
    QVERIFY(cuts[0].toString().starts_with("Damage in the middle of codecs-0/"));
  }
};

STREAMSCOPE_TEST(BitFlipTest);
#include "bit_flip_test.moc"
