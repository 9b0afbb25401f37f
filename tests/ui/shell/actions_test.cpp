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
  for (const auto& action : actionsFor(selection, snapshot))
    if (action.group.isEmpty()) ids << action.id;
  return ids;
}

/// In a sub menu.
std::optional<LabAction> grouped(const Selection& selection, const lab::Snapshot& snapshot, const QString& group,
                                 const QString& id) {
  for (const auto& action : actionsFor(selection, snapshot))
    if (!action.group.isEmpty() && action.group.last() == group && action.id == id) return action;
  return std::nullopt;
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

  void rarerFaultsStandInSubMenus() {
    const auto snapshot = support::busyCluster();
    const auto one = world::brokerAddress(1), two = world::brokerAddress(2);
    const auto slow = grouped(BrokerSelected{1}, *snapshot, "Broker 2", "slow");
    QVERIFY(slow && slow->isFault);
    QCOMPARE(slow->command, lab::Command(lab::SetLink{one, two, true, std::chrono::milliseconds(100)}));
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Broker 2", "cut-one-way")->command,
             lab::Command(lab::CutLink{one, two, false}));
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Machine", "cut-power")->command,
             lab::Command(lab::CutPower{{one}}));
    QCOMPARE(grouped(ReplicaSelected{1, {"orders", 0}}, *snapshot, "Disk", "flip-bit")->command,
             lab::Command(lab::FlipBit{one, base::TopicPartition{"orders", 0}}));
    // Nothing to take back yet.
    QVERIFY(!grouped(BrokerSelected{1}, *snapshot, "Broker 2", "heal"));
    QVERIFY(!grouped(BrokerSelected{1}, *snapshot, "Disk", "disk-well"));
    QVERIFY(!grouped(BrokerSelected{1}, *snapshot, "Machine", "clock-right"));
  }

  void whatIsIllCanBeMadeWell() {
    auto builder = support::SceneBuilder(3);
    lab::DiskState disk;
    disk.operationLatency = std::chrono::milliseconds(20);
    builder.topic("orders", 3, 3)
        .conditions(2, 1, {std::chrono::milliseconds(100)})
        .ill(1, disk, {std::chrono::hours(1), 0});
    const auto snapshot = builder.build();
    const auto one = world::brokerAddress(1), two = world::brokerAddress(2);
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Broker 2", "heal")->command, lab::Command(lab::HealLink{one, two}));
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Disk", "disk-well")->command, lab::Command(lab::SetDisk{one}));
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Machine", "clock-right")->command,
             lab::Command(lab::SetClock{one}));
    QVERIFY(!grouped(BrokerSelected{1}, *snapshot, "Disk", "slow-disk"));
    // One ill comes to the other.
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Disk", "lost-syncs")->command,
             lab::Command(lab::SetDisk{one, false, 0, true, std::chrono::milliseconds(20)}));
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
      if (!action.group.isEmpty()) continue;
      QVERIFY2(!action.shortcut.isEmpty(), qPrintable(action.id));
      QVERIFY2(!seen.contains(action.shortcut), qPrintable(action.id));
      seen << action.shortcut;
    }
  }
};

STREAMSCOPE_TEST(ActionsTest);
#include "actions_test.moc"
