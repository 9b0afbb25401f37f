#include "stage/stage_layout.h"

#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

namespace {

/// Every rectangle of the layout that must not lie on another of its kind.
QList<QRectF> solids(const StageLayout& layout) {
  QList<QRectF> rects;
  for (const auto& box : layout.controllers) rects << box.rect;
  for (const auto& box : layout.brokers) rects << box.rect;
  for (const auto& box : layout.clients) rects << box.rect;
  return rects;
}

}  // namespace

class StageLayoutTest : public QObject {
  Q_OBJECT
 private slots:
  void nothingOverlaps_data() {
    QTest::addColumn<int>("brokers");
    QTest::addColumn<int>("lanes");
    QTest::addColumn<QSizeF>("viewport");
    QTest::addColumn<double>("textScale");
    QTest::newRow("3 x 3") << 3 << 3 << QSizeF(1140, 560) << 1.0;
    QTest::newRow("3 x 12") << 3 << 12 << QSizeF(1140, 560) << 1.0;
    QTest::newRow("6 x 60") << 6 << 60 << QSizeF(1140, 560) << 1.0;
    QTest::newRow("12 x 12") << 12 << 12 << QSizeF(1140, 560) << 1.0;
    QTest::newRow("12 x 200") << 12 << 200 << QSizeF(1600, 900) << 1.0;
    QTest::newRow("twice the text") << 3 << 3 << QSizeF(1140, 560) << 2.0;
    QTest::newRow("tiny window") << 3 << 12 << QSizeF(300, 200) << 1.0;
  }
  void nothingOverlaps() {
    QFETCH(int, brokers);
    QFETCH(int, lanes);
    QFETCH(QSizeF, viewport);
    QFETCH(double, textScale);
    const auto snapshot = support::largeCluster(brokers, lanes);
    const auto layout = layOutStage(*snapshot, viewport, 1, textScale);
    const auto rects = solids(layout);
    for (int i = 0; i < rects.size(); ++i) {
      QVERIFY(rects[i].width() > 0 && rects[i].height() > 0);
      QVERIFY2(QRectF({0, 0}, layout.size).contains(rects[i]), "everything lies on the stage");
      for (int j = i + 1; j < rects.size(); ++j)
        QVERIFY2(!rects[i].intersects(rects[j]), qPrintable(QStringLiteral("%1 and %2").arg(i).arg(j)));
    }
    for (const auto& box : layout.brokers) {
      QCOMPARE(box.lanes.size(), snapshot->brokers[box.index].replicas.size());
      for (size_t i = 0; i < box.lanes.size(); ++i) {
        QVERIFY(box.rect.contains(box.lanes[i].rect));
        QVERIFY(box.lanes[i].rect.contains(box.lanes[i].strip));
        if (i > 0) QVERIFY(box.lanes[i].rect.top() >= box.lanes[i - 1].rect.bottom() - 0.01);
      }
    }
  }

  void threeBrokersStandInOneRowTwelveInSeveral() {
    const auto three = layOutStage(*support::largeCluster(3, 3), {1140, 560}, 1, 1);
    for (const auto& box : three.brokers) QCOMPARE(box.row, 0);
    const auto twelve = layOutStage(*support::largeCluster(12, 12), {1140, 560}, 1, 1);
    QVERIFY(twelve.brokers.back().row > 0);
    QVERIFY(twelve.brokers.front().rect.width() > 130);
  }

  void detailFollowsTheRoomForALane() {
    QCOMPARE(layOutStage(*support::largeCluster(3, 3), {1140, 560}, 1, 1).detail, LaneDetail::Full);
    QCOMPARE(layOutStage(*support::largeCluster(3, 12), {1140, 560}, 1, 1).detail, LaneDetail::Row);
    QCOMPARE(layOutStage(*support::largeCluster(6, 60), {1140, 560}, 1, 1).detail, LaneDetail::Heat);
  }

  void zoomMakesLanesLargerAndKeepsTheirOrder() {
    const auto snapshot = support::largeCluster(6, 60);
    const auto near = layOutStage(*snapshot, {1140, 560}, 3, 1);
    const auto far = layOutStage(*snapshot, {1140, 560}, 1, 1);
    QVERIFY(near.brokers[0].lanes[0].rect.height() > 2 * far.brokers[0].lanes[0].rect.height());
    QVERIFY(near.size.width() > 1140 && near.size.height() > 560);
    QCOMPARE(near.brokers[4].row, far.brokers[4].row);
  }

  void selectionsHaveTheirRectangle() {
    const auto layout = layOutStage(*support::busyCluster(), {1140, 560}, 1, 1);
    QCOMPARE(layout.rectOf(BrokerSelected{2}), layout.brokers[1].rect);
    QCOMPARE(layout.rectOf(ReplicaSelected{2, {"orders", 1}}), layout.brokers[1].lanes[1].rect);
    QVERIFY(!layout.rectOf(ProducerSelected{"checkout"}).isEmpty());
    QVERIFY(!layout.rectOf(ConsumerSelected{"member 2"}).isEmpty());
    QVERIFY(!layout.rectOf(ControllerSelected{100}).isEmpty());
    QVERIFY(layout.rectOf(BrokerSelected{9}).isEmpty());
    QVERIFY(layout.rectOf(Selection{}).isEmpty());
  }

  void topologyChangesWithNodesNotWithOffsets() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3);
    const auto before = topologyOf(*builder.build());
    builder.offsets("orders", 0, 500);
    QCOMPARE(topologyOf(*builder.build()), before);
    builder.producer("web", "orders", 1, 10);
    QVERIFY(topologyOf(*builder.build()) != before);
  }
};

STREAMSCOPE_TEST(StageLayoutTest);
#include "stage_layout_test.moc"
