#include "stage/external_clients.h"

#include <QTest>

#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

class ExternalClientsTest : public QObject {
  Q_OBJECT
 private slots:
  void connectionsOfOneClientAreOneCard() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3)
        .external("kcat", "librdkafka 2.0.2", 1, true, "orders", 0)
        .external("kcat", "librdkafka 2.0.2", 2, true, "orders", 1)
        .external("kcat", "librdkafka 2.0.2", 3, false, "orders", 2);
    // A connection that has said only its name: it belongs to the producing one.
    builder.external("kcat", "librdkafka 2.0.2", 3, true, "orders", 2);
    builder.edit().externalClients.back().producesTo.clear();
    const auto groups = externalGroups(*builder.build());
    QCOMPARE(groups.size(), 2u);
    QVERIFY(groups[0].fetches);
    QCOMPARE(groups[0].connections.size(), 1u);
    QVERIFY(!groups[1].fetches);
    QCOMPARE(groups[1].connections.size(), 3u);
    QCOMPARE(groups[1].requests, 720);
  }
};

STREAMSCOPE_TEST(ExternalClientsTest);
#include "external_clients_test.moc"
