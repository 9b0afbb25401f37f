#include "partition_change_builder.h"

#include <QTest>
#include <set>

#include "image_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using controller::Election;
using controller::LeaderRecoveryState;
using controller::PartitionChangeBuilder;

using Brokers = QList<int>;

class PartitionChangeBuilderTest : public QObject {
  Q_OBJECT
 private slots:
  void anEligibleLeaderReplicaComesBack() {
    controller::PartitionRegistration partition;
    partition.replicas = {1, 2};
    partition.eligibleLeaderReplicas = {2};
    partition.lastKnownElr = {2};
    const auto change = PartitionChangeBuilder(partition, {7, 1}, 0, [](base::BrokerId) { return true; }).build();
    QVERIFY(change.has_value());
    QCOMPARE(controller::changeText(*change), std::string("isr=[2] leader=2"));
    QVERIFY(change->eligibleLeaderReplicas == std::vector<base::BrokerId>());
    QVERIFY(change->lastKnownElr == std::vector<base::BrokerId>());
    // Nobody who could lead: the eligible stay eligible.
    QVERIFY(!PartitionChangeBuilder(partition, {7, 1}, 0, [](base::BrokerId id) { return id == 1; }).build());
  }

  void elections_data() {
    QTest::addColumn<Brokers>("isr");
    QTest::addColumn<int>("leader");
    QTest::addColumn<Brokers>("targetIsr");
    QTest::addColumn<Brokers>("alive");
    QTest::addColumn<int>("election");
    QTest::addColumn<QString>("change");
    const auto row = [](const char* name, const Brokers& isr, int leader, const Brokers& targetIsr,
                        const Brokers& alive, Election election, const char* change) {
      QTest::newRow(name) << isr << leader << targetIsr << alive << static_cast<int>(election) << change;
    };
    const auto online = Election::Online;
    const auto preferred = Election::Preferred;
    const auto unclean = Election::Unclean;
    // Replicas are always [1, 2, 3].
    row("nothing happens", {1, 2, 3}, 1, {1, 2, 3}, {1, 2, 3}, online, "");
    row("a follower leaves", {1, 2, 3}, 1, {1, 2}, {1, 2}, online, "isr=[1, 2]");
    row("the ISR grows", {1}, 1, {1, 3}, {1, 3}, online, "isr=[1, 3]");
    row("the leader dies", {1, 2, 3}, 1, {2, 3}, {2, 3}, online, "isr=[2, 3] leader=2");
    row("assignment order, not ISR order", {3, 2, 1}, 1, {3, 2}, {2, 3}, online, "isr=[3, 2] leader=2");
    row("only ISR members lead", {1, 3}, 1, {3}, {2, 3}, online, "isr=[3] leader=3");
    row("the present leader stays", {1, 2, 3}, 3, {1, 2, 3}, {1, 2, 3}, online, "");
    row("the last ISR member dies", {1}, 1, {}, {2, 3}, online, "leader=-1");
    row("no leader, and it stays so", {1}, -1, {1}, {2, 3}, online, "");
    row("the last ISR member is back", {1}, -1, {1}, {1, 2, 3}, online, "leader=1");
    row("preferred leader is back", {3, 1}, 3, {3, 1}, {1, 3}, preferred, "leader=1");
    row("preferred leader not in sync", {3}, 3, {3}, {1, 3}, preferred, "");
    row("preferred leader dead", {3, 1}, 3, {3, 1}, {3}, preferred, "");
    row("unclean not needed", {1, 2}, 1, {2}, {2, 3}, unclean, "isr=[2] leader=2");
    row("unclean", {1}, 1, {}, {3, 2}, unclean, "isr=[2] leader=2 recovery=1");
    row("unclean, nobody alive", {1}, 1, {}, {}, unclean, "leader=-1");
  }
  void elections() {
    QFETCH(Brokers, isr);
    QFETCH(int, leader);
    QFETCH(Brokers, targetIsr);
    QFETCH(Brokers, alive);
    QFETCH(int, election);
    QFETCH(QString, change);
    controller::PartitionRegistration partition;
    partition.replicas = {1, 2, 3};
    partition.isr = {isr.begin(), isr.end()};
    partition.leader = leader;
    const auto record =
        PartitionChangeBuilder(partition, {7, 7}, 4, [&](base::BrokerId broker) { return alive.contains(broker); })
            .setElection(static_cast<Election>(election))
            .setTargetIsr({targetIsr.begin(), targetIsr.end()})
            .build();
    QCOMPARE(record.has_value(), !change.isEmpty());
    if (!record) return;
    QCOMPARE(record->partitionId, 4);
    QVERIFY(record->topicId == (base::Uuid{7, 7}));
    QCOMPARE(QString::fromStdString(controller::changeText(*record)), change);
  }

  void recoveryIsOverWhenTheLeaderSaysSo() {
    controller::PartitionRegistration partition;
    partition.replicas = {1, 2, 3};
    partition.isr = {2};
    partition.leader = 2;
    partition.leaderRecoveryState = LeaderRecoveryState::Recovering;
    PartitionChangeBuilder builder(partition, {7, 7}, 0, [](base::BrokerId) { return true; });
    QVERIFY(!builder.build());
    const auto record = builder.setTargetLeaderRecoveryState(LeaderRecoveryState::Recovered).build();
    QCOMPARE(controller::changeText(record.value()), std::string("recovery=0"));
  }
};

STREAMSCOPE_TEST(PartitionChangeBuilderTest);
#include "partition_change_builder_test.moc"
