#include "offset_index.h"

#include <QTest>

#include "batches.h"
#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

struct Fixture {
  test::CrashableMemory disk;
  log::LogFiles files{disk, ""};
  log::OffsetIndex index{files, 100, 0};

  log::OffsetIndex reopened() {
    const auto bytes = disk.readFile(index.path());
    return {files, 100, bytes ? bytes->size() : 0};
  }
};

std::string found(const log::OffsetIndex& index, base::Offset offset) {
  const auto entry = index.lookup(offset);
  return entry ? std::to_string(entry->offset) + "@" + std::to_string(entry->position) : entry.error().message;
}

}  // namespace

class OffsetIndexTest : public QObject {
  Q_OBJECT
 private slots:
  void anEntryIsKafkas() {
    const base::Bytes entry = log::OffsetIndex::encode({157, 4321}, 100);
    QCOMPARE(base::toHex(entry), std::string("00000039000010e1"));
    QCOMPARE(log::OffsetIndex::decode(entry, 100).offset, 157);
    QCOMPARE(log::OffsetIndex::decode(entry, 100).position, uint64_t{4321});
  }

  void findsTheGreatestEntryAtOrBelow() {
    Fixture fixture;
    QCOMPARE(found(fixture.index, 500), std::string("100@0"));
    // More than one block on disk, and some in memory.
    for (int i = 1; i <= 3000; ++i)
      QVERIFY(fixture.index.append(100 + 10 * i, static_cast<uint64_t>(1000 * i)).has_value());
    const auto checkAll = [](const log::OffsetIndex& index) {
      QCOMPARE(found(index, 109), std::string("100@0"));
      for (int i = 1; i <= 3000; ++i) {
        const std::string expected = std::to_string(100 + 10 * i) + "@" + std::to_string(1000 * i);
        QCOMPARE(found(index, 100 + 10 * i), expected);
        QCOMPARE(found(index, 109 + 10 * i), expected);
      }
      QCOMPARE(index.lastEntry().value()->offset, 30100);
      QCOMPARE(index.count(), size_t{3000});
    };
    checkAll(fixture.index);
    QVERIFY(fixture.index.write(true).has_value());
    checkAll(fixture.index);
    checkAll(fixture.reopened());
  }

  void truncationDropsEntriesAtOrAbove() {
    for (const bool isOnDisk : {false, true}) {
      Fixture fixture;
      for (int i = 1; i <= 10; ++i) QVERIFY(fixture.index.append(100 + 10 * i, static_cast<uint64_t>(i)).has_value());
      if (isOnDisk) QVERIFY(fixture.index.write(false).has_value());
      QVERIFY(fixture.index.truncateTo(150).has_value());
      QCOMPARE(found(fixture.index, 1000), std::string("140@4"));
      QVERIFY(fixture.index.append(145, 9).has_value());
      QVERIFY(fixture.index.write(false).has_value());
      QCOMPARE(found(fixture.reopened(), 1000), std::string("145@9"));
      QVERIFY(fixture.index.reset().has_value());
      QVERIFY(fixture.index.write(false).has_value());
      QCOMPARE(fixture.reopened().count(), size_t{0});
    }
  }

  void theLimitCountsEntries() {
    Fixture fixture;
    QVERIFY(!fixture.index.isFull(23));
    QVERIFY(fixture.index.append(101, 1).has_value());
    QVERIFY(!fixture.index.isFull(23));
    QVERIFY(fixture.index.append(102, 2).has_value());
    QVERIFY(fixture.index.isFull(23));
  }

  /// Kafka's index of an active segment is filled up with zeros; the loader rounds down what is no whole entry.
  void foreignTailsAreCutByTheNextWrite() {
    Fixture fixture;
    const auto file = fixture.disk.open(fixture.index.path(), storage::OpenMode::CreateNew);
    QVERIFY((*file)->append(log::fromHex("0000000a 00000064 0000")).has_value());
    log::OffsetIndex index(fixture.files, 100, 10);
    QCOMPARE(index.count(), size_t{1});
    QVERIFY(index.append(120, 300).has_value());
    QVERIFY(index.write(true).has_value());
    QCOMPARE(base::toHex(fixture.disk.readFile(index.path()).value()), std::string("0000000a00000064000000140000012c"));
  }

  void aSyncedIndexSurvivesACrash() {
    Fixture fixture;
    QVERIFY(fixture.index.append(110, 1).has_value());
    QVERIFY(fixture.index.write(true).has_value());
    QVERIFY(fixture.disk.syncDirectory("").has_value());
    QVERIFY(fixture.index.append(120, 2).has_value());
    QVERIFY(fixture.index.write(false).has_value());
    fixture.disk.crash();
    QCOMPARE(found(fixture.reopened(), 1000), std::string("110@1"));
  }
};

STREAMSCOPE_TEST(OffsetIndexTest);
#include "offset_index_test.moc"
