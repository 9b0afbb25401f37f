#include "producer_snapshots.h"

#include <QTest>

#include "batches.h"
#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

struct Fixture {
  test::CrashableMemory disk;
  log::LogFiles files{disk, ""};
  log::ProducerSnapshots snapshots{files};
  log::ProducerStateManager state;

  /// Producer 1 has written up to `offset`, and everything before it is on stable storage.
  void take(base::Offset offset) {
    keep(offset);
    QVERIFY(snapshots.write(offset).has_value());
  }
  void keep(base::Offset offset) {
    const auto header =
        log::scanBatch(
            log::makeBatch({.producerId = 1, .producerEpoch = 0, .baseSequence = 0, .baseOffset = offset - 1}), false)
            .header;
    state.update(header, {});
    state.setEndOffset(offset);
    snapshots.take(state);
  }
  /// The offsets of the files.
  std::string names() {
    std::string text;
    const auto entries = disk.list("");
    for (const storage::DirectoryEntry& entry : *entries)
      text += std::to_string(*log::offsetOfFileName(entry.name, log::kSnapshotSuffix)) + " ";
    return text;
  }
  /// As of which offset the state is then, and the last offset of producer 1.
  std::string load(base::Offset logStart, base::Offset logEnd, log::RecoveryReport* report = nullptr) {
    log::ProducerStateManager loaded;
    if (const auto status = snapshots.loadNewest(loaded, logStart, logEnd, report); !status)
      return status.error().message;
    const auto known = loaded.producers().find(1);
    const std::string last =
        known == loaded.producers().end() ? "none" : std::to_string(known->second.lastBatch()->lastOffset);
    return std::to_string(loaded.endOffset()) + ":" + last;
  }
};

}  // namespace

class ProducerSnapshotsTest : public QObject {
  Q_OBJECT
 private slots:
  void theNewestBetweenStartAndEndIsLoaded() {
    Fixture fixture;
    for (const base::Offset offset : {5, 9, 14}) fixture.take(offset);
    QCOMPARE(fixture.names(), std::string("5 9 14 "));
    QCOMPARE(fixture.load(0, 14), std::string("14:13"));
    // What is beyond the end goes.
    QCOMPARE(fixture.load(0, 13), std::string("9:8"));
    QCOMPARE(fixture.names(), std::string("5 9 "));
    // What is not above the start says nothing of what is left.
    QCOMPARE(fixture.load(9, 13), std::string("9:none"));
    QCOMPARE(fixture.load(5, 8), std::string("5:none"));
  }

  void noneIsTakenForTheStartOfALogOrTwice() {
    Fixture fixture;
    fixture.snapshots.take(fixture.state);
    QVERIFY(!fixture.snapshots.firstUnwritten());
    QCOMPARE(fixture.names(), std::string());
    fixture.take(5);
    const auto before = fixture.disk.readFile("00000000000000000005.snapshot");
    fixture.state.clear(5);
    fixture.snapshots.take(fixture.state);
    QVERIFY(!fixture.snapshots.firstUnwritten());
    QVERIFY(fixture.snapshots.write(5).has_value());
    QVERIFY(*fixture.disk.readFile("00000000000000000005.snapshot") == *before);
  }

  void aDamagedOneIsToldAndTheOneBeforeIsTaken() {
    Fixture fixture;
    for (const base::Offset offset : {5, 9}) fixture.take(offset);
    fixture.disk.flipByte("00000000000000000009.snapshot", 20, 0xff);
    log::RecoveryReport report;
    QCOMPARE(fixture.load(0, 9, &report), std::string("5:4"));
    QCOMPARE(report.cuts.size(), size_t{1});
    QVERIFY(report.cuts.front().reason.find("00000000000000000009.snapshot") != std::string::npos);
    QCOMPARE(fixture.names(), std::string("5 "));
  }

  /// Kafka: ProducerStateManager.removeStraySnapshots.
  void onlyThoseOfSegmentsAndTheNewestAtTheEndStay() {
    Fixture fixture;
    for (const base::Offset offset : {5, 7, 9, 12, 14}) fixture.take(offset);
    QVERIFY(fixture.snapshots.open({0, 5, 9}).has_value());
    QCOMPARE(fixture.names(), std::string("5 9 14 "));
    QVERIFY(fixture.snapshots.open({0, 5, 9, 20}).has_value());
    QCOMPARE(fixture.names(), std::string("5 9 "));
    QVERIFY(fixture.snapshots.removeAll().has_value());
    QCOMPARE(fixture.names(), std::string());
  }

  void whatWasWrittenSurvivesPowerFailure() {
    Fixture fixture;
    fixture.take(5);
    QVERIFY(fixture.disk.syncDirectory("").has_value());
    fixture.keep(9);
    fixture.disk.crash();
    QVERIFY(fixture.snapshots.open({0, 5, 9}).has_value());
    QCOMPARE(fixture.load(0, 20), std::string("5:4"));
  }

  void onlyThoseUpToWhatIsOnStableStorageAreWritten() {
    Fixture fixture;
    for (const base::Offset offset : {5, 9, 14}) fixture.keep(offset);
    QCOMPARE(fixture.names(), std::string());
    QCOMPARE(*fixture.snapshots.firstUnwritten(), base::Offset{5});
    // They can be loaded all the same.
    QCOMPARE(fixture.load(0, 20), std::string("14:13"));
    QVERIFY(fixture.snapshots.write(13).has_value());
    QCOMPARE(fixture.names(), std::string("5 9 "));
    QCOMPARE(*fixture.snapshots.firstUnwritten(), base::Offset{14});
    fixture.snapshots.forget(14);
    QVERIFY(!fixture.snapshots.firstUnwritten());
    QCOMPARE(fixture.load(0, 20), std::string("9:8"));
  }

  /// Their names say that what comes before was synced, also while recovery reads it again.
  void whatRecoveryTakesAnewKeepsItsFileWhereASegmentBegins() {
    Fixture fixture;
    for (const base::Offset offset : {5, 9, 14}) fixture.take(offset);
    QVERIFY(fixture.snapshots.supersedeBeyond(5, {0, 5, 9}).has_value());
    QCOMPARE(fixture.names(), std::string("5 9 "));
    QCOMPARE(fixture.load(0, 20), std::string("5:4"));
    fixture.keep(9);
    QVERIFY(fixture.snapshots.removeSuperseded().has_value());
    QCOMPARE(fixture.names(), std::string("5 9 "));
    QVERIFY(fixture.snapshots.supersedeBeyond(5, {0, 5, 9}).has_value());
    QVERIFY(fixture.snapshots.removeSuperseded().has_value());
    QCOMPARE(fixture.names(), std::string("5 "));
  }
};

STREAMSCOPE_TEST(ProducerSnapshotsTest);
#include "producer_snapshots_test.moc"
