#include "stage/motion.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;
using namespace std::chrono_literals;

class MotionTest : public QObject {
  Q_OBJECT
 private slots:
  void positionFollowsVirtualTime() {
    const base::VirtualTime sent(1s), due(1s + 500us);
    QCOMPARE(flightProgress(sent, due, sent), 0.0);
    QCOMPARE(flightProgress(sent, due, sent + 125us), 0.25);
    QCOMPARE(flightProgress(sent, due, due), 1.0);
    QCOMPARE(flightProgress(sent, due, sent - 1s), 0.0);
    QCOMPARE(flightProgress(sent, due, due + 1s), 1.0);
    QCOMPARE(flightProgress(sent, sent, sent), 1.0);
  }

  void aFlightTooFastToSeeIsStretched() {
    const auto show = showFlight(base::VirtualTime(1s), base::VirtualTime(1s + 500us), 1, 1'000, 0);
    QVERIFY(!show.isTrue);
    QCOMPARE(show.begin, 1'000.0);
    QCOMPARE(show.end, 1'000 + kFlightMsMin);
  }

  void aFlightSlowEnoughKeepsItsTruePosition() {
    const auto show = showFlight(base::VirtualTime(1s), base::VirtualTime(1s + 100ms), 0.1, 1'000, 1'200);
    QVERIFY(show.isTrue);
    QCOMPARE(show.end - show.begin, 1'000.0);
  }

  void aStretchedFlightWaitsForItsCause() {
    const auto show = showFlight(base::VirtualTime(1s), base::VirtualTime(1s + 500us), 1, 1'000, 1'300);
    QCOMPARE(show.begin, 1'300.0);
  }

  void stretchedFlightsArrive() {
    const FlightShow show{100, 200, false};
    QCOMPARE(shownProgress(show, 100), 0.0);
    QCOMPARE(shownProgress(show, 200), 1.0);
    QCOMPARE(shownProgress(show, 900), 1.0);
    double before = 0;
    for (double now = 100; now <= 200; now += 5) {
      const double progress = shownProgress(show, now);
      QVERIFY(progress >= before && progress <= 1);
      before = progress;
    }
  }

  void flashesFade() {
    QCOMPARE(flashStrength(100, 100, 1'000), 1.0);
    QCOMPARE(flashStrength(100, 600, 1'000), 0.5);
    QCOMPARE(flashStrength(100, 1'100, 1'000), 0.0);
    QCOMPARE(flashStrength(100, 50, 1'000), 0.0);
  }
};

STREAMSCOPE_TEST(MotionTest);
#include "motion_test.moc"
