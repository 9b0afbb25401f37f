#include "transaction_index.h"

#include <QTest>

#include "batches.h"
#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::AbortedTransaction;
using log::fromHex;

namespace {

constexpr const char* kFile = "00000000000000000100.txnindex";

struct Fixture {
  storage::MemoryStorage disk;
  log::LogFiles files{disk, ""};
  log::TransactionIndex index{files, 100, 0};

  /// "2 5" : last offsets of what was found; "..." when later segments may have more.
  std::string collect(base::Offset from, base::Offset endExclusive) const {
    std::vector<AbortedTransaction> found;
    const auto isComplete = index.collect(from, endExclusive, found);
    std::string text;
    for (const AbortedTransaction& transaction : found) text += std::to_string(transaction.lastOffset) + " ";
    return text + (*isComplete ? "." : "...");
  }
  std::string problem(base::ByteView bytes) {
    const auto file = disk.open(kFile, storage::OpenMode::ReadWrite);
    if (!(*file)->truncate(0) || !(*file)->append(bytes)) return "not written";
    const auto problem = *log::TransactionIndex(files, 100, bytes.size()).sanityCheck();
    return problem ? std::to_string(problem->atByte) + ": " + problem->reason : "";
  }
};

}  // namespace

class TransactionIndexTest : public QObject {
  Q_OBJECT
 private slots:
  void anEntryIsKafkas() {
    const AbortedTransaction transaction{1000, 5, 7, 8};
    const base::Bytes entry = log::TransactionIndex::encode(transaction);
    QCOMPARE(base::toHex(entry), std::string("0000"
                                             "00000000000003e8"
                                             "0000000000000005"
                                             "0000000000000007"
                                             "0000000000000008"));
    QVERIFY(*log::TransactionIndex::decode(entry, 0) == transaction);
  }

  void theFileComesWithTheFirstEntry() {
    Fixture fixture;
    QVERIFY(fixture.index.flush().has_value());
    QVERIFY(fixture.index.reset().has_value());
    QVERIFY(fixture.index.truncateTo(0).has_value());
    QVERIFY(!fixture.disk.exists(kFile));
    QVERIFY(fixture.index.append({1, 100, 110, 111}).has_value());
    QCOMPARE(fixture.disk.readFile(kFile)->size(), size_t{34});
    QCOMPARE(fixture.index.count(), size_t{1});
    QVERIFY(fixture.index.append({1, 120, 130, 131}).has_value());
    QCOMPARE(fixture.index.transactions()->size(), size_t{2});
  }

  void leftoversAreNotTakenForEntries() {
    Fixture fixture;
    QVERIFY((*fixture.disk.open(kFile, storage::OpenMode::ReadWrite))->append(fromHex("001122")).has_value());
    QVERIFY(fixture.index.append({1, 100, 110, 111}).has_value());
    QVERIFY(fixture.index.transactions()->front() == (AbortedTransaction{1, 100, 110, 111}));
  }

  void cutsAtTheMarker() {
    Fixture fixture;
    for (base::Offset at = 100; at < 150; at += 10) QVERIFY(fixture.index.append({1, at, at + 5, at + 6}).has_value());
    QVERIFY(fixture.index.truncateTo(146).has_value());
    QCOMPARE(fixture.index.count(), size_t{5});
    QVERIFY(fixture.index.truncateTo(145).has_value());
    QCOMPARE(fixture.index.count(), size_t{4});
    QVERIFY(fixture.index.truncateTo(120).has_value());
    QCOMPARE(fixture.index.count(), size_t{2});
    QCOMPARE(fixture.disk.readFile(kFile)->size(), size_t{68});
    QVERIFY(fixture.index.reset().has_value());
    QCOMPARE(fixture.disk.readFile(kFile)->size(), size_t{0});
  }

  void collectsWhatOverlaps() {
    Fixture fixture;
    QVERIFY(fixture.index.append({1, 102, 105, 101}).has_value());
    QVERIFY(fixture.index.append({2, 101, 110, 111}).has_value());
    QVERIFY(fixture.index.append({1, 115, 120, 121}).has_value());
    QCOMPARE(fixture.collect(100, 200), std::string("105 110 120 ..."));
    QCOMPARE(fixture.collect(106, 200), std::string("110 120 ..."));
    QCOMPARE(fixture.collect(110, 115), std::string("110 ."));
    QCOMPARE(fixture.collect(111, 116), std::string("120 ."));
    // The log was stable up to 101 already when the first marker came: nothing later begins below.
    QCOMPARE(fixture.collect(100, 101), std::string("."));
    QCOMPARE(fixture.collect(121, 200), std::string("..."));
  }

  void damageIsTold() {
    Fixture fixture;
    const base::Bytes good = log::TransactionIndex::encode({1, 100, 110, 111});
    QCOMPARE(fixture.problem(good), std::string());
    base::Bytes bytes = good;
    bytes.insert(bytes.end(), good.begin(), good.end());
    QCOMPARE(fixture.problem(bytes), std::string("34: the transaction at offsets 100 to 110 does not follow 110"));
    bytes.resize(40);
    QCOMPARE(fixture.problem(bytes), std::string("40: the last entry has 6 of 34 bytes"));
    bytes = good;
    bytes[1] = 1;
    QCOMPARE(fixture.problem(bytes), std::string("0: version 1 is not known, only 0 is"));
    // Of an older segment.
    QVERIFY(!fixture.problem(log::TransactionIndex::encode({1, 90, 99, 100})).empty());
  }

  void aFileThatIsNotInUseYetHasASuffix() {
    Fixture fixture;
    log::TransactionIndex cleaned(fixture.files, 100, 0, log::kCleanedSuffix);
    QVERIFY(cleaned.append({1, 100, 110, 111}).has_value());
    QVERIFY(fixture.disk.exists(std::string(kFile) + ".cleaned"));
  }
};

STREAMSCOPE_TEST(TransactionIndexTest);
#include "transaction_index_test.moc"
