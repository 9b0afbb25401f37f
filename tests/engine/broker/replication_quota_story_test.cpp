// Replication that is held back (KIP-73), as stories of a whole cluster.

#include <QtTest>

#include "cluster.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;

constexpr const char* kTopic = "orders";
constexpr int64_t kRate = 4000;

enum class Throttle { Nobody, Leader, Follower };

/// How long a follower that was down needs to come back into the ISR when it has some 80 kB to fetch.
base::Duration returnTime(Throttle throttle, std::vector<world::ReplicationThrottled>& told) {
  Cluster cluster({.configure = [](BrokerConfig& config) {
    config.leaderReplicationThrottledRate = kRate;
    config.followerReplicationThrottledRate = kRate;
    config.replicaFetchMaxBytes = 1000;
    config.replicaLagTimeMax = 5s;
  }});
  std::map<std::string, std::string> configs;
  if (throttle == Throttle::Leader) configs = {{"leader.replication.throttled.replicas", "*"}};
  if (throttle == Throttle::Follower) configs = {{"follower.replication.throttled.replicas", "*"}};
  if (!cluster.boot() || !cluster.createTopic(kTopic, 1, 3, configs)) qFatal("no cluster");
  const base::BrokerId leader = cluster.leaderOf(kTopic), follower = cluster.followersOf(kTopic).front();
  cluster.kill(follower);
  if (!cluster.runUntil([&] { return cluster.partition(kTopic).isr.size() == 2; })) qFatal("no shrink");
  const base::VirtualTime begin = cluster.world().now();
  // Who is in sync is not held back: nobody waits for a quota here.
  for (int i = 0; i < 80; ++i)
    if (cluster.produceError(leader, kTopic, {.value = std::string(1000, 'x')}) != ErrorCode::NONE) qFatal("refused");
  if (cluster.world().now() - begin > 5s) qFatal("those in sync were held back");
  cluster.runFor(20s);
  cluster.restart(follower);
  if (!cluster.runUntil([&] { return !cluster.broker(follower).isFenced(); })) qFatal("fenced");
  const base::VirtualTime back = cluster.world().now();
  if (!cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 600s)) qFatal("never in sync");
  told = cluster.all<world::ReplicationThrottled>();
  return cluster.world().now() - back;
}

}  // namespace

class ReplicationQuotaStoryTest : public QObject {
  Q_OBJECT

 private slots:
  void aThrottledFollowerReturnsAtTheRateAllowed() {
    std::vector<world::ReplicationThrottled> told;
    QVERIFY(returnTime(Throttle::Nobody, told) < 5s);
    QVERIFY(told.empty());
    for (const Throttle throttle : {Throttle::Leader, Throttle::Follower}) {
      // 80 batches of 1000 bytes and a little at 4000 bytes a second.
      const base::Duration took = returnTime(throttle, told);
      QVERIFY2(took > 18s && took < 30s, qPrintable(QString::number(took / 1ms)));
      QVERIFY(!told.empty());
      for (const auto& each : told) QCOMPARE(each.asLeader, throttle == Throttle::Leader);
    }
  }
};

STREAMSCOPE_TEST(ReplicationQuotaStoryTest);

}  // namespace streamscope::broker

#include "replication_quota_story_test.moc"
