#include "leader_epoch_cache.h"

#include <QTest>

#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

struct Fixture {
  test::CrashableMemory disk;
  log::LogFiles files{disk, ""};
  log::LeaderEpochCache cache{files, {}};

  std::string entries() const {
    std::string text;
    for (const auto& entry : cache.entries())
      text += std::to_string(entry.epoch) + ":" + std::to_string(entry.startOffset) + " ";
    return text;
  }
  std::string written() {
    const auto bytes = disk.readFile(log::kEpochCheckpointFile);
    return bytes ? std::string(base::asText(*bytes)) : "(none)";
  }
};

}  // namespace

class LeaderEpochCacheTest : public QObject {
  Q_OBJECT
 private slots:
  void changesAreWrittenAtOnceAndOnlyThen() {
    Fixture fixture;
    QVERIFY(fixture.cache.assign(0, 0).has_value());
    QVERIFY(fixture.cache.assign(2, 10).has_value());
    QCOMPARE(fixture.written(), std::string("0\n2\n0 0\n2 10\n"));
    QVERIFY(fixture.disk.remove(log::kEpochCheckpointFile).has_value());
    QVERIFY(fixture.cache.assign(2, 15).has_value());
    QCOMPARE(fixture.written(), std::string("(none)"));
    fixture.disk.crash();
    QCOMPARE(fixture.written(), std::string("0\n2\n0 0\n2 10\n"));
  }

  void aNewEntryRemovesWhatItContradicts() {
    Fixture fixture;
    for (const auto& [epoch, start] : {std::pair{1, 0}, std::pair{3, 10}, std::pair{4, 20}})
      QVERIFY(fixture.cache.assign(epoch, start).has_value());
    QVERIFY(fixture.cache.assign(5, 15).has_value());
    QCOMPARE(fixture.entries(), std::string("1:0 3:10 5:15 "));
    QVERIFY(fixture.cache.assign(2, 30).has_value());
    QCOMPARE(fixture.entries(), std::string("1:0 2:30 "));
  }

  void truncationFromBothEnds() {
    Fixture fixture;
    for (const auto& [epoch, start] : {std::pair{1, 0}, std::pair{3, 10}, std::pair{4, 20}})
      QVERIFY(fixture.cache.assign(epoch, start).has_value());
    QVERIFY(fixture.cache.truncateFromEnd(21).has_value());
    QCOMPARE(fixture.entries(), std::string("1:0 3:10 4:20 "));
    QVERIFY(fixture.cache.truncateFromEnd(20).has_value());
    QCOMPARE(fixture.entries(), std::string("1:0 3:10 "));
    QVERIFY(fixture.cache.truncateFromStart(5).has_value());
    QCOMPARE(fixture.entries(), std::string("1:5 3:10 "));
    QVERIFY(fixture.cache.truncateFromStart(10).has_value());
    QCOMPARE(fixture.entries(), std::string("3:10 "));
    QVERIFY(fixture.cache.truncateFromStart(3).has_value());
    QCOMPARE(fixture.entries(), std::string("3:10 "));
    QCOMPARE(fixture.written(), std::string("0\n1\n3 10\n"));
    QVERIFY(fixture.cache.clear().has_value());
    QCOMPARE(fixture.written(), std::string("0\n0\n"));
  }

  void offsetsHaveEpochs() {
    Fixture fixture;
    QCOMPARE(fixture.cache.epochForOffset(0), base::kNoEpoch);
    for (const auto& [epoch, start] : {std::pair{1, 5}, std::pair{3, 10}})
      QVERIFY(fixture.cache.assign(epoch, start).has_value());
    QCOMPARE(fixture.cache.epochForOffset(4), base::kNoEpoch);
    QCOMPARE(fixture.cache.epochForOffset(9), 1);
    QCOMPARE(fixture.cache.epochForOffset(10), 3);
  }
};

STREAMSCOPE_TEST(LeaderEpochCacheTest);
#include "leader_epoch_cache_test.moc"
