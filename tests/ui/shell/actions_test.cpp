#include "shell/actions.h"

#include <QSet>
#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

namespace {

QStringList idsOf(const Selection& selection, const lab::Snapshot& snapshot) {
  QStringList ids;
  for (const auto& action : actionsFor(selection, snapshot)) ids << action.id;
  return ids;
}

}  // namespace

class ActionsTest : public QObject {
  Q_OBJECT
 private slots:
  void aRunningBrokerCanBeBroken() {
    const auto snapshot = support::busyCluster();
    QCOMPARE(idsOf(BrokerSelected{1}, *snapshot), QStringList({"kill", "stop", "pause", "disk-full", "disk-free",
                                                               "cut-link-2", "cut-link-3", "cut-link-controller-100"}));
    QCOMPARE(idsOf(ReplicaSelected{1, {"orders", 0}}, *snapshot), idsOf(BrokerSelected{1}, *snapshot));
  }

  void aDeadOneCanOnlyBeRestarted() {
    QCOMPARE(idsOf(BrokerSelected{2}, *support::afterLeaderDeath()), QStringList{"restart"});
  }

  void aPausedOneCanBeResumed() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3).paused(2, 1);
    const auto ids = idsOf(BrokerSelected{2}, *builder.build());
    QVERIFY(ids.contains("resume") && ids.contains("kill"));
    QVERIFY(!ids.contains("pause"));
  }

  void aCutLinkCanBeHealed() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3).cut(2, 1);
    const auto ids = idsOf(BrokerSelected{1}, *builder.build());
    QVERIFY(ids.contains("heal-link-2") && ids.contains("cut-link-3"));
  }

  void clientsCanBeStopped() {
    const auto snapshot = support::busyCluster();
    QCOMPARE(actionsFor(ProducerSelected{"web"}, *snapshot).at(0).command, lab::Command(lab::StopClient{"web"}));
    QCOMPARE(idsOf(ConsumerSelected{"member 1"}, *snapshot), QStringList{"stop-client"});
    QVERIFY(idsOf(Selection{}, *snapshot).isEmpty());
    QVERIFY(idsOf(ProducerSelected{"nobody"}, *snapshot).isEmpty());
  }

  void shortcutsOfOneSelectionDiffer() {
    auto builder = support::SceneBuilder(9);
    builder.topic("orders", 3, 3).cut(1, 2);
    QSet<QKeySequence> seen;
    for (const auto& action : actionsFor(BrokerSelected{1}, *builder.build())) {
      QVERIFY2(!action.shortcut.isEmpty(), qPrintable(action.id));
      QVERIFY2(!seen.contains(action.shortcut), qPrintable(action.id));
      seen << action.shortcut;
    }
  }
};

STREAMSCOPE_TEST(ActionsTest);
#include "actions_test.moc"
