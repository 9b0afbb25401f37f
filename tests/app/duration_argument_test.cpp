#include "duration_argument.h"

#include <QTest>

#include "support/test_registry.h"

using streamscope::app::parseDuration;

class DurationArgumentTest : public QObject {
  Q_OBJECT
 private slots:
  void timesAreRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("microseconds");
    const auto row = [](const char* text, qint64 microseconds) { QTest::newRow(text) << text << microseconds; };
    row("0", 0);
    row("90", 90'000'000);
    row("1.5s", 1'500'000);
    row("20 s", 20'000'000);
    row("250ms", 250'000);
    row("500us", 500);
    row("2m", 120'000'000);
    row("2 min", 120'000'000);
    row("1h", 3'600'000'000);
    row("1h30m", 5'400'000'000);
    row("1m 30s", 90'000'000);
    row("01:30", 90'000'000);
    row("00:01:30.250", 90'250'000);
    row("100:00:00", 360'000'000'000);
  }
  void timesAreRead() {
    QFETCH(QString, text);
    QFETCH(qint64, microseconds);
    const auto duration = parseDuration(text);
    QVERIFY(duration.has_value());
    QCOMPARE(static_cast<qint64>(duration->count()), microseconds);
  }

  void othersAreRefused_data() {
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "soon", "-1", "1d", "1.2.3", "s", "1:2:3:4", "1h30x", "1e3", "99999999999999h", "nan", "90\n"})
      QTest::newRow(text) << text;
  }
  void othersAreRefused() {
    QFETCH(QString, text);
    QVERIFY(!parseDuration(text).has_value());
  }
};

STREAMSCOPE_TEST(DurationArgumentTest);
#include "duration_argument_test.moc"
