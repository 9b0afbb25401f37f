#include "stage/link_routes.h"

#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

class LinkRoutesTest : public QObject {
  Q_OBJECT
 private slots:
  void routesLeadFromEdgeToEdgeAndCrossNoCard_data() {
    QTest::addColumn<int>("brokers");
    QTest::newRow("one row") << 3;
    QTest::newRow("several rows") << 12;
  }
  void routesLeadFromEdgeToEdgeAndCrossNoCard() {
    QFETCH(int, brokers);
    const auto snapshot = support::largeCluster(brokers, 6);
    const auto layout = layOutStage(*snapshot, {1140, 560}, 1, 1);
    const auto links = standingLinks(layout, *snapshot);
    QVERIFY(links.size() > static_cast<size_t>(brokers));
    for (const auto& link : links) {
      QVERIFY(link.route.length() > 5);
      for (double fraction = 0.01; fraction < 1; fraction += 0.01) {
        const QPointF point = link.route.at(fraction);
        for (const auto& box : layout.brokers)
          QVERIFY2(!box.rect.adjusted(2, 2, -2, -2).contains(point),
                   qPrintable(QStringLiteral("%1 to %2 crosses broker %3")
                                  .arg(QString::fromStdString(std::to_string(link.from.id)))
                                  .arg(link.to.id)
                                  .arg(box.id)));
        for (const auto& box : layout.clients) QVERIFY(!box.rect.adjusted(2, 2, -2, -2).contains(point));
      }
    }
  }

  void theWayBackIsTheSame() {
    const auto snapshot = support::busyCluster();
    const auto layout = layOutStage(*snapshot, {1140, 560}, 1, 1);
    const auto a = world::brokerAddress(1), b = world::brokerAddress(3);
    const auto there = routeBetween(layout, *snapshot, a, b, Traffic::ReplicaFetch, {"orders", 0});
    const auto back = routeBetween(layout, *snapshot, b, a, Traffic::ReplicaFetch, {"orders", 0});
    QCOMPARE(there.at(0), back.at(1));
    QCOMPARE(there.at(0.3), back.at(0.7));
  }

  void whatIsNotOnTheStageHasNoRoute() {
    const auto snapshot = support::busyCluster();
    const auto layout = layOutStage(*snapshot, {1140, 560}, 1, 1);
    QVERIFY(routeBetween(layout, *snapshot, world::brokerAddress(9), world::brokerAddress(1), Traffic::ReplicaFetch, {})
                .isEmpty());
    QVERIFY(routeBetween(layout, *snapshot, world::clientAddress(999), world::brokerAddress(1), Traffic::Produce, {})
                .isEmpty());
  }

  void aCutLinkStandsOnceForItsTwoNodes() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3).cut(1, 2);
    const auto snapshot = builder.build();
    const auto layout = layOutStage(*snapshot, {1140, 560}, 1, 1);
    int cut = 0;
    for (const auto& link : standingLinks(layout, *snapshot)) {
      const bool between = link.from.kind == world::NodeKind::Broker && link.to.kind == world::NodeKind::Broker &&
                           link.from.id + link.to.id == 3;
      if (link.isCut) ++cut;
      if (between) QVERIFY(link.isCut);
    }
    QCOMPARE(cut, 1);
  }

  void anImpairedLinkSaysOnceHowItCarries() {
    auto builder = support::SceneBuilder(3);
    world::LinkConditions lossy;
    lossy.latency = std::chrono::microseconds(500);
    lossy.lossPerMille = 50;
    builder.topic("orders", 3, 3).conditions(1, 2, lossy).conditions(2, 1, lossy);
    builder.conditions(1, 3, {std::chrono::milliseconds(100)});
    const auto snapshot = builder.build();
    const auto layout = layOutStage(*snapshot, {1140, 560}, 1, 1);
    QStringList labels;
    for (const auto& link : standingLinks(layout, *snapshot))
      if (!link.label.isEmpty()) labels << link.label;
    QCOMPARE(labels, QStringList({"5 % lost", "100 ms"}));
  }

  void trafficIsToldByApiAndEnds() {
    const auto broker = world::brokerAddress(1), other = world::brokerAddress(2), client = world::clientAddress(1);
    QCOMPARE(trafficOf(protocol::ApiKey::Produce, client, broker), Traffic::Produce);
    QCOMPARE(trafficOf(protocol::ApiKey::Fetch, other, broker), Traffic::ReplicaFetch);
    QCOMPARE(trafficOf(protocol::ApiKey::Fetch, broker, client), Traffic::ConsumerFetch);
    QCOMPARE(trafficOf(protocol::ApiKey::Fetch, broker, world::controllerAddress(100)), Traffic::ControlPlane);
    QCOMPARE(trafficOf(protocol::ApiKey::BrokerHeartbeat, broker, world::controllerAddress(100)),
             Traffic::ControlPlane);
  }
};

STREAMSCOPE_TEST(LinkRoutesTest);
#include "link_routes_test.moc"
