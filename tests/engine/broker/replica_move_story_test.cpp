// Replicas that move between the log directories of their broker. Sources: KIP-113, KIP-858; Kafka's
// ReplicaAlterLogDirsThread, LogManager.recoverAbandonedFutureLogs.

#include <QTest>

#include "cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::broker;
using namespace std::chrono_literals;
using base::ErrorCode;

namespace {

constexpr const char* kTopic = "orders";
constexpr base::BrokerId kMover = 2;
constexpr const char* kThrottle = "replica.alter.log.dirs.io.max.bytes.per.second";

/// Three brokers with two log directories each; all replicas of the one partition are in the first.
struct Scene {
  explicit Scene(const std::map<std::string, std::string>& topicConfigs = {}, int64_t bytesPerSecondMax = INT64_MAX)
      : cluster({.configure = [bytesPerSecondMax](BrokerConfig& config) {
          config.logDirectories = 2;
          config.alterLogDirsIoMaxBytesPerSecond = bytesPerSecondMax;
        }}) {
    isReady = cluster.boot() && cluster.createTopic(kTopic, 1, 3, topicConfigs);
  }

  bool produce(int count, size_t bytes = 10) {
    for (int i = 0; i < count; ++i) {
      const std::string value = std::to_string(produced++) + std::string(bytes, '.');
      if (cluster.produceError(cluster.leaderOf(kTopic), kTopic, {.value = value}) != ErrorCode::NONE) return false;
    }
    return true;
  }
  ErrorCode move(const std::string& path, base::PartitionId partition = 0) {
    protocol::AlterReplicaLogDirsRequest request;
    request.dirs.push_back({path, {{kTopic, {partition}}}});
    const auto answer = cluster.call<protocol::AlterReplicaLogDirsResponse>(kMover, request);
    return static_cast<ErrorCode>(answer->results.at(0).partitions.at(0).errorCode);
  }
  /// -1 when it has none.
  int32_t directory() {
    const auto replica = cluster.replica(kMover, kTopic);
    return replica ? replica->logDirectory : -1;
  }
  bool restart() {
    cluster.restart(kMover);
    return cluster.runUntil([&] { return cluster.replica(kMover, kTopic).has_value(); }) &&
           cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); });
  }
  bool hasMoved() {
    return cluster.runUntil([&] { return !cluster.all<world::FutureReplicaPromoted>().empty(); });
  }
  /// Where the controller has the replica.
  base::Uuid assigned() {
    const auto partition = cluster.partition(kTopic);
    const auto index = std::ranges::find(partition.replicas, kMover) - partition.replicas.begin();
    return partition.directories.at(static_cast<size_t>(index));
  }
  base::Uuid idOf(int32_t place) { return cluster.broker(kMover).logDirectories().at(static_cast<size_t>(place)).id; }
  bool exists(const std::string& path) { return cluster.disk(kMover).exists(path); }
  /// The directory of the copy that is on its way, or "".
  std::string future() {
    const auto entries = cluster.disk(kMover).list("logs-2");
    for (const storage::DirectoryEntry& entry : *entries)
      if (entry.name.ends_with("-future")) return "logs-2/" + entry.name;
    return "";
  }

  Cluster cluster;
  bool isReady = false;
  int produced = 0;
};

}  // namespace

class ReplicaMoveStoryTest : public QObject {
  Q_OBJECT
 private slots:
  void aFollowerMovesWhileRecordsCome() {
    Scene scene;
    QVERIFY(scene.isReady && scene.produce(20));
    QCOMPARE(scene.directory(), 0);
    QVERIFY(scene.exists("logs-1/orders-0"));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    QVERIFY(!scene.future().empty());
    QVERIFY(scene.produce(5));
    QVERIFY(scene.hasMoved());
    QCOMPARE(scene.directory(), 1);
    QVERIFY(scene.exists("logs-2/orders-0"));
    QVERIFY(!scene.exists("logs-1/orders-0"));
    QVERIFY(scene.future().empty());
    QCOMPARE(scene.assigned(), scene.idOf(1));
    QVERIFY(scene.produce(5));
    QVERIFY(scene.cluster.runUntil([&] { return scene.cluster.isIsrComplete(kTopic); }));
    QVERIFY(scene.cluster.runUntil([&] { return scene.cluster.replica(kMover, kTopic)->highWatermark == 30; }));
    QCOMPARE(scene.cluster.values(kMover, kTopic), scene.cluster.values(scene.cluster.leaderOf(kTopic), kTopic));

    scene.cluster.kill(kMover);
    QVERIFY(scene.restart());
    QCOMPARE(scene.directory(), 1);
  }

  void aLeaderMoves() {
    Scene scene;
    QVERIFY(scene.isReady);
    while (scene.cluster.leaderOf(kTopic) != kMover) {
      const base::BrokerId leader = scene.cluster.leaderOf(kTopic);
      scene.cluster.kill(leader);
      QVERIFY(scene.cluster.runUntil([&] {
        const base::BrokerId next = scene.cluster.leaderOf(kTopic);
        return next != leader && next != base::kNoBroker;
      }));
      scene.cluster.restart(leader);
      QVERIFY(scene.cluster.runUntil([&] { return scene.cluster.isIsrComplete(kTopic); }));
    }
    QVERIFY(scene.produce(10));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    QVERIFY(scene.hasMoved());
    QVERIFY(scene.produce(10));
    QCOMPARE(scene.cluster.leaderOf(kTopic), kMover);
    QCOMPARE(scene.cluster.replica(kMover, kTopic)->logEndOffset, 20);
    QVERIFY(scene.cluster.runUntil([&] { return scene.cluster.replica(kMover, kTopic)->highWatermark == 20; }));
  }

  void describeLogDirsTellsOfTheCopy() {
    Scene scene({}, 1000);
    QVERIFY(scene.isReady && scene.produce(20, 100'000));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    scene.cluster.runFor(500ms);
    const auto answer =
        scene.cluster.call<protocol::DescribeLogDirsResponse>(kMover, protocol::DescribeLogDirsRequest{});
    QCOMPARE(answer->results.size(), size_t{2});
    QCOMPARE(answer->results[0].topics.at(0).partitions.at(0).isFutureKey, false);
    const auto& copy = answer->results[1].topics.at(0).partitions.at(0);
    QVERIFY(copy.isFutureKey);
    QVERIFY(copy.offsetLag > 0 && copy.offsetLag < 20);
    QVERIFY(copy.partitionSize > 0 &&
            copy.partitionSize < answer->results[0].topics.at(0).partitions.at(0).partitionSize);
    QVERIFY(scene.hasMoved());
  }

  void whatCannotMoveIsRefusedAsInKafka() {
    Scene scene;
    QVERIFY(scene.isReady);
    QCOMPARE(scene.move("broker-2/logs-3"), ErrorCode::LOG_DIR_NOT_FOUND);
    QCOMPARE(scene.move("broker-2/logs-2", 7), ErrorCode::REPLICA_NOT_AVAILABLE);
    QCOMPARE(scene.move("broker-2/logs-1"), ErrorCode::NONE);
    QVERIFY(scene.cluster.all<world::FutureReplicaCreated>().empty());
  }

  /// Kafka: LogManager.maybeUpdatePreferredLogDir.
  void aReplicaThatIsNotHereYetIsCreatedWhereItWasAskedToBe() {
    Scene scene;
    QVERIFY(scene.isReady);
    protocol::AlterReplicaLogDirsRequest request;
    request.dirs.push_back({"broker-2/logs-1", {{"payments", {0}}}});
    const auto answer = scene.cluster.call<protocol::AlterReplicaLogDirsResponse>(kMover, request);
    QCOMPARE(answer->results.at(0).partitions.at(0).errorCode, static_cast<int16_t>(ErrorCode::REPLICA_NOT_AVAILABLE));
    QVERIFY(scene.cluster.createTopic("payments"));
    QVERIFY(scene.cluster.runUntil([&] { return scene.cluster.replica(kMover, "payments").has_value(); }));
    // The second directory has fewer.
    QCOMPARE(scene.cluster.replica(kMover, "payments")->logDirectory, 0);
  }

  void theWayBackEndsTheMove() {
    Scene scene({}, 1000);
    QVERIFY(scene.isReady && scene.produce(20, 100'000));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    scene.cluster.runFor(500ms);
    QCOMPARE(scene.move("broker-2/logs-1"), ErrorCode::NONE);
    QCOMPARE(scene.cluster.all<world::FutureReplicaRemoved>().size(), size_t{1});
    QVERIFY(scene.future().empty());
    scene.cluster.runFor(300s);
    QCOMPARE(scene.directory(), 0);
    QCOMPARE(scene.assigned(), scene.idOf(0));
  }

  void aDeletedTopicTakesTheCopyWithIt() {
    Scene scene({}, 1000);
    QVERIFY(scene.isReady && scene.produce(20, 100'000));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    scene.cluster.runFor(500ms);
    protocol::DeleteTopicsRequest request;
    request.topics.push_back({kTopic, {}});
    QCOMPARE(scene.cluster.call<protocol::DeleteTopicsResponse>(1, request)->responses[0].errorCode, 0);
    scene.cluster.runFor(70s);
    QVERIFY(scene.future().empty());
    QCOMPARE(scene.cluster.disk(kMover).list("logs-2")->size(), scene.cluster.disk(1).list("logs-2")->size());
  }

  void theCopyGoesOnAfterARestart() {
    Scene scene({}, 1000);
    QVERIFY(scene.isReady && scene.produce(20, 100'000));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    scene.cluster.runFor(500ms);
    const std::string copy = scene.future();
    scene.cluster.kill(kMover);
    QVERIFY(scene.restart());
    QVERIFY(scene.exists(copy) || scene.directory() == 1);
    QVERIFY(scene.hasMoved());
    QCOMPARE(scene.directory(), 1);
    QCOMPARE(scene.cluster.all<world::FutureReplicaCreated>().size(), size_t{1});
    QCOMPARE(scene.cluster.values(kMover, kTopic).size(), size_t{20});
  }

  /// Compaction would make of the copy neither what was nor what is.
  void aMovingLogIsNotCompacted() {
    Scene scene({{"cleanup.policy", "compact"}, {"segment.bytes", "2000000"}, {"min.cleanable.dirty.ratio", "0.01"}},
                1000);
    QVERIFY(scene.isReady);
    for (int i = 0; i < 60; ++i)
      QCOMPARE(scene.cluster.produceError(scene.cluster.leaderOf(kTopic), kTopic,
                                          {.value = std::string(100'000, 'x'), .key = "k"}),
               ErrorCode::NONE);
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    const auto cleanedHere = [&] {
      size_t count = 0;
      for (const auto& cleaned : scene.cluster.all<world::LogCleaned>())
        count += cleaned.node == world::brokerAddress(kMover) && cleaned.partition.topic == kTopic ? 1U : 0U;
      return count;
    };
    const size_t before = cleanedHere();
    QVERIFY(scene.hasMoved());
    QCOMPARE(cleanedHere(), before);
    QVERIFY(scene.cluster.runUntil([&] { return cleanedHere() > before; }));
  }

  // The process ends in the middle of the last step.

  void aCopyTheControllerCountsOnBecomesTheReplicaAtTheStart() {
    Scene scene;
    QVERIFY(scene.isReady && scene.produce(20));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    QVERIFY(scene.hasMoved());
    scene.cluster.kill(kMover);
    auto& disk = scene.cluster.disk(kMover);
    QVERIFY(disk.rename("logs-2/orders-0", "logs-2/orders-0.0123456789abcdef0123456789abcdef-future").has_value());
    QVERIFY(scene.restart());
    QCOMPARE(scene.directory(), 1);
    QCOMPARE(scene.cluster.values(kMover, kTopic).size(), size_t{20});
  }

  void ofTwoReplicasTheOneTheControllerCountsOnStays() {
    Scene scene;
    QVERIFY(scene.isReady && scene.produce(20));
    QCOMPARE(scene.move("broker-2/logs-2"), ErrorCode::NONE);
    QVERIFY(scene.hasMoved());
    // What `remove` made of the old one.
    std::string old;
    const auto entries = scene.cluster.disk(kMover).list("logs-1");
    for (const storage::DirectoryEntry& entry : *entries)
      if (entry.name.ends_with("-delete")) old = "logs-1/" + entry.name;
    QVERIFY(!old.empty());
    scene.cluster.kill(kMover);
    QVERIFY(scene.cluster.disk(kMover).rename(old, "logs-1/orders-0").has_value());
    QVERIFY(scene.restart());
    QCOMPARE(scene.directory(), 1);
    QVERIFY(!scene.exists("logs-1/orders-0"));
  }
};

STREAMSCOPE_TEST(ReplicaMoveStoryTest);

#include "replica_move_story_test.moc"
