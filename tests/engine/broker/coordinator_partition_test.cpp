#include "broker/coordinator_partition.h"

#include <QtTest>

#include "base/java_hash.h"
#include "support/test_registry.h"

namespace streamscope::broker {

class CoordinatorPartitionTest : public QObject {
  Q_OBJECT

 private slots:
  // The expected hashes are what Java's String.hashCode gives.
  void hashesAsJavaDoes_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("hash");
    QTest::newRow("empty") << QByteArray("") << 0;
    QTest::newRow("group") << QByteArray("group") << 98629247;
    QTest::newRow("umlaut") << QByteArray("\xC3\xA4") << 0xE4;
    QTest::newRow("beyond the basic plane") << QByteArray("\xF0\x9F\x98\x80") << 31 * 0xD83D + 0xDE00;
    QTest::newRow("no UTF-8") << QByteArray("\xFF") << 0xFFFD;
    QTest::newRow("cut short") << QByteArray("\xE2\x82") << 31 * 0xFFFD + 0xFFFD;
  }
  void hashesAsJavaDoes() {
    QFETCH(QByteArray, text);
    QFETCH(int, hash);
    QCOMPARE(base::javaHashCode(std::string_view(text.constData(), static_cast<size_t>(text.size()))), hash);
  }

  void findsThePartition() {
    QCOMPARE(coordinatorPartition("group", 50), 47);
    // "polygenelubricants" is the well-known string whose hash is the smallest int.
    QCOMPARE(base::javaHashCode("polygenelubricants"), INT32_MIN);
    QCOMPARE(coordinatorPartition("polygenelubricants", 50), 0);
  }
};

STREAMSCOPE_TEST(CoordinatorPartitionTest);

}  // namespace streamscope::broker

#include "coordinator_partition_test.moc"
