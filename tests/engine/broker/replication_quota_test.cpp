#include "replication_quota.h"

#include <QtTest>

#include "node_fakes.h"
#include "support/test_registry.h"

namespace streamscope::broker {

using namespace std::chrono_literals;

class ReplicationQuotaTest : public QObject {
  Q_OBJECT

 private slots:
  void throttledReplicasAreThoseOfThisBroker() {
    NodeFakes node;
    BrokerConfig config;
    config.nodeId = 2;
    ReplicationQuota leader(node.context, config, ReplicationQuota::Role::Leader);
    const std::string key = "leader.replication.throttled.replicas";
    leader.setTopicConfigs("t", {{key, "0:1, 1:2,2:2,3:22"}, {"follower.replication.throttled.replicas", "*"}});
    std::vector<base::PartitionId> throttled;
    for (base::PartitionId partition = 0; partition < 5; ++partition)
      if (leader.isThrottled({"t", partition})) throttled.push_back(partition);
    QCOMPARE(throttled, (std::vector<base::PartitionId>{1, 2}));
    QVERIFY(!leader.isThrottled({"u", 1}));
    leader.setTopicConfigs("t", {{key, "*"}});
    QVERIFY(leader.isThrottled({"t", 4}));
    leader.setTopicConfigs("t", {{key, ""}});
    QVERIFY(!leader.isThrottled({"t", 1}));
    leader.setTopicConfigs("t", {{key, "*"}});
    leader.setTopicConfigs("t", {});
    QVERIFY(!leader.isThrottled({"t", 1}));
  }

  void isExceededAboveTheRateAndTellsOnce() {
    NodeFakes node;
    BrokerConfig config;
    config.followerReplicationThrottledRate = 1000;
    ReplicationQuota follower(node.context, config, ReplicationQuota::Role::Follower);
    follower.record(1000);
    QVERIFY(!follower.isExceeded());
    follower.record(1);
    QVERIFY(follower.isExceeded());
    QVERIFY(follower.isExceeded());
    node.timers.advance(2s);
    QVERIFY(!follower.isExceeded());
    QCOMPARE(node.trace.events.size(), size_t{2});
    const auto& told = std::get<world::ReplicationThrottled>(node.trace.events.front());
    QCOMPARE(told.asLeader, false);
    QCOMPARE(told.isThrottled, true);
    QCOMPARE(told.bytesPerSecond, 1001);
    QCOMPARE(told.bytesPerSecondMax, 1000);
    follower.setBytesPerSecondMax(100);
    QVERIFY(follower.isExceeded());
  }
};

STREAMSCOPE_TEST(ReplicationQuotaTest);

}  // namespace streamscope::broker

#include "replication_quota_test.moc"
