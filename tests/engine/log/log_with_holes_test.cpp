#include <QTest>

#include "log/partition_log.h"
#include "log_fixture.h"
#include "support/test_registry.h"

// Logs whose leader is compacted: offsets ascend, but some have no record any more.

using namespace streamscope;
using base::ErrorCode;
using log::BatchSpec;
using log::kTestTime;
using log::LogConfig;
using log::LogFixture;

class LogWithHolesTest : public QObject {
  Q_OBJECT

  static base::Bytes at(base::Offset baseOffset, int32_t count = 1, base::TimestampMs timestamp = kTestTime) {
    return log::makeBatch({.count = count, .timestamp = timestamp, .baseOffset = baseOffset, .leaderEpoch = 0});
  }

  static base::Result<log::AppendInfo> follow(LogFixture& fixture, const std::vector<base::Bytes>& batches) {
    base::Bytes all;
    for (const base::Bytes& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
    return fixture.log->appendAsFollower(std::move(all), fixture.nowMs);
  }

  /// 5-6, 10-10, 20-22: the leader has nothing at 0-4, 7-9 and 11-19.
  static void fill(LogFixture& fixture) {
    QVERIFY(fixture.open().has_value());
    QVERIFY(follow(fixture, {at(5, 2, kTestTime), at(10, 1, kTestTime + 10)}).has_value());
    QVERIFY(follow(fixture, {at(20, 3, kTestTime + 20)}).has_value());
  }

  static std::string firstBatchFrom(const LogFixture& fixture, base::Offset offset) {
    const auto read = fixture.log->read(offset, fixture.log->logEndOffset(), 1, true);
    if (!read) return read.error().message;
    if (read->records.empty()) return "nothing";
    const log::BatchHeader header = log::scanBatch(read->records.view(), true).header;
    return std::to_string(header.baseOffset) + "-" + std::to_string(header.lastOffset());
  }

 private slots:
  void aFollowerTakesWhatACompactedLeaderHas() {
    LogFixture fixture;
    fill(fixture);
    QCOMPARE(fixture.log->logEndOffset(), 23);
    QCOMPARE(fixture.batches(), std::string("5-6 10-10 20-22"));
    const auto again = follow(fixture, {at(22)});
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().code, ErrorCode::OFFSET_OUT_OF_RANGE);
    const auto backwards = follow(fixture, {at(30), at(25)});
    QVERIFY(!backwards.has_value());
    QCOMPARE(fixture.log->logEndOffset(), 23);
  }

  void aReadInAHoleBeginsBehindIt() {
    LogFixture fixture;
    fill(fixture);
    const auto expectAll = [&] {
      const std::pair<base::Offset, std::string> expected[] = {{0, "5-6"},    {4, "5-6"},    {6, "5-6"},   {7, "10-10"},
                                                               {10, "10-10"}, {11, "20-22"}, {22, "20-22"}};
      for (const auto& [offset, batch] : expected) QCOMPARE(firstBatchFrom(fixture, offset), batch);
      QVERIFY(fixture.log->read(7, 10, 1000, true)->records.empty());
    };
    expectAll();
    QVERIFY(fixture.kill().has_value());
    expectAll();
    expectAll();
  }

  void timesAreFoundAcrossHoles() {
    LogFixture fixture;
    fill(fixture);
    QCOMPARE(fixture.log->offsetForTime(kTestTime + 2, 23)->offset, 10);
    QCOMPARE(fixture.log->offsetForTime(kTestTime + 11, 23)->offset, 20);
    QCOMPARE(fixture.log->offsetForTime(kTestTime + 11, 15)->offset, base::kNoOffset);
    QCOMPARE(fixture.log->offsetOfMaxTimestamp()->offset, 22);
  }

  void recoveryKeepsHoles() {
    LogFixture fixture;
    fill(fixture);
    QVERIFY(fixture.kill().has_value());
    QVERIFY(fixture.report.cuts.empty());
    QCOMPARE(fixture.batches(), std::string("5-6 10-10 20-22"));
    QVERIFY(fixture.closeAndReopen().has_value());
    QCOMPARE(fixture.batches(), std::string("5-6 10-10 20-22"));
  }

  void truncationIntoAHoleGoesOnThere() {
    LogFixture fixture;
    fill(fixture);
    QVERIFY(fixture.log->truncateTo(15, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->logEndOffset(), 15);
    QCOMPARE(firstBatchFrom(fixture, 10), std::string("10-10"));
    QCOMPARE(firstBatchFrom(fixture, 11), std::string("nothing"));
    QVERIFY(follow(fixture, {at(17)}).has_value());
    QCOMPARE(fixture.batches(), std::string("5-6 10-10 17-17"));
  }

  /// A segment begins where its first batch does, and is found for the offsets nobody has.
  void aSegmentBeginsBehindTheHole() {
    LogConfig config;
    config.segmentBytes = 200;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    for (const base::Offset offset : {5, 10, 30, 40}) QVERIFY(follow(fixture, {at(offset)}).has_value());
    const auto segments = fixture.log->segments();
    QCOMPARE(segments.size(), size_t{2});
    QCOMPARE(segments[1].baseOffset, 30);
    QVERIFY(fixture.memory.exists("orders-0/00000000000000000030.snapshot"));
    QCOMPARE(firstBatchFrom(fixture, 11), std::string("30-30"));
    QVERIFY(fixture.log->truncateTo(20, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->logEndOffset(), 20);
    QCOMPARE(fixture.log->segments().size(), size_t{1});
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.log->logEndOffset(), 11);
  }

  /// The first records of a compacted leader may be further away than an index can say.
  void aHoleLargerThanASegmentsOffsets() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    constexpr base::Offset kFar = 3'000'000'000;
    const auto appended = follow(fixture, {at(kFar)});
    QVERIFY(appended.has_value());
    QCOMPARE(appended->rolledTo, kFar);
    QVERIFY(follow(fixture, {at(kFar + 1)}).has_value());
    QVERIFY(fixture.closeAndReopen().has_value());
    QCOMPARE(fixture.log->logEndOffset(), kFar + 2);
    QCOMPARE(firstBatchFrom(fixture, 0), std::to_string(kFar) + "-" + std::to_string(kFar));
  }
};

STREAMSCOPE_TEST(LogWithHolesTest);
#include "log_with_holes_test.moc"
