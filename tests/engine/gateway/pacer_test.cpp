#include "pacer.h"

#include <QTest>
#include <limits>

#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;
using gateway::Pacer;
using gateway::WallTime;

namespace {

const WallTime kStart{1000s};
const base::VirtualTime kVirtualStart{5s};

Pacer playingAt(double speed) {
  Pacer pacer(kStart);
  pacer.setSpeed(speed, kStart, kVirtualStart);
  pacer.play(kStart, kVirtualStart);
  return pacer;
}

}  // namespace

class PacerTest : public QObject {
  Q_OBJECT
 private slots:
  void virtualTimeFollowsWallTime() {
    const Pacer pacer = playingAt(1);
    QVERIFY(pacer.target(kStart + 3s) == kVirtualStart + 3s);
    QVERIFY(pacer.wallTimeOf(kVirtualStart + 3s) == kStart + 3s);
  }

  void speedScalesIt() {
    QVERIFY(playingAt(100).target(kStart + 1s) == kVirtualStart + 100s);
    QVERIFY(playingAt(0.1).target(kStart + 1s) == kVirtualStart + 100ms);
    QVERIFY(playingAt(0.1).wallTimeOf(kVirtualStart + 100ms) == kStart + 1s);
  }

  void aNewSpeedCountsFromNow() {
    Pacer pacer = playingAt(1);
    pacer.setSpeed(10, kStart + 2s, kVirtualStart + 2s);
    QVERIFY(pacer.target(kStart + 3s) == kVirtualStart + 12s);
  }

  void aPauseTakesNoVirtualTime() {
    Pacer pacer = playingAt(1);
    pacer.pause();
    pacer.play(kStart + 60s, kVirtualStart + 2s);
    QVERIFY(pacer.target(kStart + 61s) == kVirtualStart + 3s);
  }

  void playingTwiceChangesNothing() {
    Pacer pacer = playingAt(1);
    pacer.play(kStart + 60s, kVirtualStart);
    QVERIFY(pacer.target(kStart + 61s) == kVirtualStart + 61s);
  }

  void theWallTimeOfAnEventIsNeverTooEarly() {
    for (const double speed : {0.1, 0.3, 1.0, 7.0, 100.0}) {
      const Pacer pacer = playingAt(speed);
      for (int64_t micros = 1; micros < 1'000'000; micros = micros * 3 + 1) {
        const base::VirtualTime due = kVirtualStart + base::Duration(micros);
        // The target in a microsecond of wall time more has reached it: no turn of the loop for nothing.
        QVERIFY(pacer.target(pacer.wallTimeOf(due) + 1us) >= due);
      }
    }
  }

  void neverIsFarButNoOverflow() { QVERIFY(playingAt(0.1).wallTimeOf(base::kVirtualTimeMax) > kStart + 1h); }

  void unboundedSpeedHasNoTarget() {
    const Pacer pacer = playingAt(std::numeric_limits<double>::infinity());
    QVERIFY(pacer.isUnbounded());
    QVERIFY(pacer.target(kStart) == base::kVirtualTimeMax);
  }

  void lostTimeIsGivenUp() {
    Pacer pacer = playingAt(1);
    QVERIFY(!pacer.slipIfBehind(kStart + 3s, kVirtualStart + 2950ms));
    QVERIFY(pacer.target(kStart + 3s) == kVirtualStart + 3s);
    QVERIFY(pacer.slipIfBehind(kStart + 3s, kVirtualStart + 1s));
    QVERIFY(pacer.target(kStart + 3s) == kVirtualStart + 1s);
  }
};

STREAMSCOPE_TEST(PacerTest);
#include "pacer_test.moc"
