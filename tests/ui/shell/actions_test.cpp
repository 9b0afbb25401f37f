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

  void aBrokerThatDoesNotRunCanHaveANewDisk() {
    const auto snapshot = support::afterLeaderDeath();
    QCOMPARE(grouped(BrokerSelected{2}, *snapshot, "Disk", "replace-disk")->command,
             lab::Command(lab::ReplaceDisk{world::brokerAddress(2)}));
    QVERIFY(!grouped(BrokerSelected{1}, *snapshot, "Disk", "replace-disk"));
  }

  void itCanAnswerWithErrors() {
    const auto snapshot = support::busyCluster();
    const QString group = "Answer with an error, 3 times";
    const auto whole = grouped(BrokerSelected{1}, *snapshot, group, "error-Produce-NOT_LEADER_OR_FOLLOWER");
    QCOMPARE(whole->command,
             lab::Command(lab::InjectError{world::brokerAddress(1), "Produce", "NOT_LEADER_OR_FOLLOWER", 3}));
    const base::TopicPartition orders0{"orders", 0};
    const auto one = grouped(ReplicaSelected{1, orders0}, *snapshot, group, "error-Fetch-OFFSET_OUT_OF_RANGE");
    QCOMPARE(one->command,
             lab::Command(lab::InjectError{world::brokerAddress(1), "Fetch", "OFFSET_OUT_OF_RANGE", 3, orders0}));
  }

  void oneOfSeveralLogDirectoriesCanFailAndBeMended() {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3);
    lab::BrokerState& broker = builder.edit().brokers.at(0);
    broker.logDirectories = {{"logs-1", {1, 1}, ""}, {"logs-2", {1, 2}, "a write failed"}};
    const auto snapshot = builder.build();
    lab::SetDisk fail{world::brokerAddress(1)};
    fail.failing = true;
    fail.logDirectory = 1;
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Log directories", "fail-directory-1")->command, lab::Command(fail));
    lab::SetDisk mend{world::brokerAddress(1)};
    mend.logDirectory = 2;
    QCOMPARE(grouped(BrokerSelected{1}, *snapshot, "Log directories", "mend-directory-2")->command, lab::Command(mend));
    // A replica goes only where it is not, and only to one that works.
    const base::TopicPartition orders0{"orders", 0};
    QVERIFY(!grouped(ReplicaSelected{1, orders0}, *snapshot, "Partition orders-0", "directory-1"));
    QVERIFY(!grouped(ReplicaSelected{1, orders0}, *snapshot, "Partition orders-0", "directory-2"));
    broker.logDirectories[1].failure.clear();
    QCOMPARE(grouped(ReplicaSelected{1, orders0}, *builder.build(), "Partition orders-0", "directory-2")->command,
             lab::Command(lab::AlterReplicaLogDir{1, orders0, 2}));
  }

  void aPartitionCanBeAdministered() {
    auto builder = support::SceneBuilder(4);
    builder.topic("orders", 3, 3);
    const auto snapshot = builder.build();
    const base::TopicPartition orders0{"orders", 0};
    const ReplicaSelected selected{2, orders0};
    const std::vector<base::BrokerId> replicas = snapshot->topics.at(0).partitions.at(0).replicas;
    QCOMPARE(replicas, (std::vector<base::BrokerId>{1, 2, 3}));
    const QString group = "Partition orders-0", topic = "Topic orders";
    QCOMPARE(grouped(selected, *snapshot, group, "reassign-4")->command,
             lab::Command(lab::ReassignPartition{orders0, {1, 4, 3}}));
    QVERIFY(!grouped(selected, *snapshot, group, "reassign-3"));
    QCOMPARE(grouped(selected, *snapshot, group, "reassign-without")->command,
             lab::Command(lab::ReassignPartition{orders0, {1, 3}}));
    QVERIFY(!grouped(selected, *snapshot, group, "elect-preferred"));
    QCOMPARE(grouped(selected, *snapshot, topic, "add-partition")->command,
             lab::Command(lab::CreatePartitions{"orders", 4, {}}));
    lab::AlterConfigs more;
    more.topic = "orders";
    more.set["min.insync.replicas"] = "3";
    QCOMPARE(grouped(selected, *snapshot, topic, "min-isr-more")->command, lab::Command(more));
    QVERIFY(grouped(selected, *snapshot, topic, "delete-topic")->isFault);
  }

  void aPartitionThatMovesOrIsLedByAnotherOffersTheWayBack() {
    auto builder = support::SceneBuilder(4);
    builder.topic("orders", 3, 3);
    lab::PartitionState& partition = builder.edit().topics.at(0).partitions.at(0);
    partition.leader = 2;
    partition.addingReplicas = {4};
    const auto snapshot = builder.build();
    const base::TopicPartition orders0{"orders", 0};
    const QString group = "Partition orders-0";
    QCOMPARE(grouped(ReplicaSelected{2, orders0}, *snapshot, group, "elect-preferred")->command,
             lab::Command(lab::ElectLeaders{false, {orders0}}));
    QCOMPARE(grouped(ReplicaSelected{2, orders0}, *snapshot, group, "reassign-cancel")->command,
             lab::Command(lab::ReassignPartition{orders0, {}}));
    QVERIFY(!grouped(ReplicaSelected{2, orders0}, *snapshot, group, "reassign-4"));
  }

  void aControllersMachineAndLinksCanBeBroken() {
    const auto snapshot = support::busyCluster();
    const auto controller = world::controllerAddress(100);
    QCOMPARE(grouped(ControllerSelected{100}, *snapshot, "Machine", "cut-power")->command,
             lab::Command(lab::CutPower{{controller}}));
    QCOMPARE(grouped(ControllerSelected{100}, *snapshot, "Broker 1", "cut-one-way")->command,
             lab::Command(lab::CutLink{controller, world::brokerAddress(1), false}));
    QVERIFY(grouped(ControllerSelected{100}, *snapshot, "Disk", "failing-disk").has_value());
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
