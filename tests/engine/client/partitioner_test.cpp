#include "partitioner.h"

#include <QTest>
#include <set>

#include "murmur2.h"
#include "support/test_registry.h"

using namespace streamscope;
using client::StickyPartitioner;

/// Vectors: Kafka's own results of Utils.murmur2 for these texts.
class PartitionerTest : public QObject {
  Q_OBJECT
 private slots:
  void murmur2IsKafkas_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("hash");
    QTest::newRow("empty") << QByteArray() << 275646681;
    QTest::newRow("two bytes") << QByteArray("21") << -973932308;
    QTest::newRow("six bytes") << QByteArray("foobar") << -790332482;
    QTest::newRow("whole words") << QByteArray("a-little-bit-long-string") << -985981536;
    QTest::newRow("one byte more") << QByteArray("a-little-bit-longer-string") << -1486304829;
    QTest::newRow("long") << QByteArray("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8") << -58897971;
    QTest::newRow("three bytes") << QByteArray("abc") << 479470107;
    QTest::newRow("a simulated key") << QByteArray("key-0") << 29210041;
  }
  void murmur2IsKafkas() {
    QFETCH(QByteArray, key);
    QFETCH(int, hash);
    QCOMPARE(client::murmur2(base::asBytes(key.toStdString())), hash);
  }

  void aKeyAlwaysGoesToTheSamePartition() {
    QCOMPARE(client::partitionForKey(base::asBytes("key-0"), 3), 29210041 % 3);
    // A negative hash loses its sign bit, as in Kafka, rather than being negated.
    QCOMPARE(client::partitionForKey(base::asBytes("21"), 7), (-973932308 & 0x7fffffff) % 7);
  }

  void staysWithAPartitionUntilABatchIsFull() {
    base::Random random(1);
    StickyPartitioner sticky(random, 1000);
    sticky.update(4, {0, 1, 2, 3}, {});
    const base::PartitionId first = sticky.current();
    sticky.onAppended(999, false);
    QCOMPARE(sticky.current(), first);
    std::set<base::PartitionId> later;
    for (int batch = 0; batch < 40; ++batch) {
      sticky.onAppended(1000, false);
      later.insert(sticky.current());
    }
    QCOMPARE(later.size(), size_t{4});
  }

  void waitsForAnIncompleteBatchUpToTwiceItsSize() {
    base::Random random(1);
    StickyPartitioner sticky(random, 1000);
    sticky.update(1000, {}, {});
    const base::PartitionId first = sticky.current();
    sticky.onAppended(1500, true);
    QCOMPARE(sticky.current(), first);
    sticky.onAppended(500, true);
    QVERIFY(sticky.current() != first);
  }

  void prefersShortQueuesAndAvoidsNone() {
    base::Random random(5);
    StickyPartitioner sticky(random, 10);
    sticky.update(2, {0, 1}, {0, 9});
    int toShort = 0;
    constexpr int kRounds = 1100;
    for (int round = 0; round < kRounds; ++round) {
      sticky.onAppended(10, false);
      if (sticky.current() == 0) ++toShort;
    }
    // The weights are 10 and 1.
    QVERIFY2(toShort > 950 && toShort < 1050, qPrintable(QString::number(toShort)));
  }

  void leavesOutPartitionsWithoutALeader() {
    base::Random random(9);
    StickyPartitioner sticky(random, 10);
    sticky.update(3, {1}, {});
    for (int round = 0; round < 50; ++round) {
      QCOMPARE(sticky.current(), 1);
      sticky.onAppended(10, false);
    }
  }
};

STREAMSCOPE_TEST(PartitionerTest);
#include "partitioner_test.moc"
