// Disks that fail under a broker. Kafka: a failed sync takes the log directory offline (LogDirFailureChannel), and a
// broker whose only directory is offline halts (LogManager.handleLogDirFailure).

#include <QTest>
#include <filesystem>

#include "cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::broker;
using namespace std::chrono_literals;
using base::ErrorCode;

namespace {

constexpr const char* kTopic = "orders";
using Values = std::vector<std::string>;

/// Every append is synced before it is answered.
const std::map<std::string, std::string> kSynced = {{"flush.messages", "1"}, {"min.insync.replicas", "2"}};

bool leads(Cluster& cluster, base::BrokerId id) {
  const auto view = cluster.replica(id, kTopic);
  return view && view->isLeader;
}

}  // namespace

class StorageFailureStoryTest : public QObject {
  Q_OBJECT
 private slots:
  void aFailedSyncMovesTheLeaderAndLosesNothingAcknowledged() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic, 1, 3, kSynced));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    for (const char* value : {"a", "b"})
      QCOMPARE(cluster.produceError(leader, kTopic, {.value = value}), ErrorCode::NONE);

    cluster.disk(leader).setSyncFails(true);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "unsynced"}), ErrorCode::KAFKA_STORAGE_ERROR);
    const auto failures = cluster.all<world::LogDirectoryFailed>();
    QCOMPARE(failures.size(), size_t{1});
    QCOMPARE(failures.front().node, world::brokerAddress(leader));
    const std::string file = (std::filesystem::path("orders-0") / "00000000000000000000.log").string();
    QVERIFY2(failures.front().reason.find(file) != std::string::npos, failures.front().reason.c_str());
    QVERIFY2(failures.front().reason.find("sync") != std::string::npos, failures.front().reason.c_str());

    QVERIFY(cluster.runUntil([&] { return cluster.leaderOf(kTopic) != leader; }, 20s));
    const base::BrokerId next = cluster.leaderOf(kTopic);
    QVERIFY(cluster.runUntil([&] { return leads(cluster, next); }));
    QCOMPARE(cluster.produceError(next, kTopic, {.value = "c"}), ErrorCode::NONE);
    QCOMPARE(cluster.values(next, kTopic), (Values{"a", "b", "c"}));

    // The machine loses what the disk could not promise.
    cluster.kill(leader);
    cluster.memory(leader).crash();
    cluster.disk(leader).setSyncFails(false);
    cluster.restart(leader);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 60s));
    QCOMPARE(cluster.values(leader, kTopic), (Values{"a", "b", "c"}));
  }

  /// The other end of the same fault: the disk kept what it could not promise.
  void whatAFailedSyncLeftIsTruncated() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic, 1, 3, kSynced));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    cluster.disk(leader).setSyncFails(true);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "unsynced"}), ErrorCode::KAFKA_STORAGE_ERROR);
    QVERIFY(cluster.runUntil([&] { return cluster.leaderOf(kTopic) != leader; }, 20s));
    const base::BrokerId next = cluster.leaderOf(kTopic);
    QVERIFY(cluster.runUntil([&] { return leads(cluster, next); }));
    QCOMPARE(cluster.produceError(next, kTopic, {.value = "b"}), ErrorCode::NONE);
    cluster.kill(leader);
    cluster.disk(leader).setSyncFails(false);
    cluster.restart(leader);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 60s));
    QCOMPARE(cluster.values(leader, kTopic), (Values{"a", "b"}));
  }

  void aFollowerWhoseSyncFailsLeavesTheIsr() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic, 1, 3, kSynced));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    const base::BrokerId follower = cluster.followersOf(kTopic).front();
    cluster.disk(follower).setSyncFails(true);
    // Acknowledged once the follower does not count any more.
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    QCOMPARE(cluster.all<world::LogDirectoryFailed>().front().node, world::brokerAddress(follower));
    QCOMPARE(cluster.partition(kTopic).isr.size(), size_t{2});
    QCOMPARE(cluster.leaderOf(kTopic), leader);
    QVERIFY(cluster.runUntil([&] { return cluster.image().findBroker(follower)->fenced; }, 20s));

    cluster.kill(follower);
    cluster.memory(follower).crash();
    cluster.disk(follower).setSyncFails(false);
    cluster.restart(follower);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }, 60s));
    QCOMPARE(cluster.values(follower, kTopic), Values{"a"});
  }

  /// No client writes: the checkpoint of the high watermarks is what meets the fault.
  void anIdleBrokerMeetsAFailedSyncInItsCheckpoints() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    cluster.disk(leader).setSyncFails(true);
    QVERIFY(cluster.runUntil([&] { return cluster.leaderOf(kTopic) != leader; }, 60s));
    const auto failures = cluster.all<world::LogDirectoryFailed>();
    QCOMPARE(failures.size(), size_t{1});
    QVERIFY2(failures.front().reason.find("checkpoint") != std::string::npos, failures.front().reason.c_str());
    QCOMPARE(cluster.values(cluster.leaderOf(kTopic), kTopic), Values{"a"});
  }

  void aDamagedFileOfTheDirectoryIsTold() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic(kTopic));
    const base::BrokerId leader = cluster.leaderOf(kTopic);
    QCOMPARE(cluster.produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    bool isStopped = false;
    cluster.world().stopNode(world::brokerAddress(leader), [&] { isStopped = true; });
    QVERIFY(cluster.runUntil([&] { return isStopped; }, 60s));
    QVERIFY(cluster.all<world::LogDirectoryFileDamaged>().empty());
    const std::string file = "replication-offset-checkpoint";
    QVERIFY(cluster.disk(leader).writeFileAtomically(file, base::asBytes("0\n1\norders 0")).has_value());
    cluster.restart(leader);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic) && cluster.allUnfenced(); }, 60s));
    const auto told = cluster.all<world::LogDirectoryFileDamaged>();
    QCOMPARE(told.size(), size_t{1});
    QCOMPARE(told.front().node, world::brokerAddress(leader));
    QCOMPARE(told.front().file, file);
    QVERIFY2(told.front().reason.starts_with(file), told.front().reason.c_str());
    QCOMPARE(cluster.values(leader, kTopic), Values{"a"});
  }
};

STREAMSCOPE_TEST(StorageFailureStoryTest);
#include "storage_failure_story_test.moc"
