// Replication, takeover and return, as stories of a whole cluster.

#include <QtTest>
#include <algorithm>

#include "cluster.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using Brokers = std::vector<base::BrokerId>;
using Values = std::vector<std::string>;

constexpr const char* kTopic = "orders";

}  // namespace

class ReplicationStoryTest : public QObject {
  Q_OBJECT

 private slots:
  void brokersRegisterAndAreUnfenced() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    // A learner waits for this with a wall clock: within 200 ms.
    QVERIFY(cluster.world().now() < base::VirtualTime(200ms));
    for (base::BrokerId id = 1; id <= 3; ++id) {
      QVERIFY(!cluster.broker(id).isFenced());
      QCOMPARE(cluster.broker(id).brokerEpoch(), cluster.image().findBroker(id)->epoch);
    }
  }

  void acksAllIsOnEveryReplica() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const auto answer = cluster.produce(cluster.leaderOf(kTopic), kTopic, {.value = "a"});
    QVERIFY(answer);
    QCOMPARE(answer->errorCode, 0);
    QCOMPARE(answer->baseOffset, 0);
    for (base::BrokerId id = 1; id <= 3; ++id) QCOMPARE(cluster.values(id, kTopic), Values{"a"});
    QCOMPARE(cluster.replica(cluster.leaderOf(kTopic), kTopic)->highWatermark, 1);
    // Followers learn the high watermark with their next fetch.
    QVERIFY(cluster.runUntil([&] {
      for (base::BrokerId id = 1; id <= 3; ++id)
        if (cluster.replica(id, kTopic)->highWatermark != 1) return false;
      return true;
    }));
    QVERIFY(!cluster.all<world::PurgatoryEntered>().empty());
  }

  void acksZeroAndOne() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    cluster.client().send(leader, 12, cluster.produceRequest(kTopic, {.value = "zero", .acks = 0}), false);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "one", .acks = 1}), ErrorCode::NONE);
    QCOMPARE(cluster.values(leader, kTopic), (Values{"zero", "one"}));
    // A failure with acks=0 can only be told by ending the connection, and with it whatever else waits on it.
    const base::BrokerId follower = cluster.followersOf(kTopic).front();
    protocol::FetchRequest longPoll;
    longPoll.maxWaitMs = 30'000;
    longPoll.minBytes = 1'000'000;
    auto& topic = longPoll.topics.emplace_back();
    topic.topicId = cluster.image().findTopic(kTopic)->id;
    topic.partitions.emplace_back().partitionMaxBytes = 1 << 20;
    const size_t waiting =
        cluster.client().send(follower, protocol::FetchRequest::kInfo.versionMax, std::move(longPoll));
    cluster.runFor(1s);
    QVERIFY(!cluster.client().response(waiting));
    cluster.client().send(follower, 12, cluster.produceRequest(kTopic, {.value = "lost", .acks = 0}), false);
    QVERIFY(cluster.runUntil([&] { return cluster.client().response(waiting).has_value(); }, 5s));
    QCOMPARE(cluster.client().response(waiting)->outcome, world::Response::Outcome::Disconnected);
  }

  void anotherIsrMemberTakesOverAndNothingIsLost() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId first = cluster.leaderOf(kTopic);
    QCOMPARE(cluster.produceError(first, kTopic, {.value = "a"}), ErrorCode::NONE);
    QCOMPARE(cluster.produceError(first, kTopic, {.value = "b"}), ErrorCode::NONE);
    const Brokers isr = cluster.partition(kTopic).isr;
    cluster.kill(first);
    QVERIFY(cluster.runUntil([&] { return cluster.leaderOf(kTopic) != first; }, 20s));
    const base::BrokerId second = cluster.leaderOf(kTopic);
    QVERIFY(std::ranges::find(isr, second) != isr.end());
    QVERIFY(cluster.runUntil([&] { return cluster.replica(second, kTopic)->isLeader; }));
    QCOMPARE(cluster.produceError(second, kTopic, {.value = "c"}), ErrorCode::NONE);
    QCOMPARE(cluster.values(second, kTopic), (Values{"a", "b", "c"}));
    QCOMPARE(cluster.partition(kTopic).isr.size(), 2U);
    QVERIFY(cluster.replica(second, kTopic)->leaderEpoch > 0);

    cluster.restart(first);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 60s));
    QCOMPARE(cluster.values(first, kTopic), (Values{"a", "b", "c"}));
    QCOMPARE(cluster.leaderOf(kTopic), second);
  }

  void aReplicaThatLostItsTopicIdKeepsItsRecords() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    // The only copy.
    QVERIFY(cluster.createTopic(kTopic, 1, 1));
    const base::BrokerId only = cluster.leaderOf(kTopic);
    const std::string file = std::string(kTopic) + "-0/partition.metadata";
    for (const char* damaged : {"version: 0\n", "", static_cast<const char*>(nullptr)}) {
      QVERIFY(
          cluster.runUntil([&] { return cluster.replica(only, kTopic) && cluster.replica(only, kTopic)->isLeader; }));
      QCOMPARE(cluster.produceError(only, kTopic, {.value = "a"}), ErrorCode::NONE);
      const Values before = cluster.values(only, kTopic);
      const auto intact = cluster.disk(only).readFile(file);
      QVERIFY(intact.has_value());
      cluster.kill(only);
      if (damaged != nullptr)
        QVERIFY(cluster.disk(only).writeFileAtomically(file, base::asBytes(damaged)).has_value());
      else
        QVERIFY(cluster.disk(only).remove(file).has_value());
      cluster.restart(only);
      QVERIFY(cluster.runUntil([&] { return cluster.allUnfenced(); }, 60s));
      QVERIFY(cluster.runUntil([&] { return cluster.leaderOf(kTopic) == only; }, 60s));
      QCOMPARE(cluster.values(only, kTopic), before);
      QVERIFY(*cluster.disk(only).readFile(file) == *intact);
    }
  }

  void controlledShutdownMovesLeadershipFirst() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId first = cluster.leaderOf(kTopic);
    QCOMPARE(cluster.produceError(first, kTopic, {.value = "a"}), ErrorCode::NONE);
    bool isStopped = false;
    const base::VirtualTime began = cluster.world().now();
    cluster.world().stopNode(world::brokerAddress(first), [&] { isStopped = true; });
    QVERIFY(cluster.runUntil([&] { return isStopped; }, 60s));
    QVERIFY(cluster.world().now() - began < base::Duration(9s));
    QVERIFY(cluster.leaderOf(kTopic) != first);
    QVERIFY(cluster.disk(first).exists(".kafka_cleanshutdown"));
    cluster.restart(first);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic) && cluster.allUnfenced(); }, 60s));
    QVERIFY(cluster.all<world::LogRecovered>().empty());
    QCOMPARE(cluster.values(first, kTopic), Values{"a"});
  }

  void minInsyncReplicasIsKept() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic, 1, 3, {{"min.insync.replicas", "2"}}));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    for (const base::BrokerId follower : cluster.followersOf(kTopic)) cluster.kill(follower);
    // Appended while the ISR still had three members, it is never acknowledged.
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "late", .timeoutMs = 1000}), ErrorCode::REQUEST_TIMED_OUT);
    QVERIFY(cluster.runUntil([&] { return cluster.partition(kTopic).isr == Brokers{leader}; }, 60s));
    QVERIFY(cluster.runUntil([&] { return cluster.broker(leader).image().findPartition(kTopic, 0)->isr.size() == 1; }));
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "refused"}), ErrorCode::NOT_ENOUGH_REPLICAS);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "leader only", .acks = 1}), ErrorCode::NONE);
    QCOMPARE(cluster.replica(leader, kTopic)->highWatermark, 0);
  }

  void aPausedBrokerIsFencedAfterItsSessionAndComesBack() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId paused = cluster.followersOf(kTopic).front();
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    cluster.world().pauseNode(world::brokerAddress(paused));
    QVERIFY(cluster.runUntil([&] { return cluster.image().findBroker(paused)->fenced; }, 15s));
    QCOMPARE(cluster.partition(kTopic).isr.size(), 2U);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    cluster.world().resumeNode(world::brokerAddress(paused));
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 60s));
    QCOMPARE(cluster.values(paused, kTopic), Values{"a"});
  }

  void aFollowerCutOffFromTheLeaderLeavesTheIsrAndReturns() {
    Cluster cluster({.configure = [](BrokerConfig& config) {
      QVERIFY(config.set("replica.lag.time.max.ms", "4000"));
      QVERIFY(config.set("request.timeout.ms", "2000"));
    }});
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    const base::BrokerId follower = cluster.followersOf(kTopic).front();
    cluster.cut(world::brokerAddress(leader), world::brokerAddress(follower));
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    QCOMPARE(cluster.partition(kTopic).isr.size(), 2U);
    // Its heartbeats still reach the controller: it was the leader who removed it.
    QVERIFY(!cluster.image().findBroker(follower)->fenced);
    cluster.heal(world::brokerAddress(leader), world::brokerAddress(follower));
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 60s));
    QCOMPARE(cluster.values(follower, kTopic), Values{"a"});
  }

  void recordsOnlyACutOffLeaderHadAreTruncated() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId old = cluster.leaderOf(kTopic);
    QCOMPARE(cluster.produceError(old, kTopic, {.value = "kept"}), ErrorCode::NONE);
    for (const base::BrokerId other : cluster.followersOf(kTopic))
      cluster.cut(world::brokerAddress(old), world::brokerAddress(other));
    cluster.cut(world::brokerAddress(old), world::controllerAddress(Cluster::kController));
    // The old leader does not know yet and takes it; acks=1 promises no more.
    QCOMPARE(cluster.produceError(old, kTopic, {.value = "lost", .acks = 1}), ErrorCode::NONE);
    QVERIFY(cluster.runUntil([&] { return cluster.leaderOf(kTopic) != old; }, 20s));
    const base::BrokerId next = cluster.leaderOf(kTopic);
    QVERIFY(cluster.runUntil([&] { return cluster.replica(next, kTopic)->isLeader; }));
    QCOMPARE(cluster.produceError(next, kTopic, {.value = "new"}), ErrorCode::NONE);
    QCOMPARE(cluster.values(old, kTopic), (Values{"kept", "lost"}));
    for (base::BrokerId other = 1; other <= 3; ++other)
      if (other != old) cluster.heal(world::brokerAddress(old), world::brokerAddress(other));
    cluster.heal(world::brokerAddress(old), world::controllerAddress(Cluster::kController));
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 120s));
    QCOMPARE(cluster.values(old, kTopic), (Values{"kept", "new"}));
    const auto truncations = cluster.all<world::LogTruncated>();
    QCOMPARE(truncations.size(), 1U);
    QCOMPARE(truncations.front().from, 2);
    QCOMPARE(truncations.front().to, 1);
  }

  void oneHundredIdlePartitionsCostNoMoreEventsThanOne() {
    const auto eventsIn10s = [](int32_t partitions) {
      Cluster cluster;
      if (!cluster.boot() || !cluster.createTopic(kTopic, partitions)) return uint64_t{0};
      cluster.runFor(5s);
      const uint64_t before = cluster.world().eventsRun();
      cluster.runFor(10s);
      return cluster.world().eventsRun() - before;
    };
    const uint64_t three = eventsIn10s(3);
    const uint64_t hundred = eventsIn10s(99);
    QVERIFY(three > 0);
    QVERIFY2(hundred < three + three / 5, qPrintable(QString("%1 and %2").arg(three).arg(hundred)));
  }

  void theSameSeedTellsTheSameStory() {
    const auto tell = [](uint64_t seed) {
      Cluster cluster({.seed = seed});
      cluster.boot();
      cluster.createTopic(kTopic);
      const base::BrokerId leader = cluster.leaderOf(kTopic);
      cluster.produce(leader, kTopic, {.value = "a"});
      cluster.kill(leader);
      cluster.runFor(15s);
      cluster.restart(leader);
      cluster.runFor(15s);
      return cluster.traceHash();
    };
    QCOMPARE(tell(7), tell(7));
    QVERIFY(tell(7) != tell(8));
  }
};

STREAMSCOPE_TEST(ReplicationStoryTest);

}  // namespace streamscope::broker

#include "replication_story_test.moc"
