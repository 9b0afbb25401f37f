#include "shell/number_format.h"

#include <QTest>
#include <limits>

#include "shell/speed_scale.h"
#include "support/test_registry.h"

using namespace streamscope::ui;
using namespace std::chrono_literals;

class NumberFormatTest : public QObject {
  Q_OBJECT
 private slots:
  void thousandsAreSetApart() {
    const QChar s(0x202F);
    QCOMPARE(formatCount(0), QString("0"));
    QCOMPARE(formatCount(999), QString("999"));
    QCOMPARE(formatCount(1'387), QString("1") + s + "387");
    QCOMPARE(formatCount(-1'234'567), QString("-1") + s + "234" + s + "567");
    QCOMPARE(formatCount(-123), QString("-123"));
  }
  void bytesHaveUnits() {
    QCOMPARE(formatBytes(31), QString("31 B"));
    QCOMPARE(formatBytes(1'258'291), QString("1.2 MiB"));
    QCOMPARE(formatBytes(200ULL << 30), QString("200 GiB"));
  }
  void ratesAndTimes() {
    QCOMPARE(formatRate(50), QString("50/s"));
    QCOMPARE(formatRate(0.5), QString("0.5/s"));
    QCOMPARE(formatRate(0.05), QString("3/min"));
    QCOMPARE(formatRate(0.001), QString("3.6/h"));
    QCOMPARE(formatRate(0), QString("0/s"));
    QCOMPARE(formatDuration(480ms), QString("480 ms"));
    QCOMPARE(formatDuration(4'100ms), QString("4.1 s"));
    QCOMPARE(formatDuration(125s), QString("2 min 05 s"));
    QCOMPARE(segmentFileName(1024), QString("00000000000000001024.log"));
  }
  void speedsHaveTheirPlaces() {
    for (int place = 0; place < speedPlaces(); ++place) QCOMPARE(placeOfSpeed(speedAt(place)), place);
    QCOMPARE(speedAt(0), 0.1);
    QCOMPARE(formatSpeed(speedAt(speedPlaces() - 1)), QString("max"));
    QCOMPARE(formatSpeed(1), QString("1") + QChar(0x00D7));
  }
};

STREAMSCOPE_TEST(NumberFormatTest);
#include "number_format_test.moc"
