#include "time_index.h"

#include <QTest>

#include "batches.h"
#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::kTestTime;

namespace {

struct Fixture {
  storage::MemoryStorage disk;
  log::LogFiles files{disk, ""};
  log::TimeIndex index{files, 100, 0};
};

}  // namespace

class TimeIndexTest : public QObject {
  Q_OBJECT
 private slots:
  void anEntryIsKafkas() {
    const base::Bytes entry = log::TimeIndex::encode({kTestTime, 157}, 100);
    QCOMPARE(base::toHex(entry), std::string("0000018bcfe5680000000039"));
    QCOMPARE(log::TimeIndex::decode(entry, 100).timestamp, kTestTime);
    QCOMPARE(log::TimeIndex::decode(entry, 100).offset, 157);
  }

  void onlyLaterTimesMakeAnEntry() {
    Fixture fixture;
    QCOMPARE(fixture.index.lastEntry()->timestamp, -1);
    QCOMPARE(fixture.index.lastEntry()->offset, 100);
    QVERIFY(fixture.index.maybeAppend(50, 101).has_value());
    QVERIFY(fixture.index.maybeAppend(50, 102).has_value());
    QVERIFY(fixture.index.maybeAppend(40, 103).has_value());
    QCOMPARE(fixture.index.count(), size_t{1});
    QVERIFY(fixture.index.maybeAppend(51, 104).has_value());
    QCOMPARE(fixture.index.count(), size_t{2});
    QCOMPARE(fixture.index.lookup(49)->offset, 100);
    QCOMPARE(fixture.index.lookup(50)->offset, 101);
    QCOMPARE(fixture.index.lookup(99)->offset, 104);
  }

  void truncationGoesByOffset() {
    Fixture fixture;
    for (int i = 1; i <= 9; ++i) QVERIFY(fixture.index.maybeAppend(10 * i, 100 + i).has_value());
    QVERIFY(fixture.index.truncateTo(105).has_value());
    QCOMPARE(fixture.index.lastEntry()->timestamp, 40);
    QVERIFY(fixture.index.maybeAppend(41, 105).has_value());
    QCOMPARE(fixture.index.count(), size_t{5});
  }

  void oneSlotIsKeptForTheRoll() {
    Fixture fixture;
    QVERIFY(!fixture.index.isFull(36));
    QVERIFY(fixture.index.maybeAppend(1, 101).has_value());
    QVERIFY(!fixture.index.isFull(36));
    QVERIFY(fixture.index.maybeAppend(2, 102).has_value());
    QVERIFY(fixture.index.isFull(36));
  }
};

STREAMSCOPE_TEST(TimeIndexTest);
#include "time_index_test.moc"
