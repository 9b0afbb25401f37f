#include <QTest>
#include <filesystem>

#include "log/partition_log.h"
#include "log_fixture.h"
#include "support/test_registry.h"

// Between the moment a log goes on in a new segment and the sync of the old one.

using namespace streamscope;
using log::kTestTime;
using log::LogConfig;
using log::LogFixture;

namespace {

constexpr const char* kSecondSnapshot = "orders-0/00000000000000000004.snapshot";

}  // namespace

class EndedSegmentsTest : public QObject {
  Q_OBJECT

  static LogConfig twoBatchSegments() {
    LogConfig config;
    config.segmentBytes = static_cast<int32_t>(log::makeBatch({.count = 2}).size()) * 2;
    return config;
  }

  static bool fill(LogFixture& fixture, int batches) {
    for (int i = 0; i < batches; ++i)
      if (!fixture.write({.count = 2})) return false;
    return true;
  }

  /// The system had written the second segment, but of the first one only `bytes`.
  static void loseEndOfFirstSegment(LogFixture& fixture, uint64_t bytes) {
    fixture.log.reset();
    const auto file = fixture.memory.open("orders-0/00000000000000000000.log", storage::OpenMode::ReadWrite);
    QVERIFY((*file)->truncate(bytes).has_value());
    QVERIFY(fixture.open().has_value());
  }

  static base::Bytes at(base::Offset baseOffset) {
    return log::makeBatch({.count = 2, .baseOffset = baseOffset, .leaderEpoch = 0});
  }

 private slots:
  void aRollSyncsNothing() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 3) && fixture.log->flush().has_value());
    fixture.disk.setSyncFails(true);
    QVERIFY(fill(fixture, 4));
    QCOMPARE(fixture.log->segments().size(), size_t{4});
    QVERIFY(fixture.log->hasEndedSegmentsToFlush());
    QCOMPARE(fixture.log->flushEndedSegments().error().code, base::ErrorCode::KAFKA_STORAGE_ERROR);
    QCOMPARE(fixture.write({}).error().code, base::ErrorCode::KAFKA_STORAGE_ERROR);
  }

  void theActiveSegmentIsNotSynced() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 3));
    QVERIFY(fixture.log->flushEndedSegments().has_value());
    QCOMPARE(fixture.log->recoveryPoint(), 4);
    fixture.recoveryPoint = 4;
    QVERIFY(fixture.crash().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1 2-3"));
  }

  /// No batch is torn: only the offsets tell that something is missing.
  void aSegmentBehindAHoleGoesAndIsTold() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 4));
    loseEndOfFirstSegment(fixture, log::makeBatch({.count = 2}).size());
    QCOMPARE(fixture.batches(), std::string("0-1"));
    QCOMPARE(fixture.log->logEndOffset(), 2);
    QCOMPARE(fixture.report.cuts.size(), size_t{1});
    const log::RecoveryReport::Cut& cut = fixture.report.cuts[0];
    QCOMPARE(cut.kind, log::RecoveryReport::Cut::Kind::SegmentDropped);
    QCOMPARE(std::filesystem::path(cut.file).generic_string(), std::string("orders-0/00000000000000000004.log"));
    QCOMPARE(cut.recordsLost, uint64_t{4});
    QVERIFY2(cut.reason.find("2 to 3") != std::string::npos, cut.reason.c_str());
    QVERIFY(fill(fixture, 1));
    QCOMPARE(fixture.batches(), std::string("0-1 2-3"));
  }

  /// As when a cleaner has removed the last batches: their segment was synced before the next one's snapshot was.
  void aGapIsNoHoleWhereAllBeforeItWasSynced() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 4));
    QVERIFY(fixture.log->flushEndedSegments().has_value());
    QVERIFY(fixture.memory.exists(kSecondSnapshot));
    loseEndOfFirstSegment(fixture, log::makeBatch({.count = 2}).size());
    QCOMPARE(fixture.batches(), std::string("0-1 4-5 6-7"));
    QVERIFY(fixture.report.cuts.empty());
  }

  void aFollowerThatRollsAcrossAGapKeepsBothSides() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    for (const base::Offset offset : {0, 2, 10, 12})
      QVERIFY(fixture.log->appendAsFollower(at(offset), fixture.nowMs).has_value());
    QVERIFY(fixture.log->flush().has_value());
    // The checkpoint of the recovery point is older.
    fixture.recoveryPoint = 0;
    QVERIFY(fixture.crash().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1 2-3 10-11 12-13"));
    // Recovery may be interrupted, and repeated.
    for (uint64_t operation = 0; operation < 40; ++operation) {
      fixture.log.reset();
      fixture.disk.stopAtOperation(fixture.disk.operationCount() + operation);
      const bool isOpen = fixture.open().has_value();
      fixture.disk.stopAtOperation(UINT64_MAX);
      fixture.log.reset();
      fixture.memory.crashLeavingSome(operation);
      QVERIFY(fixture.open().has_value());
      QCOMPARE(fixture.batches(), std::string("0-1 2-3 10-11 12-13"));
      if (isOpen) return;
    }
    QFAIL("recovery takes more than 40 operations");
  }

  /// What recovery has read may still be in the system's cache only.
  void aRecoveredSegmentIsToBeFlushedToo() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 4));
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1 2-3 4-5 6-7"));
    QVERIFY(fixture.log->hasEndedSegmentsToFlush());
    QVERIFY(!fixture.memory.exists(kSecondSnapshot));
    QVERIFY(fixture.log->flushEndedSegments().has_value());
    QVERIFY(fixture.memory.exists(kSecondSnapshot));
    fixture.recoveryPoint = 4;
    QVERIFY(fixture.crash().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1 2-3"));
  }

  /// The indexes get their last entries when a segment ends, which may be after its last sync.
  void indexesOfASegmentThatEndedAtTheRecoveryPointAreRebuilt() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 2));
    QVERIFY(fixture.log->flush().has_value());
    fixture.recoveryPoint = 4;
    QVERIFY(fill(fixture, 1));
    fixture.log.reset();
    const auto index = fixture.memory.open("orders-0/00000000000000000000.timeindex", storage::OpenMode::ReadWrite);
    const base::Bytes rubbish(7, 0xff);
    QVERIFY((*index)->append(rubbish).has_value());
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.content("00000000000000000000.timeindex").size(), size_t{12});
    QCOMPARE(fixture.batches(), std::string("0-1 2-3 4-5"));
  }

  /// The snapshot of a clean end says nothing of the indexes that recovery has written since.
  void aSegmentThatEndsAtTheSnapshotOfAnEarlierEndIsNotTakenForSynced() {
    for (uint64_t seed = 0; seed < 60; ++seed) {
      LogFixture fixture(twoBatchSegments());
      QVERIFY(fixture.open().has_value());
      QVERIFY(fixture.write({.count = 2, .timestamp = kTestTime}).has_value());
      QVERIFY(fixture.write({.count = 2, .timestamp = kTestTime + 500}).has_value());
      QVERIFY(fixture.closeAndReopen().has_value());
      QVERIFY(fixture.memory.exists(kSecondSnapshot));
      QVERIFY(fixture.kill().has_value());
      QVERIFY(fill(fixture, 1));
      fixture.log.reset();
      fixture.memory.crashLeavingSome(seed);
      fixture.recoveryPoint = 4;
      QVERIFY(fixture.open().has_value());
      QCOMPARE(fixture.log->offsetForTime(kTestTime + 200, 4)->offset, 2);
    }
  }

  /// Kafka: UnifiedLog.roll.
  void aRollForgetsNoProducer() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.count = 2, .producerId = 7, .producerEpoch = 0, .baseSequence = 0}).has_value());
    fixture.nowMs += fixture.config.producerIdExpirationMs * 2;
    QVERIFY(fill(fixture, 2));
    QCOMPARE(fixture.log->segments().size(), size_t{2});
    QCOMPARE(fixture.log->producers().size(), size_t{1});
    QCOMPARE(fixture.log->removeExpiredProducers(fixture.nowMs), size_t{1});
  }
};

STREAMSCOPE_TEST(EndedSegmentsTest);
#include "ended_segments_test.moc"
