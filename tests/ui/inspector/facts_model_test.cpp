#include "inspector/facts_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

namespace {

QString valueOf(const InspectedSubject& subject, const QString& name) {
  for (const auto& fact : subject.facts)
    if (fact.name == name) return fact.value;
  return QStringLiteral("(none)");
}

}  // namespace

class FactsModelTest : public QObject {
  Q_OBJECT
 private slots:
  void theModelKeepsQtsRules() {
    FactsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto snapshot = support::busyCluster();
    for (const Selection& selection : std::initializer_list<Selection>{
             Selection{}, BrokerSelected{1}, ReplicaSelected{1, {"orders", 0}}, ControllerSelected{100},
             ProducerSelected{"web"}, ConsumerSelected{"member 1"}, BrokerSelected{1}})
      model.setFacts(inspect(selection, *snapshot).facts);
    QVERIFY(model.rowCount() > 5);
    model.setFacts({});
    QCOMPARE(model.rowCount(), 0);
  }

  void theClusterIsHealthyOnlyWithAllOfItsNodes() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3);
    QCOMPARE(inspect(Selection{}, *builder.build()).state, QString("healthy"));
    lab::ControllerState& controller = builder.edit().controllers.at(0);
    controller.condition = lab::NodeCondition::Paused;
    QCOMPARE(inspect(Selection{}, *builder.build()).state, QString("degraded"));
    controller.condition = lab::NodeCondition::Down;
    controller.isActive = false;
    QCOMPARE(inspect(Selection{}, *builder.build()).state, QString("no active controller"));
  }

  void aFailedLogDirectoryIsTold() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3);
    lab::BrokerState& broker = builder.edit().brokers.at(0);
    broker.rack = "north";
    broker.logDirectories = {{"logs-1", {1, 1}, ""}, {"logs-2", {1, 2}, "a write failed"}};
    const auto snapshot = builder.build();
    QCOMPARE(inspect(Selection{}, *snapshot).state, QString("degraded"));
    QCOMPARE(valueOf(inspect(BrokerSelected{1}, *snapshot), "logs-1"), QString("3 replicas"));
    QCOMPARE(valueOf(inspect(BrokerSelected{1}, *snapshot), "logs-2"), QString("offline: a write failed"));
    QCOMPARE(valueOf(inspect(BrokerSelected{1}, *snapshot), "rack"), QString("north"));
    QCOMPARE(valueOf(inspect(ReplicaSelected{1, {"orders", 0}}, *snapshot), "log directory"), QString("logs-1"));
  }

  void onlyChangedValuesAreAnnounced() {
    FactsModel model;
    model.setFacts({{"a", "1"}, {"b", "2"}});
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setFacts({{"a", "1"}, {"b", "3"}});
    QCOMPARE(reset.count(), 0);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    model.setFacts({{"a", "1"}, {"c", "3"}});
    QCOMPARE(reset.count(), 1);
  }

  void aReplicaIsToldWithKafkasNames() {
    const auto subject = inspect(ReplicaSelected{3, {"orders", 1}}, *support::afterLeaderDeath());
    QCOMPARE(subject.title, QString("orders-1 on broker 3"));
    QCOMPARE(subject.state, QString("leader"));
    QCOMPARE(valueOf(subject, "leader epoch"), QString("7"));
    QCOMPARE(valueOf(subject, "in-sync replicas"), QString("[3, 1]"));
    QCOMPARE(valueOf(subject, "not yet committed"), QString("14"));
    QVERIFY(valueOf(subject, "00000000000000001024.log") != QString("(none)"));
  }

  void whatIsGoneIsSaidToBeGone() {
    const auto snapshot = support::busyCluster();
    QCOMPARE(inspect(ReplicaSelected{9, {"orders", 1}}, *snapshot).state, QString("gone"));
    QCOMPARE(inspect(ExternalSelected{"nobody"}, *snapshot).state, QString("gone"));
  }
};

STREAMSCOPE_TEST(FactsModelTest);
#include "facts_model_test.moc"
