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
