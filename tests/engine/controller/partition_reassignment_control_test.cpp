#include "partition_reassignment_control.h"

#include <QTest>

#include "controller_world.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::controller;
using base::ErrorCode;
using Brokers = std::vector<base::BrokerId>;

namespace {

struct Result {
  ErrorCode code = ErrorCode::NONE;
  std::string message;
};

/// No target: cancels.
Result reassign(ControllerWorld& lab, base::PartitionId partition, std::optional<Brokers> target,
                bool allowReplicationFactorChange = true, const std::string& topic = "orders") {
  protocol::AlterPartitionReassignmentsRequest request;
  request.allowReplicationFactorChange = allowReplicationFactorChange;
  request.topics.push_back({topic, {{partition, std::move(target)}}});
  const auto response = lab.ask<protocol::AlterPartitionReassignmentsResponse>(1, 1, request);
  const auto& answered = response.responses.at(0).partitions.at(0);
  return {static_cast<ErrorCode>(answered.errorCode), answered.errorMessage.value_or("")};
}

size_t ongoing(ControllerWorld& lab) {
  const auto response =
      lab.ask<protocol::ListPartitionReassignmentsResponse>(1, 0, protocol::ListPartitionReassignmentsRequest());
  size_t partitions = 0;
  for (const auto& topic : response.topics) partitions += topic.partitions.size();
  return partitions;
}

/// What the leader tells once a follower has caught up.
protocol::AlterPartitionResponse::PartitionData propose(ControllerWorld& lab, base::BrokerId leader,
                                                        const Brokers& isr) {
  const PartitionRegistration& now = *lab.image().findPartition("orders", 0);
  protocol::AlterPartitionRequest request;
  request.brokerId = leader;
  request.brokerEpoch = lab.brokerEpoch(leader);
  auto& topic = request.topics.emplace_back();
  topic.topicId = lab.image().findTopic("orders")->id;
  auto& partition = topic.partitions.emplace_back();
  partition.leaderEpoch = now.leaderEpoch;
  partition.partitionEpoch = now.partitionEpoch;
  for (const base::BrokerId broker : isr) partition.newIsrWithEpochs.push_back({broker, lab.brokerEpoch(broker)});
  return lab.ask<protocol::AlterPartitionResponse>(leader, 3, request).topics.at(0).partitions.at(0);
}

}  // namespace

class PartitionReassignmentControlTest : public QObject {
  Q_OBJECT
 private slots:
  void movesAPartitionInTwoSteps() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QVERIFY(reassign(lab, 0, Brokers{3, 2}).code == ErrorCode::NONE);
    const PartitionRegistration& partition = *lab.image().findPartition("orders", 0);
    QVERIFY(partition.replicas == (Brokers{3, 2, 1}));
    QVERIFY(partition.addingReplicas == Brokers{3});
    QVERIFY(partition.removingReplicas == Brokers{1});
    QVERIFY(partition.isr == (Brokers{1, 2}));
    QCOMPARE(partition.leader, 1);
    QCOMPARE(partition.leaderEpoch, 0);
    QVERIFY(partition.directories == (std::vector<base::Uuid>{directoryOf(3), directoryOf(2), directoryOf(1)}));
    QCOMPARE(ongoing(lab), size_t{1});

    // The old leader brings the new replica into the ISR, and is no replica any more by that.
    QCOMPARE(propose(lab, 1, {1, 2, 3}).errorCode, static_cast<int16_t>(ErrorCode::NEW_LEADER_ELECTED));
    QVERIFY(partition.replicas == (Brokers{3, 2}));
    QVERIFY(partition.isr == (Brokers{2, 3}));
    QCOMPARE(partition.leader, 3);
    QCOMPARE(partition.leaderEpoch, 1);
    QVERIFY(partition.directories == (std::vector<base::Uuid>{directoryOf(3), directoryOf(2)}));
    QCOMPARE(ongoing(lab), size_t{0});
    const auto told = lab.told<world::PartitionReassigned>();
    QCOMPARE(told.size(), size_t{2});
    QCOMPARE(told[0].change, std::string("started"));
    QCOMPARE(told[1].change, std::string("completed"));
  }

  void aLeaderThatStaysLeadsOnInANewEpoch() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QVERIFY(reassign(lab, 0, Brokers{1, 3}).code == ErrorCode::NONE);
    const auto answered = propose(lab, 1, {1, 2, 3});
    QCOMPARE(answered.errorCode, int16_t{0});
    QCOMPARE(answered.leaderEpoch, 1);
    QVERIFY(answered.isr == (Brokers{1, 3}));
    QVERIFY(lab.image().findPartition("orders", 0)->replicas == (Brokers{1, 3}));
  }

  void onlyAnotherOrderIsDoneAtOnce() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QVERIFY(reassign(lab, 0, Brokers{2, 1}).code == ErrorCode::NONE);
    QVERIFY(lab.image().findPartition("orders", 0)->replicas == (Brokers{2, 1}));
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 1);
    QCOMPARE(ongoing(lab), size_t{0});
  }

  void goesBackWhenCancelled() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QVERIFY(reassign(lab, 0, Brokers{3}).code == ErrorCode::NONE);
    QVERIFY(reassign(lab, 0, std::nullopt).code == ErrorCode::NONE);
    QVERIFY(lab.image().findPartition("orders", 0)->replicas == (Brokers{1, 2}));
    QCOMPARE(lab.told<world::PartitionReassigned>().back().change, std::string("cancelled"));
    const Result again = reassign(lab, 0, std::nullopt);
    QVERIFY(again.code == ErrorCode::NO_REASSIGNMENT_IN_PROGRESS);
    QCOMPARE(again.message, std::string("No partition reassignment is in progress."));
  }

  void refusesWithKafkasSentences() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QCOMPARE(reassign(lab, 9, Brokers{1}).message, std::string("Unable to find partition orders:9."));
    QCOMPARE(reassign(lab, 0, Brokers{1}, true, "nope").message, std::string("Unable to find a topic named nope."));
    QCOMPARE(reassign(lab, 0, Brokers{9}).message,
             std::string("The manual partition assignment includes broker 9, but no such broker is registered."));
    QCOMPARE(reassign(lab, 0, Brokers{1, 1}).message,
             std::string("The manual partition assignment includes the broker 1 more than once."));
    const Result grown = reassign(lab, 0, Brokers{1, 2, 3}, /*allowReplicationFactorChange=*/false);
    QVERIFY(grown.code == ErrorCode::INVALID_REPLICATION_FACTOR);
    QCOMPARE(grown.message, std::string("The replication factor is changed from 2 to 3"));
    QVERIFY(reassign(lab, 0, Brokers{3, 2}, /*allowReplicationFactorChange=*/false).code == ErrorCode::NONE);
  }
};

STREAMSCOPE_TEST(PartitionReassignmentControlTest);
#include "partition_reassignment_control_test.moc"
