#include "leader_election.h"

#include <QTest>

#include "controller_world.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::controller;
using base::ErrorCode;
using Request = protocol::ElectLeadersRequest;

namespace {

constexpr int8_t kPreferred = 0, kUnclean = 1;

/// Of one partition.
ErrorCode elect(ControllerWorld& lab, int8_t type, const std::string& topic, base::PartitionId partition) {
  Request request;
  request.electionType = type;
  request.topicPartitions.emplace().push_back({topic, {partition}});
  const auto response = lab.ask<protocol::ElectLeadersResponse>(1, 2, request);
  return static_cast<ErrorCode>(response.replicaElectionResults.at(0).partitionResult.at(0).errorCode);
}

/// Silent for longer than its session; the others go on.
void loseBroker(ControllerWorld& lab, base::BrokerId lost) {
  for (int second = 0; second < 12; ++second) {
    lab.pass(std::chrono::seconds(1));
    for (const base::BrokerId broker : {1, 2, 3})
      if (broker != lost) lab.heartbeat(broker);
  }
}

}  // namespace

class LeaderElectionTest : public QObject {
  Q_OBJECT
 private slots:
  void thePreferredLeaderLeadsAgainOnceItIsInSync() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QVERIFY(elect(lab, kPreferred, "orders", 0) == ErrorCode::ELECTION_NOT_NEEDED);
    loseBroker(lab, 1);
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 2);
    QVERIFY(elect(lab, kPreferred, "orders", 0) == ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE);
    lab.heartbeat(1);
    QVERIFY(elect(lab, kPreferred, "orders", 0) == ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE);

    protocol::AlterPartitionRequest request;
    request.brokerId = 2;
    request.brokerEpoch = lab.brokerEpoch(2);
    auto& topic = request.topics.emplace_back();
    topic.topicId = lab.image().findTopic("orders")->id;
    auto& partition = topic.partitions.emplace_back();
    partition.leaderEpoch = lab.image().findPartition("orders", 0)->leaderEpoch;
    partition.partitionEpoch = lab.image().findPartition("orders", 0)->partitionEpoch;
    partition.newIsrWithEpochs = {{2, -1}, {1, -1}};
    lab.ask<protocol::AlterPartitionResponse>(2, 3, request);
    QVERIFY(elect(lab, kPreferred, "orders", 0) == ErrorCode::NONE);
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 1);
    QCOMPARE(lab.image().findPartition("orders", 0)->leaderEpoch, 2);
  }

  void anUncleanElectionNeedsOnlySomebodyAlive() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    loseBroker(lab, 2);
    loseBroker(lab, 1);
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, base::kNoBroker);
    QVERIFY(elect(lab, kUnclean, "orders", 0) == ErrorCode::NONE);
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 2);
    QVERIFY(lab.image().findPartition("orders", 0)->isr == std::vector<base::BrokerId>{2});
    QVERIFY(elect(lab, kUnclean, "orders", 0) == ErrorCode::ELECTION_NOT_NEEDED);
  }

  void allPartitionsLeaveOutThoseThatNeedNone() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}, {2, 3}});
    loseBroker(lab, 1);
    Request request;
    request.electionType = kPreferred;
    const auto response = lab.ask<protocol::ElectLeadersResponse>(2, 2, request);
    const auto& results = response.replicaElectionResults.at(0).partitionResult;
    QCOMPARE(results.size(), size_t{1});
    QCOMPARE(results.at(0).partitionId, 0);
    QVERIFY(elect(lab, kPreferred, "nope", 0) == ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    QVERIFY(elect(lab, kPreferred, "orders", 9) == ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    request.electionType = 7;
    QCOMPARE(lab.ask<protocol::ElectLeadersResponse>(2, 2, request).errorCode,
             static_cast<int16_t>(ErrorCode::INVALID_REQUEST));
  }
};

STREAMSCOPE_TEST(LeaderElectionTest);
#include "leader_election_test.moc"
