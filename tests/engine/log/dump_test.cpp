#include "log/dump.h"

#include <QTest>

#include "log_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::FileKind;
using log::kTestTime;
using log::LogFixture;

namespace {

/// A closed log of 30 batches with two records each, in several segments.
void fill(LogFixture& fixture) {
  fixture.config.segmentBytes = 1500;
  fixture.config.indexIntervalBytes = 200;
  QVERIFY(fixture.open().has_value());
  for (int i = 0; i < 30; ++i)
    QVERIFY(
        fixture
            .write({.count = 2, .timestamp = kTestTime + i, .producerId = 4, .producerEpoch = 0, .baseSequence = 2 * i},
                   i / 20)
            .has_value());
  QVERIFY(fixture.log->close().has_value());
}

std::string text(const log::TableDump& table) {
  std::string result;
  for (const auto& row : table.rows) {
    for (const auto& cell : row)
      result += (std::holds_alternative<int64_t>(cell) ? std::to_string(std::get<int64_t>(cell))
                                                       : std::get<std::string>(cell)) +
                " ";
    result += "\n";
  }
  return result;
}

}  // namespace

class DumpTest : public QObject {
  Q_OBJECT
 private slots:
  void filesAreKnownByTheirNames() {
    QVERIFY(log::fileKindOf("a/00000000000000000000.log") == FileKind::Segment);
    QVERIFY(log::fileKindOf("bootstrap.checkpoint") == FileKind::Segment);
    QVERIFY(log::fileKindOf("00000000000000000000.index") == FileKind::OffsetIndex);
    QVERIFY(log::fileKindOf("00000000000000000000.timeindex") == FileKind::TimeIndex);
    QVERIFY(log::fileKindOf("replication-offset-checkpoint") == FileKind::OffsetCheckpoint);
    QVERIFY(log::fileKindOf("leader-epoch-checkpoint") == FileKind::EpochCheckpoint);
    QVERIFY(log::fileKindOf("quorum-state") == FileKind::Unknown);
  }

  void everyFileOfALogIsDumpedWithoutComplaint() {
    LogFixture fixture;
    fill(fixture);
    const auto files = log::filesIn(fixture.memory, "");
    QVERIFY(files.has_value());
    uint64_t batches = 0;
    base::Offset end = 0;
    for (const auto& path : *files) switch (log::fileKindOf(path)) {
        case FileKind::Segment: {
          const auto dump = log::dumpSegment(fixture.memory, path, true, [&](const log::DumpedBatch& batch) {
            const bool isExpected =
                batch.isChecksumValid && batch.records.size() == 2 && batch.header.baseOffset == end;
            end = batch.header.nextOffset();
            return isExpected;
          });
          QVERIFY(dump->problems.empty());
          batches += dump->batchCount;
          break;
        }
        case FileKind::OffsetIndex:
          QVERIFY(log::dumpOffsetIndex(fixture.memory, path)->problems.empty());
          QVERIFY(!log::dumpOffsetIndex(fixture.memory, path)->entries.empty());
          break;
        case FileKind::TimeIndex:
          QVERIFY(log::dumpTimeIndex(fixture.memory, path)->problems.empty());
          QVERIFY(!log::dumpTimeIndex(fixture.memory, path)->entries.empty());
          break;
        default:
          QVERIFY(!log::dumpTable(fixture.memory, path)->problem);
          QVERIFY(!log::dumpTable(fixture.memory, path)->rows.empty());
      }
    QCOMPARE(batches, uint64_t{30});
    QCOMPARE(end, 60);
    QCOMPARE(text(*log::dumpTable(fixture.memory, "orders-0/leader-epoch-checkpoint")), std::string("0 0 \n1 40 \n"));
    QCOMPARE(text(*log::dumpTable(fixture.memory, "orders-0/00000000000000000060.snapshot")),
             "4 0 59 59 1 " + std::to_string(kTestTime + 30) + " -1 -1 \n");
    QCOMPARE(log::filesIn(fixture.memory, "orders-0/leader-epoch-checkpoint")->size(), size_t{1});
    QVERIFY(!log::filesIn(fixture.memory, "nowhere").has_value());
    QVERIFY(!log::dumpTable(fixture.memory, "orders-0/00000000000000000000.log").has_value());
  }

  void headerFieldsCoverTheHeader() {
    const auto fields = log::headerFields(1000);
    QCOMPARE(fields.size(), size_t{13});
    uint64_t at = 1000;
    for (const auto& field : fields) {
      QCOMPARE(field.begin, at);
      at = field.end;
    }
    QCOMPARE(at, uint64_t{1061});
    QCOMPARE(std::string(fields[4].name), std::string("crc"));
  }

  void damageIsToldWithItsPlace() {
    LogFixture fixture;
    fill(fixture);
    fixture.log.reset();
    const std::string base = "orders-0/00000000000000000000";
    fixture.memory.flipByte(base + ".log", 80, 1);
    fixture.memory.flipByte(base + ".index", 7, 1);
    fixture.memory.flipByte(base + ".timeindex", 7, 1);
    const auto segment = log::dumpSegment(fixture.memory, base + ".log", false, [](const auto&) { return true; });
    QCOMPARE(segment->problems.size(), size_t{1});
    QCOMPARE(segment->problems[0].atByte, uint64_t{0});
    QVERIFY(segment->batchCount > 5);
    QCOMPARE(log::dumpOffsetIndex(fixture.memory, base + ".index")->problems.front().atByte, uint64_t{0});
    QCOMPARE(log::dumpTimeIndex(fixture.memory, base + ".timeindex")->problems.front().atByte, uint64_t{0});
    const auto file = fixture.memory.open(base + ".log", storage::OpenMode::ReadWrite);
    QVERIFY((*file)->append(base::asBytes("torn")).has_value());
    const auto torn = log::dumpSegment(fixture.memory, base + ".log", false, [](const auto&) { return true; });
    QCOMPARE(torn->problems.size(), size_t{2});
    QCOMPARE(torn->problems[1].atByte, torn->bytes - 4);
  }

  /// As Kafka leaves the indexes of an active segment after a crash.
  void zerosBehindAnIndexAreNoEntries() {
    LogFixture fixture;
    fill(fixture);
    const std::string path = "orders-0/00000000000000000000.index";
    const size_t entries = log::dumpOffsetIndex(fixture.memory, path)->entries.size();
    const auto file = fixture.memory.open(path, storage::OpenMode::ReadWrite);
    QVERIFY((*file)->truncate((*file)->size() + 8000).has_value());
    QCOMPARE(log::dumpOffsetIndex(fixture.memory, path)->entries.size(), entries);
    QVERIFY(log::dumpOffsetIndex(fixture.memory, path)->problems.empty());
  }
};

STREAMSCOPE_TEST(DumpTest);
#include "dump_test.moc"
