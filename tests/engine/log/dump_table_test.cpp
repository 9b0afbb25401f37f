#include "log/dump_table.h"

#include <QTest>

#include "dump_fixture.h"
#include "producer_snapshot.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::LogFixture;

namespace {

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

log::TableDump dumped(const std::string& name, base::ByteView bytes) {
  storage::MemoryStorage storage;
  log::writeFile(storage, name, bytes);
  return *log::dumpTable(storage, name);
}

}  // namespace

class DumpTableTest : public QObject {
  Q_OBJECT
 private slots:
  void filesOfALogAreTables() {
    LogFixture fixture;
    log::fillForDump(fixture);
    const std::string directory = "orders-0/";
    QCOMPARE(text(*log::dumpTable(fixture.memory, directory + "leader-epoch-checkpoint")),
             std::string("0 0 \n1 40 \n"));
    QCOMPARE(text(*log::dumpTable(fixture.memory, directory + "00000000000000000060.snapshot")),
             "4 0 -1 -1 " + std::to_string(log::kTestTime + 30) + " 58 59 59 1 \n");
    QVERIFY(text(*log::dumpTable(fixture.memory, directory + "partition.metadata")).starts_with("topic_id "));
    QVERIFY(!log::dumpTable(fixture.memory, directory + "00000000000000000000.log").has_value());
  }

  /// As Kafka counts back from the last sequence, past 0 to 2^31-1; a producer that only ended a transaction has none.
  void firstSequencesAreThoseOfKafka() {
    log::ProducerSnapshotEntry wrapped;
    wrapped.producerId = 7;
    wrapped.epoch = 1;
    wrapped.lastSequence = 1;
    wrapped.lastOffset = 100;
    wrapped.offsetDelta = 3;
    log::ProducerSnapshotEntry without;
    without.producerId = 8;
    const auto table = dumped("00000000000000000101.snapshot", log::formatProducerSnapshot({wrapped, without}));
    QVERIFY(!table.problem);
    QCOMPARE(table.columns[5], std::string("firstSequence"));
    QCOMPARE(std::get<int64_t>(table.rows[0][5]), int64_t{INT32_MAX} - 1);
    QCOMPARE(std::get<int64_t>(table.rows[1][5]), int64_t{-1});
  }

  void theQuorumsStateIsRead() {
    const auto table =
        dumped("quorum-state", base::asBytes(R"({"clusterId":"","leaderId":1,"leaderEpoch":3,"votedId":-1,)"
                                             R"("appliedOffset":0,"currentVoters":[{"voterId":1}],)"
                                             R"("data_version":0})"));
    QVERIFY(!table.problem);
    QCOMPARE(text(table), std::string("clusterId  \nleaderId 1 \nleaderEpoch 3 \nvotedId -1 \nappliedOffset 0 \n"
                                      "currentVoters [{\"voterId\":1}] \ndata_version 0 \n"));
    QVERIFY(dumped("quorum-state", base::asBytes("{")).problem.has_value());
  }

  void damageAndTornTailsAreToldApart() {
    const auto torn = dumped("cleaner-offset-checkpoint", base::asBytes("0\n2\norders 0 5\n"));
    QVERIFY(torn.problem && torn.problem->kind == log::ProblemKind::TornTail);
    const auto damaged = dumped("cleaner-offset-checkpoint", base::asBytes("0\n1\norders zero 5\n"));
    QVERIFY(damaged.problem && damaged.problem->kind == log::ProblemKind::Damage);
    QCOMPARE(damaged.problem->atByte, uint64_t{4});
    QCOMPARE(text(dumped("cleaner-offset-checkpoint", base::asBytes("0\n1\norders 0 5\n"))),
             std::string("orders 0 5 \n"));
    QVERIFY(!dumped(".lock", {}).problem);
  }

  void propertiesAreRead() {
    const auto table = dumped("meta.properties", base::asBytes("version=1\ncluster.id=abc\nnode.id=2\n"));
    QCOMPARE(text(table), std::string("version 1 \ncluster.id abc \nnode.id 2 \n"));
  }
};

STREAMSCOPE_TEST(DumpTableTest);
#include "dump_table_test.moc"
