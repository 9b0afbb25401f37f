#include "stage/hit_test.h"

#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

class HitTestTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { m_layout = layOutStage(*support::busyCluster(), {1140, 560}, 1, 1); }

  void pointsLeadToWhatStandsThere() {
    QCOMPARE(hitTest(m_layout, m_layout.brokers[0].header.center()), Selection(BrokerSelected{1}));
    QCOMPARE(hitTest(m_layout, m_layout.brokers[2].lanes[1].rect.center()),
             Selection((ReplicaSelected{3, {"orders", 1}})));
    QCOMPARE(hitTest(m_layout, m_layout.controllers[0].rect.center()), Selection(ControllerSelected{100}));
    for (const auto& client : m_layout.clients) QCOMPARE(hitTest(m_layout, client.rect.center()), client.selection);
    QCOMPARE(hitTest(m_layout, {1, 1}), Selection{});
  }

  void arrowsWalkTheStage() {
    Selection at;
    at = neighbour(m_layout, at, Direction::Right);
    QCOMPARE(at, Selection(BrokerSelected{1}));
    at = neighbour(m_layout, at, Direction::Right);
    QCOMPARE(at, Selection(BrokerSelected{2}));
    at = neighbour(m_layout, at, Direction::Down);
    QCOMPARE(at, Selection((ReplicaSelected{2, {"orders", 0}})));
    at = neighbour(m_layout, at, Direction::Down);
    QCOMPARE(at, Selection((ReplicaSelected{2, {"orders", 1}})));
    at = neighbour(m_layout, at, Direction::Left);
    QCOMPARE(at, Selection((ReplicaSelected{1, {"orders", 1}})));
    at = neighbour(m_layout, at, Direction::Up);
    at = neighbour(m_layout, at, Direction::Up);
    QCOMPARE(at, Selection(BrokerSelected{1}));
  }

  void everythingIsReachableByArrows() {
    QList<Selection> reached{BrokerSelected{1}};
    for (int i = 0; i < reached.size(); ++i)
      for (const auto direction : {Direction::Left, Direction::Right, Direction::Up, Direction::Down}) {
        const auto next = neighbour(m_layout, reached[i], direction);
        if (!reached.contains(next)) reached << next;
      }
    QCOMPARE(static_cast<size_t>(reached.size()), 1 + 3 + 9 + m_layout.clients.size());
  }

 private:
  StageLayout m_layout;
};

STREAMSCOPE_TEST(HitTestTest);
#include "hit_test_test.moc"
