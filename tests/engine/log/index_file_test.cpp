#include "index_file.h"

#include <QTest>

#include "batches.h"
#include "storage/faulty_storage.h"
#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

/// Entries of 4 bytes, number i says i.
struct Fixture {
  test::CrashableMemory memory;
  storage::FaultyStorage disk{memory};
  log::LogFiles files{disk, ""};
  log::IndexFile index = opened();

  log::IndexFile opened() {
    const bool exists = memory.exists("00000000000000000007.index");
    return {files, 7, log::kOffsetIndexSuffix, 4, exists ? (*memory.readFile("00000000000000000007.index")).size() : 0};
  }
  static base::Bytes entry(uint32_t number) {
    return {static_cast<uint8_t>(number >> 24), static_cast<uint8_t>(number >> 16), static_cast<uint8_t>(number >> 8),
            static_cast<uint8_t>(number)};
  }
  static uint32_t numberOf(base::ByteView entry) {
    return uint32_t{entry[0]} << 24 | uint32_t{entry[1]} << 16 | uint32_t{entry[2]} << 8 | entry[3];
  }
  void append(uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; ++i) QVERIFY(index.append(entry(i)).has_value());
  }
  uint64_t bytesOnDisk() { return (*memory.readFile("00000000000000000007.index")).size(); }
};

/// Every entry is there, and every bound is found.
void check(const log::IndexFile& index, uint32_t count) {
  QCOMPARE(index.count(), size_t{count});
  for (uint32_t i = 0; i < count; i += 1 + count / 100) QCOMPARE(Fixture::numberOf(*index.entryAt(i)), i);
  for (uint32_t bound = 0; bound <= count; bound += 1 + count / 100)
    QCOMPARE(*index.countWhile([&](base::ByteView entry) { return Fixture::numberOf(entry) < bound; }), size_t{bound});
}

}  // namespace

class IndexFileTest : public QObject {
  Q_OBJECT
 private slots:
  void entriesInMemoryAndInTheFileAreOneSequence() {
    Fixture fixture;
    check(fixture.index, 0);
    fixture.append(0, 10);
    // Still in memory, and seen all the same.
    QVERIFY(!fixture.memory.exists("00000000000000000007.index"));
    check(fixture.index, 10);
    QVERIFY(fixture.index.write(false).has_value());
    QCOMPARE(fixture.bytesOnDisk(), uint64_t{40});
    // Several blocks in the file and some entries behind them.
    fixture.append(10, 5'003);
    QVERIFY(fixture.bytesOnDisk() > 3 * 4096 && fixture.bytesOnDisk() < 5'003 * 4);
    check(fixture.index, 5'003);
    QVERIFY(fixture.index.write(false).has_value());
    check(fixture.opened(), 5'003);
  }

  void whatIsCutIsGoneFromMemoryAndFile() {
    Fixture fixture;
    fixture.append(0, 2'000);
    QVERIFY(fixture.index.truncate(1'900).has_value());
    check(fixture.index, 1'900);
    QVERIFY(fixture.index.write(false).has_value());
    QVERIFY(fixture.index.truncate(3).has_value());
    QCOMPARE(fixture.bytesOnDisk(), uint64_t{12});
    fixture.append(3, 6);
    check(fixture.index, 6);
    QVERIFY(fixture.index.truncate(100).has_value());
    check(fixture.index, 6);
  }

  void onlyASyncedWriteSurvivesPowerFailure() {
    Fixture fixture;
    fixture.append(0, 3);
    QVERIFY(fixture.index.write(true).has_value());
    QVERIFY(fixture.memory.syncDirectory("").has_value());
    fixture.append(3, 5);
    QVERIFY(fixture.index.write(false).has_value());
    fixture.memory.crash();
    check(fixture.opened(), 3);
  }

  /// Kafka preallocates the index of the active segment.
  void zerosBehindTheLastEntryGoWithTheNextWrite() {
    Fixture fixture;
    fixture.append(0, 3);
    QVERIFY(fixture.index.write(false).has_value());
    const auto file = fixture.memory.open("00000000000000000007.index", storage::OpenMode::ReadWrite);
    QVERIFY((*file)->truncate(1000).has_value());
    fixture.append(3, 4);
    QVERIFY(fixture.index.write(false).has_value());
    check(fixture.opened(), 4);
  }

  void aFaultIsRefusedAndAPartOfAnEntryIsNone() {
    Fixture fixture;
    fixture.append(0, 3);
    fixture.disk.setSyncFails(true);
    QVERIFY(!fixture.index.write(true).has_value());
    const auto file = fixture.memory.open("00000000000000000007.index", storage::OpenMode::ReadWrite);
    QVERIFY((*file)->truncate(11).has_value());
    check(fixture.opened(), 2);
  }
};

STREAMSCOPE_TEST(IndexFileTest);
#include "index_file_test.moc"
