#include "log/log_cleaner.h"

#include <QTest>

#include "batches.h"
#include "storage/memory_storage.h"
#include "support/open_log_directory.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::TopicPartition;
using log::kTestTime;
using log::LogDirectory;

namespace {

const log::DirectoryIdentity kIdentity{"cluster", 1, {1, 1}};

/// A log directory with compacted topics whose every batch is a segment.
struct Directory {
  storage::MemoryStorage disk;
  LogDirectory::OpenReport report;
  std::unique_ptr<LogDirectory> directory;
  base::TimestampMs nowMs = kTestTime;

  Directory() { reopen(); }
  void reopen() {
    directory.reset();
    auto opened = test::openLogDirectory(disk, kIdentity, log::LogConfig{}, nowMs, report);
    if (opened) directory = std::move(*opened);
  }

  /// `count` records of one key into the log, which must not roll before the last.
  void fill(const TopicPartition& name, int count, bool isCompacted = true) {
    log::LogConfig config;
    config.cleanupCompact = isCompacted;
    config.segmentMs = -1;
    log::PartitionLog* const log = *directory->getOrCreate(name, {5, 5}, config, nowMs);
    for (int i = 0; i < count; ++i) QVERIFY(log->appendAsLeader(log::makeBatch(), 0, nowMs).has_value());
    log->setHighWatermark(log->logEndOffset());
  }
  std::string checkpoint() {
    const auto bytes = disk.readFile("cleaner-offset-checkpoint");
    return bytes ? std::string(base::asText(*bytes)) : "";
  }
};

const TopicPartition kA{"a", 0};
const TopicPartition kB{"b", 0};

}  // namespace

class LogCleanerTest : public QObject {
  Q_OBJECT
 private slots:
  void theDirtiestLogComesFirst() {
    Directory files;
    files.fill(kA, 4);
    files.fill(kB, 4);
    files.fill({"deleted", 0}, 4, false);
    log::LogCleaner cleaner(*files.directory, {});
    auto found = cleaner.findFilthiest(files.nowMs);
    QVERIFY((*found)->partition == kA);
    QCOMPARE(cleaner.clean(**found, files.nowMs)->endOffset, 3);
    QCOMPARE(files.checkpoint(), std::string("0\n1\na 0 3\n"));
    // Of a half clean log less is dirty than of one that was never cleaned.
    files.fill(kA, 4);
    found = cleaner.findFilthiest(files.nowMs);
    QVERIFY((*found)->partition == kB);
    QVERIFY(cleaner.clean(**found, files.nowMs).has_value());
    found = cleaner.findFilthiest(files.nowMs);
    QVERIFY((*found)->partition == kA);
    QVERIFY(cleaner.clean(**found, files.nowMs).has_value());
    QVERIFY(!cleaner.findFilthiest(files.nowMs)->has_value());
  }

  void theRatioMustBeAboveTheLimit() {
    Directory files;
    files.fill(kA, 4);
    log::LogCleaner cleaner(*files.directory, {});
    QVERIFY(cleaner.clean(**cleaner.findFilthiest(files.nowMs), files.nowMs).has_value());
    files.fill(kA, 1);
    // One clean segment, one dirty: exactly half, which is not above 0.5.
    QVERIFY(!cleaner.findFilthiest(files.nowMs)->has_value());
    log::LogConfig config = files.directory->find(kA)->config();
    config.minCleanableDirtyRatio = 0.49;
    files.directory->find(kA)->setConfig(config);
    QVERIFY(cleaner.findFilthiest(files.nowMs)->has_value());
    config.minCleanableDirtyRatio = 1;
    config.maxCompactionLagMs = 1000;
    files.directory->find(kA)->setConfig(config);
    QVERIFY(!cleaner.findFilthiest(files.nowMs)->has_value());
    QVERIFY((*cleaner.findFilthiest(files.nowMs + 2000))->needsCompactionNow);
  }

  void theCheckpointOutlivesTheBroker() {
    Directory files;
    files.fill(kA, 4);
    files.fill(kB, 2);
    log::LogCleaner cleaner(*files.directory, {});
    while (const auto found = *cleaner.findFilthiest(files.nowMs))
      QVERIFY(cleaner.clean(*found, files.nowMs).has_value());
    QCOMPARE(files.checkpoint(), std::string("0\n2\na 0 3\nb 0 1\n"));
    files.reopen();
    QCOMPARE(files.directory->cleanerOffset(kA).value(), 3);
    QVERIFY(files.report.damagedFiles.empty());
  }

  void aTruncationLowersTheCheckpoint() {
    Directory files;
    files.fill(kA, 4);
    log::LogCleaner cleaner(*files.directory, {});
    QVERIFY(cleaner.clean(**cleaner.findFilthiest(files.nowMs), files.nowMs).has_value());
    QVERIFY(files.directory->find(kA)->truncateTo(1, files.nowMs).has_value());
    QCOMPARE(files.checkpoint(), std::string("0\n1\na 0 0\n"));
  }

  /// Before a crash in the middle of it can leave an empty log that begins at its old start.
  void aFullTruncationLowersTheCheckpointToTheLogStart() {
    Directory files;
    files.fill(kA, 4);
    log::LogCleaner cleaner(*files.directory, {});
    QVERIFY(cleaner.clean(**cleaner.findFilthiest(files.nowMs), files.nowMs).has_value());
    QVERIFY(files.directory->find(kA)->truncateFullyAndStartAt(9, files.nowMs).has_value());
    QCOMPARE(files.checkpoint(), std::string("0\n1\na 0 0\n"));
  }

  void aCheckpointBeyondTheLogIsSetBack() {
    Directory files;
    files.fill(kA, 4);
    QVERIFY(files.directory->writeCleanerOffset(kA, 99).has_value());
    log::LogCleaner cleaner(*files.directory, {});
    QCOMPARE((*cleaner.findFilthiest(files.nowMs))->firstDirtyOffset, 0);
    QCOMPARE(files.checkpoint(), std::string("0\n1\na 0 0\n"));
  }

  void aDamagedCheckpointCostsOnlyWork() {
    Directory files;
    files.fill(kA, 4);
    QVERIFY(files.directory->closeCleanly({}, 1).has_value());
    QVERIFY(files.disk.writeFileAtomically("cleaner-offset-checkpoint", base::asBytes("nonsense")).has_value());
    files.reopen();
    QVERIFY(files.report.cleanShutdown);
    QCOMPARE(files.report.damagedFiles.size(), size_t{1});
    QVERIFY(!files.directory->cleanerOffset(kA).has_value());
  }

  void anUncleanablePartitionIsPassedOver() {
    Directory files;
    files.fill(kA, 4);
    files.fill(kB, 3);
    const auto file = files.disk.open("a-0/00000000000000000001.log", storage::OpenMode::ReadWrite);
    QVERIFY((*file)->writeAt(70, base::asBytes("x")).has_value());
    log::LogCleaner cleaner(*files.directory, {});
    const auto found = *cleaner.findFilthiest(files.nowMs);
    QVERIFY(found->partition == kA);
    QCOMPARE(cleaner.clean(*found, files.nowMs).error().code, base::ErrorCode::CORRUPT_MESSAGE);
    QCOMPARE(cleaner.uncleanable().size(), size_t{1});
    QVERIFY((*cleaner.findFilthiest(files.nowMs))->partition == kB);
  }
};

STREAMSCOPE_TEST(LogCleanerTest);
#include "log_cleaner_test.moc"
