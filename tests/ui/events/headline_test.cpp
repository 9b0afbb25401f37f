#include "events/headline.h"

#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;
using namespace std::chrono_literals;

class HeadlineTest : public QObject {
  Q_OBJECT
 private slots:
  void aHealthyClusterIsCalm() {
    const auto text = Headline().current(*support::busyCluster());
    QCOMPARE(text.severity, HeadlineText::Severity::Calm);
    QCOMPARE(text.text, QString("All 3 brokers run; every replica is in sync."));
    QVERIFY(!text.remedy);
  }

  void aDeathNamesWhoTookOverAndOffersTheRestart() {
    Headline headline;
    const auto snapshot = support::afterLeaderDeath();
    headline.take(support::deathOf(2, *snapshot));
    const auto text = headline.current(*snapshot);
    QCOMPARE(text.severity, HeadlineText::Severity::Trouble);
    QCOMPARE(text.text, QString("Broker 2 is down: orders-1 led by broker 3 (epoch 7)"));
    QCOMPARE(text.remedy->command, lab::Command(lab::StartBroker{2}));
  }

  void aReturnIsSaidUntilAllIsInSync() {
    Headline headline;
    const auto dead = support::afterLeaderDeath();
    headline.take(support::deathOf(2, *dead));
    const auto snapshot = support::afterRecovery();
    headline.take(support::returnOf(2, *snapshot));
    QCOMPARE(headline.current(*snapshot).text, QString("Broker 2 is back: in sync for all its partitions."));
    auto behind = *snapshot;
    behind.brokers[1].replicas[0].isInSync = false;
    QCOMPARE(headline.current(behind).text,
             QString("Broker 2 is back and catches up: in the ISR of 2 of 3 partitions."));
    auto later = *snapshot;
    later.time += 60s;
    QCOMPARE(headline.current(later).severity, HeadlineText::Severity::Calm);
  }

  void aLinkCutOneWaySaysWhich() {
    auto snapshot = *support::busyCluster();
    snapshot.cutLinks = {{world::brokerAddress(1), world::brokerAddress(2), false, true}};
    QCOMPARE(Headline().current(snapshot).text, QString("The link from Broker 2 to Broker 1 is cut."));
  }

  void aSlowLinkOffersToHealIt() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3).conditions(1, 2, {std::chrono::milliseconds(100)});
    const auto said = Headline().current(*builder.build());
    QVERIFY2(said.text.contains("100 ms"), qPrintable(said.text));
    QVERIFY(said.remedy.has_value());
    QCOMPARE(said.remedy->command, lab::Command(lab::HealLink{world::brokerAddress(1), world::brokerAddress(2)}));
  }

  void aCutLinkOffersToHealIt() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3).cut(1, 2);
    const auto text = Headline().current(*builder.build());
    QCOMPARE(text.text, QString("The link between Broker 1 and Broker 2 is cut."));
    QCOMPARE(text.remedy->command, lab::Command((lab::HealLink{world::brokerAddress(1), world::brokerAddress(2)})));
  }

  void aQuorumInTroubleIsSaid() {
    auto snapshot = *support::busyCluster();
    auto& only = snapshot.controllers.front();
    only.condition = lab::NodeCondition::Down;
    only.isActive = false;
    const auto alone = Headline().current(snapshot);
    QCOMPARE(alone.severity, HeadlineText::Severity::Trouble);
    QVERIFY2(alone.text.startsWith("No controller is active"), qPrintable(alone.text));
    QVERIFY(alone.remedy && std::holds_alternative<lab::StartController>(alone.remedy->command));

    for (int32_t id : {101, 102}) {
      lab::ControllerState other;
      other.id = id;
      other.isActive = id == 102;
      other.epoch = 2;
      snapshot.controllers.push_back(other);
    }
    QCOMPARE(Headline().current(snapshot).text,
             QString("Controller 100 is down: Controller 102 is active (epoch 2), 2 of 3 voters are there."));
  }
};

STREAMSCOPE_TEST(HeadlineTest);
#include "headline_test.moc"
