#include "deleted_segments.h"

#include <QTest>

#include "log_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::kTestTime;
using log::LogConfig;
using log::LogFixture;

namespace {

constexpr int64_t kDelayMs = 60'000;

LogConfig smallSegments() {
  LogConfig config;
  config.segmentBytes = 600;
  config.indexIntervalBytes = 100;
  config.fileDeleteDelayMs = kDelayMs;
  return config;
}

/// Names in the log's directory that end in `.deleted`, or all others.
std::string names(const LogFixture& fixture, bool deleted) {
  std::string text;
  const auto entries = fixture.memory.list("orders-0");
  if (!entries) return "nothing can be listed";
  for (const auto& entry : *entries)
    if (entry.name.ends_with(".deleted") == deleted) text += entry.name + " ";
  return text;
}

bool fill(LogFixture& fixture, int batches) {
  for (int i = 0; i < batches; ++i) {
    const log::BatchSpec spec{
        .count = 2, .timestamp = kTestTime + i, .producerId = 1, .producerEpoch = 0, .baseSequence = 2 * i};
    if (!fixture.write(spec)) return false;
  }
  return true;
}

}  // namespace

class DeletedSegmentsTest : public QObject {
  Q_OBJECT
 private slots:
  void filesAreRenamedAtOnceAndUnlinkedInTime() {
    storage::MemoryStorage disk;
    QVERIFY(disk.createDirectories("orders-0"));
    for (const char* name : {"00000000000000000007.log", "00000000000000000007.index", "00000000000000000007.snapshot"})
      QVERIFY(disk.writeFileAtomically(std::string("orders-0/") + name, {}));
    const log::LogFiles files{disk, "orders-0"};
    log::DeletedSegments deleted(files);
    QVERIFY(!deleted.nextRemoval());

    QVERIFY(deleted.addSegment(7, 100));
    QVERIFY(disk.exists("orders-0/00000000000000000007.snapshot"));
    QVERIFY(deleted.addSnapshot(7, 90));
    QVERIFY(deleted.addSegment(8, 50));
    QVERIFY(!disk.exists("orders-0/00000000000000000007.log"));
    QVERIFY(disk.exists("orders-0/00000000000000000007.log.deleted"));
    QCOMPARE(*deleted.nextRemoval(), 90);

    QVERIFY(deleted.removeDue(89)->empty());
    QCOMPARE(*deleted.removeDue(90), std::vector<std::string>{"00000000000000000007.snapshot.deleted"});
    QCOMPARE(*deleted.nextRemoval(), 100);
    // Somebody was faster: no fault, and not ours.
    QVERIFY(disk.remove("orders-0/00000000000000000007.index.deleted"));
    QCOMPARE(*deleted.removeDue(100), std::vector<std::string>{"00000000000000000007.log.deleted"});
    QVERIFY(!deleted.nextRemoval());
    QVERIFY(disk.list("orders-0")->empty());
  }

  void aNameThatComesBackWaitsFromThenOn() {
    storage::MemoryStorage disk;
    QVERIFY(disk.createDirectories("orders-0"));
    const log::LogFiles files{disk, "orders-0"};
    log::DeletedSegments deleted(files);
    for (const base::TimestampMs dueMs : {100, 200}) {
      QVERIFY(disk.writeFileAtomically("orders-0/00000000000000000007.log", {}));
      QVERIFY(deleted.addSegment(7, dueMs));
    }
    QVERIFY(deleted.removeDue(199)->empty());
    QCOMPARE(deleted.removeDue(200)->size(), size_t{1});
  }

  void truncationLeavesItsSegmentsForAWhile() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 20));
    QVERIFY(fixture.log->flushEndedSegments().has_value());
    const auto before = fixture.log->segments();
    QVERIFY(before.size() >= 3);
    QVERIFY(fixture.log->truncateTo(before[1].baseOffset + 2, fixture.nowMs));
    for (size_t i = 2; i < before.size(); ++i) {
      for (const std::string_view suffix : {".log", ".index", ".timeindex", ".snapshot"}) {
        const std::string name = log::offsetFileName(before[i].baseOffset, suffix);
        QVERIFY(!fixture.memory.exists("orders-0/" + name));
        // The active segment has no index on disk before it is flushed or finished.
        if (i + 1 < before.size() || suffix == ".log" || suffix == ".snapshot")
          QVERIFY2(fixture.memory.exists("orders-0/" + name + ".deleted"), name.c_str());
      }
    }
    QCOMPARE(*fixture.log->nextFileRemoval(), fixture.nowMs + kDelayMs);
    QVERIFY(fixture.log->removeDeletedFiles(fixture.nowMs + kDelayMs - 1)->empty());
    QVERIFY(fixture.log->removeDeletedFiles(fixture.nowMs + kDelayMs)->size() >= 4);
    QCOMPARE(names(fixture, true), std::string());
    QVERIFY(!fixture.log->nextFileRemoval());
    QVERIFY(fill(fixture, 0));
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.log->logEndOffset(), before[1].baseOffset + 2);
  }

  /// As in Kafka the new segment may have the name of one that was just given up.
  void startingAnewAtTheSameOffsetKeepsTheNewFile() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 1));
    QVERIFY(fixture.log->truncateFullyAndStartAt(0, fixture.nowMs));
    QVERIFY(fill(fixture, 1));
    QVERIFY(!fixture.log->removeDeletedFiles(fixture.nowMs + kDelayMs)->empty());
    QCOMPARE(fixture.batches(), std::string("0-1"));
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1"));
  }

  void leftoversOfAnEarlierLifeGoAtTheStart() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 12));
    QVERIFY(fixture.log->truncateTo(2, fixture.nowMs));
    QVERIFY(!names(fixture, true).empty());
    QVERIFY(fixture.closeAndReopen().has_value());
    QCOMPARE(names(fixture, true), std::string());
    QVERIFY(!fixture.log->nextFileRemoval());
    QCOMPARE(fixture.batches(), std::string("0-1"));
  }

  /// What recovery drops waits as well (Kafka: LogLoader.removeAndDeleteSegmentsAsync).
  void whatRecoveryDropsWaitsToo() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 12));
    const auto before = fixture.log->segments();
    fixture.log.reset();
    const auto file = fixture.memory.open("orders-0/00000000000000000000.log", storage::OpenMode::ReadWrite);
    QVERIFY((*file)->writeAt(70, base::Bytes{0xff, 0xff}));
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.log->segments().size(), size_t{1});
    QVERIFY(fixture.memory.exists("orders-0/" + log::offsetFileName(before[1].baseOffset, ".log.deleted")));
    QCOMPARE(*fixture.log->nextFileRemoval(), fixture.nowMs + kDelayMs);
  }

  void aFaultTakesTheDirectoryOffline() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 12));
    QVERIFY(fixture.log->truncateTo(2, fixture.nowMs));
    fixture.disk.failOperation(fixture.disk.operationCount());
    QCOMPARE(fixture.log->removeDeletedFiles(fixture.nowMs + kDelayMs).error().code,
             base::ErrorCode::KAFKA_STORAGE_ERROR);
    QVERIFY(!fixture.write({}).has_value());
  }
};

STREAMSCOPE_TEST(DeletedSegmentsTest);
#include "deleted_segments_test.moc"
