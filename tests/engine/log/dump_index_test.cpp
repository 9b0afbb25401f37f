#include "log/dump_index.h"

#include <QTest>

#include "dump_fixture.h"
#include "support/test_registry.h"
#include "transaction_index.h"

using namespace streamscope;
using log::LogFixture;

namespace {

const std::string kBase = "orders-0/00000000000000000000";

}  // namespace

class DumpIndexTest : public QObject {
  Q_OBJECT
 private slots:
  void indexesOfALogFitIt() {
    LogFixture fixture;
    log::fillForDump(fixture);
    const auto files = log::filesIn(fixture.memory, "");
    int checked = 0;
    for (const auto& path : *files) {
      if (log::fileKindOf(path) == log::FileKind::OffsetIndex) {
        const auto dump = log::dumpOffsetIndex(fixture.memory, path);
        QVERIFY(dump->problems.empty() && !dump->entries.empty());
        ++checked;
      } else if (log::fileKindOf(path) == log::FileKind::TimeIndex) {
        const auto dump = log::dumpTimeIndex(fixture.memory, path);
        QVERIFY(dump->problems.empty() && !dump->entries.empty());
        ++checked;
      }
    }
    QVERIFY(checked >= 4);
  }

  void damageIsToldWithItsPlace() {
    LogFixture fixture;
    log::fillForDump(fixture);
    fixture.log.reset();
    fixture.memory.flipByte(kBase + ".index", 7, 1);
    fixture.memory.flipByte(kBase + ".timeindex", 7, 1);
    QCOMPARE(log::shown(log::dumpOffsetIndex(fixture.memory, kBase + ".index")->problems), std::string("mismatch@0"));
    QCOMPARE(log::shown(log::dumpTimeIndex(fixture.memory, kBase + ".timeindex")->problems), std::string("mismatch@0"));
    // The first entry now says a position far behind the second's.
    fixture.memory.flipByte(kBase + ".index", 4, 1);
    QVERIFY(
        log::shown(log::dumpOffsetIndex(fixture.memory, kBase + ".index")->problems).starts_with("mismatch@0 dama"));
  }

  void anIndexWithoutItsSegmentIsCheckedByItself() {
    LogFixture fixture;
    log::fillForDump(fixture);
    fixture.log.reset();
    fixture.memory.flipByte(kBase + ".index", 7, 1);
    QVERIFY(fixture.memory.remove(kBase + ".log").has_value());
    QVERIFY(log::dumpOffsetIndex(fixture.memory, kBase + ".index")->problems.empty());
  }

  /// An index that waits to be removed belongs to the segment that does.
  void deletedIndexesFitDeletedSegments() {
    LogFixture fixture;
    log::fillForDump(fixture);
    fixture.log.reset();
    for (const char* suffix : {".log", ".index"})
      QVERIFY(fixture.memory.rename(kBase + suffix, kBase + suffix + ".deleted").has_value());
    QVERIFY(log::dumpOffsetIndex(fixture.memory, kBase + ".index.deleted")->problems.empty());
    fixture.memory.flipByte(kBase + ".index.deleted", 7, 1);
    QVERIFY(!log::dumpOffsetIndex(fixture.memory, kBase + ".index.deleted")->problems.empty());
  }

  /// As Kafka leaves the indexes of an active segment after a crash.
  void zerosBehindAnIndexAreNoEntries() {
    LogFixture fixture;
    log::fillForDump(fixture);
    const size_t entries = log::dumpOffsetIndex(fixture.memory, kBase + ".index")->entries.size();
    const auto file = fixture.memory.open(kBase + ".index", storage::OpenMode::ReadWrite);
    // Not a whole number of entries, as 10 MiB are none of 12 bytes.
    QVERIFY((*file)->truncate((*file)->size() + 8003).has_value());
    const auto dump = log::dumpOffsetIndex(fixture.memory, kBase + ".index");
    QCOMPARE(dump->entries.size(), entries);
    QCOMPARE(dump->paddingBytes, uint64_t{8003});
    QVERIFY(dump->problems.empty());
  }

  void anIncompleteEntryIsATornTail() {
    LogFixture fixture;
    log::fillForDump(fixture);
    const auto file = fixture.memory.open(kBase + ".index", storage::OpenMode::ReadWrite);
    const uint64_t end = (*file)->size();
    QVERIFY((*file)->append(base::asBytes("abc")).has_value());
    QCOMPARE(log::shown(log::dumpOffsetIndex(fixture.memory, kBase + ".index")->problems),
             "torn tail@" + std::to_string(end));
  }

  void abortedTransactionsAreRead() {
    storage::MemoryStorage storage;
    base::Bytes bytes = log::TransactionIndex::encode({5, 10, 14, 15});
    const base::Bytes second = log::TransactionIndex::encode({6, 12, 20, 21});
    bytes.insert(bytes.end(), second.begin(), second.end());
    const std::string path = "00000000000000000010.txnindex";
    log::writeFile(storage, path, bytes);
    const auto dump = log::dumpTransactionIndex(storage, path);
    QVERIFY(dump->problems.empty());
    QCOMPARE(dump->baseOffset, 10);
    QVERIFY(dump->entries.at(1) == (log::AbortedTransaction{6, 12, 20, 21}));
    bytes.resize(bytes.size() - 1);
    log::writeFile(storage, path, bytes);
    QVERIFY(log::shown(log::dumpTransactionIndex(storage, path)->problems).starts_with("torn tail@"));
    bytes = log::TransactionIndex::encode({5, 30, 14, 15});
    log::writeFile(storage, path, bytes);
    QCOMPARE(log::shown(log::dumpTransactionIndex(storage, path)->problems), std::string("damage@0"));
    bytes[1] = 7;
    log::writeFile(storage, path, bytes);
    QCOMPARE(log::shown(log::dumpTransactionIndex(storage, path)->problems), std::string("damage@0"));
    // The segment beside it ends before the marker.
    log::writeFile(storage, path, log::TransactionIndex::encode({5, 10, 14, 15}));
    log::writeFile(storage, "00000000000000000010.log", log::makeBatch({.count = 2, .baseOffset = 10}));
    QCOMPARE(log::shown(log::dumpTransactionIndex(storage, path)->problems), std::string("mismatch@0"));
  }
};

STREAMSCOPE_TEST(DumpIndexTest);
#include "dump_index_test.moc"
