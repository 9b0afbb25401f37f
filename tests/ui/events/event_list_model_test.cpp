#include "events/event_list_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

class EventListModelTest : public QObject {
  Q_OBJECT
 private slots:
  void theModelKeepsQtsRulesAndItsBound() {
    EventListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto snapshot = support::busyCluster();
    model.setKind(EventKind::Detail);
    for (int round = 0; round < 60; ++round) model.append(support::trafficBefore(*snapshot), snapshot);
    QCOMPARE(model.rowCount(), static_cast<int>(EventListModel::kRowsMax));
    QVERIFY(!model.index(0, 2).data().toString().isEmpty());
  }

  void detailIsChosen() {
    EventListModel model;
    const auto snapshot = support::afterLeaderDeath();
    model.append(support::trafficBefore(*snapshot), snapshot);
    QCOMPARE(model.rowCount(), 0);
    model.append(support::deathOf(2, *snapshot), snapshot);
    const int changes = model.rowCount();
    QVERIFY(changes >= 5);
    model.setKind(EventKind::Message);
    QVERIFY(model.rowCount() > changes);
  }

  void aTopicNamedByItsIdIsToldByName() {
    EventListModel model;
    auto snapshot = std::make_shared<lab::Snapshot>(*support::busyCluster());
    snapshot->topics[0].id = base::Uuid::parse("rNyrRFa9TsyJvMgDeRqYsQ").value();
    model.setKind(EventKind::Message);
    model.append({{1, 0, snapshot->time,
                   world::RequestSent{world::clientAddress(1),
                                      world::brokerAddress(1),
                                      protocol::ApiKey::Produce,
                                      13,
                                      1,
                                      snapshot->time,
                                      100,
                                      {"rNyrRFa9TsyJvMgDeRqYsQ", 2}}}},
                 snapshot);
    QCOMPARE(model.index(0, 2).data().toString(), QString("Produce v13 to Broker 1 orders-2"));
  }

  void eventsAreToldInWords() {
    EventListModel model;
    const auto snapshot = support::afterLeaderDeath();
    model.append(support::deathOf(2, *snapshot), snapshot);
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row)
      lines << model.index(row, 1).data().toString() + ": " + model.index(row, 2).data().toString();
    QVERIFY2(lines.contains("Broker 2: Killed"), qPrintable(lines.join('\n')));
    QVERIFY2(lines.contains("Controller: orders-1: broker 3 leads, epoch 7"), qPrintable(lines.join('\n')));
    QVERIFY2(lines.contains("Controller: orders-0: ISR [1, 2, 3] to [1, 3]"), qPrintable(lines.join('\n')));
  }
};

STREAMSCOPE_TEST(EventListModelTest);
#include "event_list_model_test.moc"
