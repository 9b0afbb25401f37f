#include "log/dump_file_kind.h"

#include <QTest>

#include "dump_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::FileKind;
using log::FileState;
using log::LogFixture;

class DumpFileKindTest : public QObject {
  Q_OBJECT
 private slots:
  void filesAreKnownByTheirNames() {
    QVERIFY(log::fileKindOf("a/00000000000000000000.log") == FileKind::Segment);
    QVERIFY(log::fileKindOf("bootstrap.checkpoint") == FileKind::BootstrapSnapshot);
    QVERIFY(log::fileKindOf("00000000000000000010-0000000001.checkpoint") == FileKind::MetadataSnapshot);
    QVERIFY(log::fileKindOf("00000000000000000000.index") == FileKind::OffsetIndex);
    QVERIFY(log::fileKindOf("00000000000000000000.timeindex") == FileKind::TimeIndex);
    QVERIFY(log::fileKindOf("00000000000000000000.txnindex") == FileKind::TransactionIndex);
    for (const char* name : {"replication", "recovery-point", "log-start", "cleaner"})
      QVERIFY(log::fileKindOf(std::string(name) + "-offset-checkpoint") == FileKind::OffsetCheckpoint);
    QVERIFY(log::fileKindOf("leader-epoch-checkpoint") == FileKind::EpochCheckpoint);
    QVERIFY(log::fileKindOf("quorum-state") == FileKind::QuorumState);
    QVERIFY(log::fileKindOf(".lock") == FileKind::Lock);
    for (const char* name : {"noise", "10-1.checkpoint", "log", "orders.txt"})
      QVERIFY2(log::fileKindOf(name) == FileKind::Unknown, name);
  }

  void namesSayOffsetEpochAndState() {
    const auto deleted = log::parseFileName("x/00000000000000000042.timeindex.deleted");
    QVERIFY(deleted.kind == FileKind::TimeIndex && deleted.state == FileState::Deleted);
    QCOMPARE(deleted.offset.value(), 42);
    QCOMPARE(deleted.stem, std::string("00000000000000000042.timeindex"));
    QVERIFY(log::parseFileName("00000000000000000000.log.swap").state == FileState::Swap);
    QVERIFY(log::parseFileName("00000000000000000000.log.cleaned").state == FileState::Cleaned);
    QVERIFY(log::parseFileName("quorum-state.tmp").state == FileState::Temporary);
    const auto snapshot = log::parseFileName("00000000000000000010-0000000003.checkpoint.part");
    QVERIFY(snapshot.kind == FileKind::MetadataSnapshot && snapshot.state == FileState::Temporary);
    QCOMPARE(snapshot.offset.value(), 10);
    QCOMPARE(snapshot.epoch.value(), 3);
    QVERIFY(!log::parseFileName("x.log").offset);
  }

  void directoriesSayReplicaAndState() {
    const auto replica = log::parseDirectoryName("data/my-topic-7");
    QCOMPARE(replica->partition.topic, std::string("my-topic"));
    QCOMPARE(replica->partition.partition, 7);
    QVERIFY(replica->state.empty());
    const std::string id(32, 'a');
    QCOMPARE(log::parseDirectoryName("t-0." + id + "-delete")->state, std::string_view("deleted"));
    QCOMPARE(log::parseDirectoryName("t-0." + id + "-stray")->state, std::string_view("stray"));
    QCOMPARE(log::parseDirectoryName("t-0." + id + "-future")->state, std::string_view("future"));
    QVERIFY(!log::parseDirectoryName("data"));
  }

  void filesOfADirectoryAreFound() {
    LogFixture fixture;
    log::fillForDump(fixture);
    log::writeFile(fixture.memory, "orders-0/noise", base::asBytes("x"));
    const auto files = log::filesIn(fixture.memory, "");
    QVERIFY(files.has_value());
    QCOMPARE(files->front().generic_string(), std::string("orders-0/00000000000000000000.index"));
    for (const auto& file : *files) QVERIFY(file.filename() != "noise");
    QCOMPARE(log::filesIn(fixture.memory, "orders-0/leader-epoch-checkpoint")->size(), size_t{1});
    QVERIFY(!log::filesIn(fixture.memory, "nowhere").has_value());
    QVERIFY(!log::filesIn(fixture.memory, "orders-0/noise").has_value());
  }
};

STREAMSCOPE_TEST(DumpFileKindTest);
#include "dump_file_kind_test.moc"
