#include <QTest>
#include <algorithm>

#include "lab_scene.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;
using test::openLab;
using test::seconds;
using test::smallLab;
using Brokers = std::vector<base::BrokerId>;

namespace {

PartitionState partitionOf(Lab& lab, base::PartitionId id) {
  return lab.snapshot()->topics.at(0).partitions.at(static_cast<size_t>(id));
}

bool hasReplica(Lab& lab, base::BrokerId broker, const base::TopicPartition& partition) {
  const SnapshotPtr snapshot = lab.snapshot();
  for (const ReplicaState& replica : snapshot->brokers.at(static_cast<size_t>(broker) - 1).replicas)
    if (replica.partition == partition) return true;
  return false;
}

/// The last refusal the trace tells of, "" when none.
std::string refusalIn(const std::vector<world::TraceEvent>& events) {
  std::string refusal;
  for (const world::TraceEvent& event : events)
    if (const auto* command = std::get_if<world::CommandExecuted>(&event.payload))
      if (!command->refusal.empty()) refusal = command->refusal;
  return refusal;
}

}  // namespace

/// What an administrator asks for goes through Kafka's requests and comes true as virtual time passes.
class AdminCommandsTest : public QObject {
  Q_OBJECT
 private slots:
  void aTopicGrows() {
    auto lab = openLab(smallLab());
    lab->runUntil(seconds(10));
    QVERIFY(lab->execute(CreatePartitions{"orders", 5}).has_value());
    lab->runUntil(seconds(15));
    QCOMPARE(lab->snapshot()->topics.at(0).partitions.size(), size_t{5});
    QCOMPARE(partitionOf(*lab, 4).isr.size(), size_t{3});
    QVERIFY(hasReplica(*lab, 1, {"orders", 4}));
    QVERIFY(!lab->execute(CreatePartitions{"orders", 5}).has_value());
    QVERIFY(!lab->execute(CreatePartitions{"nope", 5}).has_value());
  }

  void configsOfATopicApplyToItsLiveLogs() {
    LabDescription description = smallLab();
    description.producers = {test::producer("checkout", 50)};
    auto lab = openLab(description);
    lab->runUntil(seconds(20));
    AlterConfigs command;
    command.topic = "orders";
    command.set = {{"min.insync.replicas", "3"}};
    QVERIFY(lab->execute(command).has_value());
    lab->runUntil(seconds(25));
    QCOMPARE(lab->snapshot()->topics.at(0).minInsyncReplicas, 3);
    QCOMPARE(lab->snapshot()->topics.at(0).configs.at("min.insync.replicas"), std::string("3"));
    // With one broker less, acks=all is refused now.
    QVERIFY(lab->execute(KillBroker{3}).has_value());
    lab->runUntil(seconds(45));
    const int64_t acknowledged = lab->snapshot()->producers.at(0).recordsAcknowledged;
    lab->runUntil(seconds(55));
    QCOMPARE(lab->snapshot()->producers.at(0).recordsAcknowledged, acknowledged);
    command.set.clear();
    command.remove = {"min.insync.replicas"};
    QVERIFY(lab->execute(command).has_value());
    lab->runUntil(seconds(65));
    QVERIFY(lab->snapshot()->producers.at(0).recordsAcknowledged > acknowledged);
    QCOMPARE(lab->snapshot()->topics.at(0).minInsyncReplicas, 1);
  }

  void configsOfBrokersApplyWhileTheyRun() {
    LabDescription description = smallLab();
    description.topics.front().configs.clear();
    description.brokerConfigs["log.retention.check.interval.ms"] = "1000";
    description.brokerConfigs["log.initial.task.delay.ms"] = "1000";
    description.producers = {test::producer("checkout", 200)};
    auto lab = openLab(description);
    lab->runUntil(seconds(60));
    const auto startOffset = [&](size_t broker) {
      return lab->snapshot()->brokers.at(broker).replicas.at(0).logStartOffset;
    };
    QCOMPARE(startOffset(0), base::Offset{0});
    AlterConfigs command;
    command.broker = 0;
    command.set = {{"log.retention.bytes", "65536"}};
    QVERIFY(lab->execute(command).has_value());
    lab->runUntil(seconds(90));
    for (const size_t broker : {size_t{0}, size_t{1}, size_t{2}}) QVERIFY(startOffset(broker) > 0);
  }

  void whatTheControllerRefusesIsTold() {
    auto lab = openLab(smallLab());
    std::vector<world::TraceEvent> events;
    lab->subscribe([&events](const world::TraceEvent& event) { events.push_back(event); });
    lab->runUntil(seconds(10));
    AlterConfigs command;
    command.broker = 1;
    command.set = {{"num.partitions", "3"}};
    QVERIFY(lab->execute(command).has_value());
    lab->runUntil(seconds(12));
    QCOMPARE(refusalIn(events),
             std::string("Altering configs: Cannot update these configs dynamically: [num.partitions]"));
  }

  void thePreferredLeaderReturnsWhenAskedTo() {
    auto lab = openLab(smallLab());
    lab->runUntil(seconds(10));
    const base::BrokerId preferred = partitionOf(*lab, 0).replicas.front();
    QVERIFY(lab->execute(KillBroker{preferred}).has_value());
    lab->runUntil(seconds(30));
    QVERIFY(partitionOf(*lab, 0).leader != preferred);
    QVERIFY(lab->execute(StartBroker{preferred}).has_value());
    lab->runUntil(seconds(60));
    QCOMPARE(partitionOf(*lab, 0).isr.size(), size_t{3});
    QVERIFY(partitionOf(*lab, 0).leader != preferred);
    const base::LeaderEpoch epoch = partitionOf(*lab, 0).leaderEpoch;
    QVERIFY(lab->execute(ElectLeaders{false, {{"orders", 0}}}).has_value());
    lab->runUntil(seconds(62));
    QCOMPARE(partitionOf(*lab, 0).leader, preferred);
    QCOMPARE(partitionOf(*lab, 0).leaderEpoch, epoch + 1);
  }

  void aPartitionMovesAndItsOldReplicaGoes() {
    LabDescription description = smallLab();
    description.brokers = 4;
    description.producers = {test::producer("checkout", 100)};
    description.consumers = {test::consumer("billing")};
    auto lab = openLab(description);
    lab->runUntil(seconds(20));
    const PartitionState before = partitionOf(*lab, 0);
    base::BrokerId outside = 1;
    while (std::find(before.replicas.begin(), before.replicas.end(), outside) != before.replicas.end()) ++outside;
    const base::BrokerId leaving = before.replicas.front();
    const Brokers target{outside, before.replicas[1], before.replicas[2]};
    QVERIFY(lab->execute(ReassignPartition{{"orders", 0}, target}).has_value());
    lab->runUntil(seconds(40));
    const PartitionState after = partitionOf(*lab, 0);
    QVERIFY(after.replicas == target);
    QVERIFY(after.addingReplicas.empty() && after.removingReplicas.empty());
    QCOMPARE(after.isr.size(), size_t{3});
    QVERIFY(after.leader != leaving);
    QVERIFY(hasReplica(*lab, outside, {"orders", 0}));
    QVERIFY(!hasReplica(*lab, leaving, {"orders", 0}));
    const ProducerState producer = lab->snapshot()->producers.at(0);
    QCOMPARE(producer.recordsFailed, int64_t{0});
    QVERIFY(producer.recordsAcknowledged > 1500);
    QVERIFY(lab->snapshot()->consumers.at(0).recordsConsumed > 1500);
  }

  void aMoveSurvivesTheDeathOfItsLeader() {
    LabDescription description = smallLab();
    description.brokers = 4;
    description.producers = {test::producer("checkout", 100)};
    auto lab = openLab(description);
    lab->runUntil(seconds(20));
    const PartitionState before = partitionOf(*lab, 0);
    base::BrokerId outside = 1;
    while (std::find(before.replicas.begin(), before.replicas.end(), outside) != before.replicas.end()) ++outside;
    const Brokers target{outside, before.replicas[1], before.replicas[2]};
    QVERIFY(lab->execute(PauseBroker{outside}).has_value());
    QVERIFY(lab->execute(ReassignPartition{{"orders", 0}, target}).has_value());
    // Should the administrator have asked the broker that stands still, it asks another after request.timeout.ms.
    lab->runUntil(seconds(55));
    QVERIFY(partitionOf(*lab, 0).addingReplicas == Brokers{outside});
    QVERIFY(lab->execute(KillBroker{0, base::TopicPartition{"orders", 0}}).has_value());
    lab->runUntil(seconds(75));
    QVERIFY(partitionOf(*lab, 0).leader != before.leader);
    QVERIFY(lab->execute(ResumeBroker{outside}).has_value());
    lab->runUntil(seconds(120));
    QVERIFY(partitionOf(*lab, 0).replicas == target);
    QCOMPARE(lab->snapshot()->producers.at(0).recordsFailed, int64_t{0});
  }
};

STREAMSCOPE_TEST(AdminCommandsTest);
#include "admin_commands_test.moc"
