#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include "lab/lab.h"
#include "lab/lab_file.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;

class VirtualHourTest : public QObject {
  Q_OBJECT
 private slots:
  void anHourOfOrdersIsWrittenAndRead() {
    QFile file(QStringLiteral(STREAMSCOPE_LESSONS_DIR) + QStringLiteral("/01-first-light/throughput-hour.lab.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto description = parseLabFile(file.readAll().toStdString());
    QVERIFY(description.has_value());
    auto lab = Lab::open(*description, {});
    QVERIFY(lab.has_value());
    QElapsedTimer wall;
    wall.start();
    (*lab)->runUntil(base::VirtualTime(description->until));
    qInfo("one virtual hour, %llu events: %.1f s", static_cast<unsigned long long>((*lab)->world().eventsRun()),
          static_cast<double>(wall.elapsed()) / 1000);
    const SnapshotPtr snapshot = (*lab)->snapshot();
    const ProducerState& producer = snapshot->producers.at(0);
    QVERIFY(producer.recordsAcknowledged > 359'000);
    QCOMPARE(producer.recordsFailed, int64_t{0});
    QCOMPARE(producer.retries, int64_t{0});
    QVERIFY(snapshot->consumers.at(0).recordsConsumed > 359'000);
    QCOMPARE(snapshot->counters.underReplicatedPartitions, 0);
    QCOMPARE(snapshot->counters.recordsProduced, producer.recordsAcknowledged);
  }
};

STREAMSCOPE_TEST(VirtualHourTest);
#include "virtual_hour_test.moc"
