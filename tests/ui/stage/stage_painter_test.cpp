#include "stage/stage_painter.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

namespace {

Theme testTheme() {
  Appearance appearance;
  appearance.sansFamilies = {"DejaVu Sans"};
  appearance.monoFamilies = {"DejaVu Sans Mono"};
  return Theme(appearance);
}

/// Paints pictures one after the other and counts what was painted anew.
class Easel {
 public:
  explicit Easel(const lab::Snapshot& snapshot, QSize canvas = {1140, 560})
      : size(canvas), layout(layOutStage(snapshot, QSizeF(size), 1, 1)) {}
  StagePainter::Counters paint(const lab::Snapshot& snapshot, QPointF scroll = {}) {
    const auto before = painter.counters();
    scales.update(snapshot, {}, 20);
    QImage image(size, QImage::Format_RGB32);
    QPainter p(&image);
    painter.paint(p, {snapshot, layout, scales, board, selection, selection, scroll, size, 1, 0, false, false, false});
    const auto& after = painter.counters();
    return {after.structures - before.structures, after.lanes - before.lanes, after.cards - before.cards};
  }

  QSize size;
  StageLayout layout;
  LaneScales scales;
  FlightBoard board;
  Selection selection;
  StagePainter painter{testTheme()};
};

}  // namespace

class StagePainterTest : public QObject {
  Q_OBJECT
 private slots:
  void whatDidNotChangeIsNotPaintedAgain() {
    auto snapshot = *support::busyCluster();
    Easel easel(snapshot);
    const auto first = easel.paint(snapshot);
    QCOMPARE(first.structures, 1);
    QCOMPARE(first.lanes, 9);
    const auto again = easel.paint(snapshot);
    QCOMPARE(again.structures + again.lanes + again.cards, 0);

    snapshot.brokers[2].replicas[0].logEndOffset++;
    const auto oneMore = easel.paint(snapshot);
    QCOMPARE(oneMore.structures, 0);
    QVERIFY(oneMore.lanes >= 1 && oneMore.lanes <= 3);
  }

  void aDeathPaintsTheStructureAnew() {
    Easel easel(*support::busyCluster());
    easel.paint(*support::busyCluster());
    QCOMPARE(easel.paint(*support::afterLeaderDeath()).structures, 1);
  }

  void aStormOfChangesIsSpreadAndEndsComplete() {
    const auto before = support::largeCluster(12, 200, 5'000);
    const auto after = support::largeCluster(12, 200, 6'000);
    Easel easel(*before, {1600, 4000});
    QCOMPARE(easel.paint(*before).lanes, 2'400);
    int64_t painted = 0;
    int frames = 0;
    do {
      const auto counted = easel.paint(*after);
      QVERIFY(counted.lanes <= StagePainter::kLanesPerFrameMax);
      painted += counted.lanes;
      ++frames;
    } while (easel.painter.hasBacklog() && frames < 20);
    QVERIFY(frames > 1 && frames < 20);
    QCOMPARE(painted, 2'400);
    QCOMPARE(easel.paint(*after).lanes, 0);
  }

  void scrollingShowsTheRest() {
    const auto snapshot = support::largeCluster(12, 200);
    Easel easel(*snapshot);
    easel.layout = layOutStage(*snapshot, QSizeF(easel.size), 3, 1);
    const auto top = easel.paint(*snapshot);
    QVERIFY(top.lanes < 2'400);
    const auto below = easel.paint(*snapshot, {0, 400});
    QCOMPARE(below.structures, 1);
    QVERIFY(below.lanes > 0);
  }
};

STREAMSCOPE_TEST(StagePainterTest);
#include "stage_painter_test.moc"
