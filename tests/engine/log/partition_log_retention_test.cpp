#include <QTest>

#include "log_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using log::kTestTime;
using log::LogConfig;
using log::LogFixture;
using log::RetentionRule;
using log::RollReason;

namespace {

/// Segments of at most two batches.
LogConfig twoBatchSegments() {
  LogConfig config;
  config.segmentBytes = static_cast<int32_t>(2 * log::makeBatch({.count = 2}).size());
  config.retentionMs = -1;
  return config;
}

/// Batches of two records, the first at `from`, each a second after the other.
bool fill(LogFixture& fixture, int batches, base::TimestampMs from = kTestTime) {
  for (int i = 0; i < batches; ++i)
    if (!fixture.write({.count = 2, .timestamp = from + 1000 * i})) return false;
  fixture.log->setHighWatermark(fixture.log->logEndOffset());
  return true;
}

std::string baseOffsets(const log::PartitionLog& log) {
  std::string text;
  for (const auto& segment : log.segments()) text += std::to_string(segment.baseOffset) + " ";
  return text;
}

std::string tell(const base::Result<log::RetentionOutcome>& outcome) {
  if (!outcome) return outcome.error().message;
  std::string text;
  for (const auto& segment : outcome->deleted)
    text += std::to_string(segment.baseOffset) + "-" + std::to_string(segment.endOffset) + " by " +
            std::to_string(static_cast<int>(segment.rule)) + " ";
  if (outcome->rolledTo != base::kNoOffset) text += "rolled to " + std::to_string(outcome->rolledTo);
  return text;
}

}  // namespace

class PartitionLogRetentionTest : public QObject {
  Q_OBJECT
 private slots:
  void timeTakesSegmentsWhoseNewestRecordIsOlder() {
    LogConfig config = twoBatchSegments();
    config.retentionMs = 10'000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 6));
    QVERIFY(fixture.log->flushEndedSegments().has_value());
    QCOMPARE(baseOffsets(*fixture.log), std::string("0 4 8 "));
    // The newest record of the first segment is kTestTime + 1001: not older than 10 s, exactly 10 s, older.
    QCOMPARE(tell(fixture.log->deleteOldSegments(kTestTime + 1001)), std::string());
    QCOMPARE(tell(fixture.log->deleteOldSegments(kTestTime + 11'001)), std::string());
    const auto outcome = fixture.log->deleteOldSegments(kTestTime + 11'002);
    QCOMPARE(tell(outcome), std::string("0-4 by 2 "));
    QCOMPARE(outcome->deleted[0].largestTimestamp, kTestTime + 1001);
    QCOMPARE(outcome->deleted[0].bytes, uint64_t{log::makeBatch({.count = 2}).size() * 2});
    QCOMPARE(fixture.log->logStartOffset(), 4);
    QCOMPARE(fixture.log->read(3, 12, 1000, true).error().code, ErrorCode::OFFSET_OUT_OF_RANGE);
    QCOMPARE(fixture.batches(), std::string("4-5 6-7 8-9 10-11"));
    QVERIFY(!fixture.memory.exists("orders-0/00000000000000000000.log"));
    QVERIFY(fixture.memory.exists("orders-0/00000000000000000000.log.deleted"));
    QVERIFY(fixture.memory.exists("orders-0/00000000000000000000.timeindex.deleted"));
    // The producer snapshot of the first segment that stays is still needed.
    QVERIFY(fixture.memory.exists("orders-0/00000000000000000004.snapshot"));
    QCOMPARE(tell(fixture.log->deleteOldSegments(kTestTime + 13'002)), std::string("4-8 by 2 "));
    QVERIFY(fixture.memory.exists("orders-0/00000000000000000004.snapshot.deleted"));
  }

  void whenAllGoesTheLogGoesOnInAnEmptySegment() {
    LogConfig config = twoBatchSegments();
    config.retentionMs = 10'000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 5));
    const base::TimestampMs late = kTestTime + 1'000'000;
    QCOMPARE(tell(fixture.log->deleteOldSegments(late)), std::string("0-4 by 2 4-8 by 2 8-10 by 2 rolled to 10"));
    QCOMPARE(fixture.log->logStartOffset(), 10);
    QCOMPARE(fixture.log->logEndOffset(), 10);
    QCOMPARE(baseOffsets(*fixture.log), std::string("10 "));
    // The empty active segment stays, however often retention looks.
    QCOMPARE(tell(fixture.log->deleteOldSegments(late * 2)), std::string());
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.log->logStartOffset(), 10);
    QCOMPARE(fixture.write({})->firstOffset, 10);
  }

  void nothingAtOrAboveTheHighWatermarkGoes() {
    LogConfig config = twoBatchSegments();
    config.retentionMs = 10'000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 6));
    const base::TimestampMs late = kTestTime + 1'000'000;
    fixture.log->setHighWatermark(3);
    QCOMPARE(tell(fixture.log->deleteOldSegments(late)), std::string());
    fixture.log->setHighWatermark(8);
    QCOMPARE(tell(fixture.log->deleteOldSegments(late)), std::string("0-4 by 2 4-8 by 2 "));
    fixture.log->setHighWatermark(11);
    QCOMPARE(tell(fixture.log->deleteOldSegments(late)), std::string());
    fixture.log->setHighWatermark(12);
    QCOMPARE(tell(fixture.log->deleteOldSegments(late)), std::string("8-12 by 2 rolled to 12"));
  }

  void sizeTakesOnlyWholeSegmentsAboveTheLimit() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 7));
    LogConfig config = fixture.log->config();
    const int64_t segment = config.segmentBytes;
    // Three full segments and a half: with one byte less than two of them too many, only one goes.
    config.retentionBytes = 3 * segment + segment / 2 - 2 * segment + 1;
    fixture.log->setConfig(config);
    const auto outcome = fixture.log->deleteOldSegments(fixture.nowMs);
    QCOMPARE(tell(outcome), std::string("0-4 by 1 "));
    QCOMPARE(outcome->deleted[0].logBytesBefore, static_cast<uint64_t>(3 * segment + segment / 2));
    --config.retentionBytes;
    fixture.log->setConfig(config);
    QCOMPARE(tell(fixture.log->deleteOldSegments(fixture.nowMs)), std::string("4-8 by 1 "));
    QCOMPARE(tell(fixture.log->deleteOldSegments(fixture.nowMs)), std::string());
    config.retentionBytes = 0;
    fixture.log->setConfig(config);
    QCOMPARE(tell(fixture.log->deleteOldSegments(fixture.nowMs)), std::string("8-12 by 1 12-14 by 1 rolled to 14"));
  }

  void aCompactedLogLosesOnlyWhatIsBelowItsStart() {
    for (const bool isDeleteToo : {false, true}) {
      LogConfig config = twoBatchSegments();
      config.retentionMs = 10'000;
      config.retentionBytes = 0;
      config.cleanupCompact = true;
      config.cleanupDelete = isDeleteToo;
      LogFixture fixture(config);
      QVERIFY(fixture.open().has_value());
      QVERIFY(fill(fixture, 6));
      QVERIFY(fixture.log->incrementLogStartOffset(5).value());
      const std::string told = tell(fixture.log->deleteOldSegments(kTestTime + 1'000'000));
      QCOMPARE(told, std::string(isDeleteToo ? "0-4 by 0 4-8 by 1 8-12 by 1 rolled to 12" : "0-4 by 0 "));
      QCOMPARE(fixture.log->logStartOffset(), isDeleteToo ? 12 : 5);
    }
  }

  void theLogStartMovesUpToTheHighWatermark() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fill(fixture, 4));
    fixture.log->setHighWatermark(6);
    QCOMPARE(fixture.log->incrementLogStartOffset(7).error().code, ErrorCode::OFFSET_OUT_OF_RANGE);
    QVERIFY(fixture.log->incrementLogStartOffset(6).value());
    QVERIFY(!fixture.log->incrementLogStartOffset(6).value());
    QVERIFY(!fixture.log->incrementLogStartOffset(2).value());
    QCOMPARE(fixture.log->logStartOffset(), 6);
    // Segments wait for retention; the one that holds the start stays.
    QCOMPARE(baseOffsets(*fixture.log), std::string("0 4 "));
    QCOMPARE(tell(fixture.log->deleteOldSegments(fixture.nowMs)), std::string("0-4 by 0 "));
    QCOMPARE(fixture.log->logStartOffset(), 6);
    fixture.log->setHighWatermark(8);
    QVERIFY(fixture.log->incrementLogStartOffset(8).value());
    QCOMPARE(tell(fixture.log->deleteOldSegments(fixture.nowMs)), std::string());
    QCOMPARE(baseOffsets(*fixture.log), std::string("4 "));
  }

  // Rolling.

  void everyRollSaysWhy() {
    LogConfig config;
    config.segmentMs = 10'000;
    config.segmentBytes = 10'000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.write({.timestamp = kTestTime})->rolledTo, base::kNoOffset);
    QCOMPARE(fixture.write({.timestamp = kTestTime + 10'000})->rolledTo, base::kNoOffset);
    const auto byTime = fixture.write({.timestamp = kTestTime + 10'001});
    QCOMPARE(byTime->rolledTo, 2);
    QCOMPARE(byTime->rollReason, RollReason::SegmentMs);
    QVERIFY(fixture.write({.valueSize = 5000, .timestamp = kTestTime + 10'001}).has_value());
    const auto bySize = fixture.write({.valueSize = 5000, .timestamp = kTestTime + 10'001});
    QCOMPARE(bySize->rolledTo, 4);
    QCOMPARE(bySize->rollReason, RollReason::SegmentBytes);
    config.segmentIndexBytes = 24;
    config.indexIntervalBytes = 1;
    fixture.log->setConfig(config);
    std::vector<base::Offset> rolls;
    for (int i = 0; i < 4; ++i) {
      const auto info = fixture.write({.timestamp = kTestTime + 10'001});
      if (info->rolledTo == base::kNoOffset) continue;
      rolls.push_back(info->rolledTo);
      QCOMPARE(info->rollReason, RollReason::IndexFull);
    }
    QVERIFY(!rolls.empty());
  }

  void aCompactedLogRollsForTheMaximumCompactionLag() {
    LogConfig config;
    config.segmentMs = 10'000;
    config.maxCompactionLagMs = 1000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.timestamp = kTestTime}).has_value());
    QCOMPARE(fixture.write({.timestamp = kTestTime + 1001})->rolledTo, base::kNoOffset);
    config.cleanupCompact = true;
    fixture.log->setConfig(config);
    QCOMPARE(fixture.write({.timestamp = kTestTime + 1000})->rolledTo, base::kNoOffset);
    QCOMPARE(fixture.write({.timestamp = kTestTime + 1001})->rolledTo, 3);
  }

  /// Never later than segment.ms, never by more than the jitter earlier, not always the same, and the same again in a
  /// second run.
  void jitterRollsEarlier() {
    LogConfig config;
    config.segmentMs = 10'000;
    config.segmentJitterMs = 4000;
    const auto run = [&] {
      LogFixture fixture(config);
      std::vector<int64_t> lengths;
      if (!fixture.open()) return lengths;
      base::TimestampMs first = kTestTime;
      for (base::TimestampMs now = kTestTime; lengths.size() < 20; now += 100) {
        const auto info = fixture.write({.timestamp = now});
        if (!info || info->rolledTo == base::kNoOffset) continue;
        lengths.push_back(now - first);
        first = now;
      }
      return lengths;
    };
    const std::vector<int64_t> lengths = run();
    for (const int64_t length : lengths) {
      QVERIFY(length > 6000);
      QVERIFY(length <= 10'100);
    }
    QVERIFY(*std::ranges::max_element(lengths) - *std::ranges::min_element(lengths) > 1000);
    QCOMPARE(run(), lengths);
  }

  // Flushing.

  void flushMessagesAndFlushMsMoveTheRecoveryPoint() {
    LogConfig config;
    config.flushMessages = 5;
    config.flushMs = 1000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.count = 4}).has_value());
    QCOMPARE(fixture.log->recoveryPoint(), 0);
    QVERIFY(fixture.write({.count = 1}).has_value());
    QCOMPARE(fixture.log->recoveryPoint(), 5);
    QVERIFY(fixture.write({.count = 1}).has_value());
    QVERIFY(fixture.log->flushIfDue(fixture.nowMs + 999).has_value());
    QCOMPARE(fixture.log->recoveryPoint(), 5);
    QVERIFY(fixture.log->flushIfDue(fixture.nowMs + 1000).has_value());
    QCOMPARE(fixture.log->recoveryPoint(), 6);
    QVERIFY(fixture.crash().has_value());
    QCOMPARE(fixture.log->logEndOffset(), 6);
  }

  void endedSegmentsSurviveACrashOnceTheyAreFlushed() {
    LogFixture fixture(twoBatchSegments());
    QVERIFY(fixture.open().has_value());
    QVERIFY(!fixture.log->hasEndedSegmentsToFlush());
    QVERIFY(fill(fixture, 5));
    QCOMPARE(fixture.log->recoveryPoint(), 0);
    QVERIFY(fixture.log->hasEndedSegmentsToFlush());
    QVERIFY(fixture.log->flushEndedSegments().has_value());
    QVERIFY(!fixture.log->hasEndedSegmentsToFlush());
    QCOMPARE(fixture.log->recoveryPoint(), 8);
    fixture.recoveryPoint = 8;
    QVERIFY(fixture.crash().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1 2-3 4-5 6-7"));
    QVERIFY(fixture.report.cuts.empty());
  }

  // Producers.

  void idleProducersAreForgotten() {
    LogConfig config;
    config.producerIdExpirationMs = 1000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    for (const int64_t id : {1, 2}) {
      const base::TimestampMs at = kTestTime + 100 * id;
      QVERIFY(fixture.write({.timestamp = at, .producerId = id, .producerEpoch = 0, .baseSequence = 0}).has_value());
    }
    QCOMPARE(fixture.log->removeExpiredProducers(kTestTime + 1100 - 1), size_t{0});
    QCOMPARE(fixture.log->removeExpiredProducers(kTestTime + 1100), size_t{1});
    QCOMPARE(fixture.log->producers().size(), size_t{1});
    QCOMPARE(fixture.log->producers()[0].producerId, int64_t{2});
  }

  void recoveryForgetsIdleProducers() {
    LogConfig config;
    config.producerIdExpirationMs = 1000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    for (const int64_t id : {1, 2}) {
      const base::TimestampMs at = kTestTime + 100 * id;
      QVERIFY(fixture.write({.timestamp = at, .producerId = id, .producerEpoch = 0, .baseSequence = 0}).has_value());
    }
    fixture.nowMs = kTestTime + 1100;
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.log->producers().size(), size_t{1});
    QCOMPARE(fixture.log->producers()[0].producerId, int64_t{2});
  }
};

STREAMSCOPE_TEST(PartitionLogRetentionTest);
#include "partition_log_retention_test.moc"
