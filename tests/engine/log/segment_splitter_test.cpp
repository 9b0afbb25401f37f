#include "segment_splitter.h"

#include <QTest>

#include "log/dump.h"
#include "overflowed_log.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::LogFixture;
using log::OverflowedLog;

/// Kafka: LogLoaderTest and LogSegments with offsets beyond 32 bits.
class SegmentSplitterTest : public QObject {
  Q_OBJECT
 private slots:
  void anOverflowedSegmentIsSplitWhenItIsRecovered() {
    LogFixture fixture;
    OverflowedLog::fill(fixture);
    QVERIFY(fixture.open().has_value());
    if (const std::string problem = OverflowedLog::broken(fixture); !problem.empty()) QFAIL(problem.c_str());
    // And again, with nothing left to split.
    QVERIFY(fixture.closeAndReopen().has_value());
    if (const std::string problem = OverflowedLog::broken(fixture); !problem.empty()) QFAIL(problem.c_str());
  }

  /// Kafka: as long as its indexes can be used, until it is cleaned.
  void anOverflowedSegmentIsSplitAfterACleanEnd() {
    LogFixture fixture;
    OverflowedLog::fill(fixture);
    fixture.recoveryPoint = OverflowedLog::kNext + 2;
    QVERIFY(fixture.open(true).has_value());
    if (const std::string problem = OverflowedLog::broken(fixture); !problem.empty()) QFAIL(problem.c_str());
  }

  void thePartsAreFoundByOffsetAndTheirIndexesAreSound() {
    LogFixture fixture;
    OverflowedLog::fill(fixture);
    QVERIFY(fixture.open().has_value());
    for (const base::Offset offset : {base::Offset{1}, OverflowedLog::kSecond + 2, OverflowedLog::kThird + 1}) {
      const auto read = fixture.log->read(offset, fixture.log->logEndOffset(), 1, true);
      QVERIFY(read.has_value());
      const auto header = log::scanBatch(read->records.view(), true).header;
      QVERIFY(header.baseOffset <= offset && header.lastOffset() >= offset);
    }
    QCOMPARE(fixture.content("00000000003000000000.txnindex").size(), size_t{34});
    QVERIFY(fixture.content("00000000000000000000.log.deleted").size() > 0);
    QVERIFY(fixture.content("00000000003000000000.snapshot").size() > 0);
  }

  void nothingThatFitsIsLeftOfTheFirstPartWhenItsRecordsAreGone() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    fixture.log.reset();
    OverflowedLog::append(fixture, 0, OverflowedLog::at(OverflowedLog::kSecond, {.count = 2}));
    OverflowedLog::append(fixture, OverflowedLog::kNext, OverflowedLog::at(OverflowedLog::kNext, {}));
    fixture.recoveryPoint = OverflowedLog::kNext;
    QVERIFY(fixture.open().has_value());
    QCOMPARE(OverflowedLog::segments(*fixture.log).c_str(), "0 3000000000 12000000000 ");
    QCOMPARE(fixture.batches(), std::string("3000000000-3000000001 12000000000-12000000000"));
  }

  /// An offset is not under the checksum of its batch.
  void anOffsetThatIsFollowedByASmallerOneIsDamage() {
    LogFixture fixture;
    OverflowedLog::fill(fixture);
    OverflowedLog::append(fixture, 0, OverflowedLog::at(4, {}));
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1 2-2"));
    QCOMPARE(fixture.report.cuts.size(), size_t{2});
    QVERIFY(fixture.report.cuts.front().reason.find("too large") != std::string::npos);
  }

  void anOffsetThatIsTooLargeInTheLastSegmentIsDamage() {
    LogFixture fixture;
    OverflowedLog::fill(fixture);
    QVERIFY(fixture.memory.remove("orders-0/00000000012000000000.log").has_value());
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.batches(), std::string("0-1 2-2"));
    QCOMPARE(fixture.report.cuts.size(), size_t{1});
  }
};

STREAMSCOPE_TEST(SegmentSplitterTest);
#include "segment_splitter_test.moc"
