#include "stage/lane_scale.h"

#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

class LaneScaleTest : public QObject {
  Q_OBJECT
 private slots:
  void cellsHoldAboutTwelveSecondsOfRecords() {
    QCOMPARE(recordsPerCell(17, 20, 0), 20);
    QCOMPARE(recordsPerCell(1, 20, 0), 1);
    QCOMPARE(recordsPerCell(50'000, 20, 0), 50'000);
  }

  void aScaleIsKeptUntilTheRateHasClearlyLeftIt() {
    QCOMPARE(recordsPerCell(36, 20, 20), 20);  // wants 21.6
    QCOMPARE(recordsPerCell(12, 20, 20), 20);  // wants 7.2
    QCOMPARE(recordsPerCell(80, 20, 20), 50);  // wants 48
    QCOMPARE(recordsPerCell(2, 20, 20), 2);    // wants 1.2
    QCOMPARE(recordsPerCell(0, 20, 20), 20);   // nobody writes: nothing jumps
  }

  void aShortLogStartsAtTheLeft() {
    const auto window = laneWindow(0, 50, 10, 20);
    QCOMPARE(window.firstOffset, 0);
    QCOMPARE(window.x(0, 200), 0.0);
    QCOMPARE(window.x(50, 200), 50.0);
  }

  void theHeadOfALongLogStandsStill() {
    const double before = laneWindow(0, 1'000, 10, 20).x(1'000, 200);
    const double later = laneWindow(0, 1'001, 10, 20).x(1'001, 200);
    QCOMPARE(later, before);
    QVERIFY(before > 150 && before < 190);
  }

  void deletedRecordsAreNotInTheWindow() {
    const auto window = laneWindow(990, 1'000, 10, 20);
    QCOMPARE(window.firstOffset, 990);
    QCOMPARE(window.x(100, 200), 0.0);
    QCOMPARE(window.x(1'000'000, 200), 200.0);
  }

  void replicasOfAPartitionShareAWindowThatFollowsTheLongest() {
    const auto snapshot = support::afterLeaderDeath();
    LaneScales scales;
    scales.update(*snapshot, {{{"orders", 1}, 30.0}}, 20);
    const auto window = scales.window({"orders", 1});
    QCOMPARE(window.recordsPerCell, 20);
    QVERIFY(window.endOffset() > 1'289);
    // The dead replica, which stopped at 1 240, has fallen behind on the same scale.
    QVERIFY(window.x(1'240, 200) < window.x(1'289, 200));
  }
};

STREAMSCOPE_TEST(LaneScaleTest);
#include "lane_scale_test.moc"
