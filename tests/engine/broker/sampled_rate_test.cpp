#include "sampled_rate.h"

#include <QtTest>

#include "support/test_registry.h"

namespace streamscope::broker {

using namespace std::chrono_literals;

class SampledRateTest : public QObject {
  Q_OBJECT

 private slots:
  /// Expected values: Kafka's SimpleRate with 11 windows of a second.
  void isTakenOverTheTimeSinceTheOldestSample() {
    SampledRate rate(11, 1s);
    const base::VirtualTime begin = base::VirtualTime(100s);
    QCOMPARE(rate.perSecond(begin), 0.0);
    rate.record(begin, 4000);
    // Never over less than one window.
    QCOMPARE(rate.perSecond(begin), 4000.0);
    QCOMPARE(rate.perSecond(begin + 500ms), 4000.0);
    QCOMPARE(rate.perSecond(begin + 2s), 2000.0);
    rate.record(begin + 2s, 2000);
    QCOMPARE(rate.perSecond(begin + 3s), 2000.0);
  }

  void forgetsWhatIsOlderThanAllWindows() {
    SampledRate rate(2, 1s);
    const base::VirtualTime begin = base::VirtualTime(100s);
    rate.record(begin, 4000);
    rate.record(begin + 1500ms, 1000);
    QCOMPARE(rate.perSecond(begin + 1900ms), 5000.0 / 1.9);
    // The first sample is as old as both windows; the time it took no longer counts either.
    QCOMPARE(rate.perSecond(begin + 2s), 1000.0);
    QCOMPARE(rate.perSecond(begin + 2600ms), 1000.0 / 1.1);
    QCOMPARE(rate.perSecond(begin + 10s), 0.0);
  }

  void aSampleTakesWhatComesWithinItsWindow() {
    SampledRate rate(1, 1s);
    const base::VirtualTime begin = base::VirtualTime(100s);
    for (int i = 0; i < 100; ++i) rate.record(begin + i * 100ms, 10);
    QVERIFY(rate.perSecond(begin + 9900ms) > 90 && rate.perSecond(begin + 9900ms) < 120);
  }
};

STREAMSCOPE_TEST(SampledRateTest);

}  // namespace streamscope::broker

#include "sampled_rate_test.moc"
