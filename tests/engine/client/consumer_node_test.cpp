#include "client/consumer_node.h"

#include <QTest>

#include "log/end_transaction_marker.h"
#include "scripted_broker.h"
#include "support/test_registry.h"

using namespace streamscope;
using client::AutoOffsetReset;
using client::ConsumerConfig;
using client::ConsumerNode;
using test::ScriptedCluster;

namespace {

std::vector<std::string> manyValues(int count) {
  std::vector<std::string> values;
  for (int i = 0; i < count; ++i) values.push_back("value-" + std::to_string(i));
  return values;
}

struct Scene {
  explicit Scene(int partitions) {
    cluster.partitions.resize(static_cast<size_t>(partitions));
    config.clientId = "billing";
    config.bootstrapBrokers = {1};
    config.topics = {"orders"};
    config.autoOffsetReset = AutoOffsetReset::Earliest;
  }
  void start() {
    for (const base::BrokerId broker : cluster.brokers) test::addScriptedBroker(world, broker, cluster);
    world.subscribe([this](const world::TraceEvent& event) {
      if (const auto* consumed = std::get_if<world::RecordsConsumed>(&event.payload)) steps.push_back(*consumed);
      if (const auto* changed = std::get_if<world::ReadReplicaChanged>(&event.payload)) changes.push_back(*changed);
    });
    world.addNode(
        address, [this](world::NodeContext& context) { return std::make_unique<ConsumerNode>(context, config); },
        nullptr);
    world.startNode(address);
  }
  void runFor(base::Duration duration) { world.runUntil(world.now() + duration); }
  ConsumerNode::Statistics statistics() const { return static_cast<ConsumerNode*>(world.node(address))->statistics(); }

  world::World world{world::WorldConfig{}};
  ScriptedCluster cluster;
  ConsumerConfig config;
  world::Address address = world::clientAddress(1);
  std::vector<world::RecordsConsumed> steps;
  std::vector<world::ReadReplicaChanged> changes;
};

/// A consumer in rack "b", where broker 2 follows.
struct RackScene : Scene {
  RackScene() : Scene(1) {
    cluster.brokers = {1, 2};
    cluster.readReplicas["b"] = {.broker = 2};
    config.clientRack = "b";
    cluster.append(0, manyValues(40));
  }
};

}  // namespace

class ConsumerNodeTest : public QObject {
  Q_OBJECT
 private slots:
  void readsEverythingFromTheBeginning() {
    Scene scene(3);
    for (int partition = 0; partition < 3; ++partition) scene.cluster.append(partition, manyValues(40));
    scene.start();
    scene.runFor(std::chrono::seconds(2));
    scene.cluster.append(1, {"late"});
    scene.runFor(std::chrono::seconds(2));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{121});
    QCOMPARE(scene.statistics().positions.at(1).position, base::Offset{41});
    QCOMPARE(scene.statistics().positions.at(1).highWatermark, base::Offset{41});
    QCOMPARE(scene.statistics().corruption, std::string());
  }

  void readsFromTheReplicaTheLeaderNames() {
    RackScene scene;
    scene.start();
    scene.runFor(std::chrono::seconds(2));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{40});
    QCOMPARE(scene.statistics().positions.at(0).readReplica, 2);
    QCOMPARE(scene.changes.size(), size_t{1});
    QCOMPARE(scene.cluster.fetchedFrom.front(), 1);
    QCOMPARE(std::count(scene.cluster.fetchedFrom.begin(), scene.cluster.fetchedFrom.end(), 1), 1);
  }

  void asksTheLeaderAgainAfterMetadataMaxAge() {
    RackScene scene;
    scene.config.metadataMaxAge = std::chrono::seconds(10);
    scene.start();
    scene.runFor(std::chrono::seconds(35));
    // At 0 s, 10 s, 20 s and 30 s, at once sent back each time.
    QCOMPARE(std::count(scene.cluster.fetchedFrom.begin(), scene.cluster.fetchedFrom.end(), 1), 4);
    QCOMPARE(scene.changes.size(), size_t{7});
    QCOMPARE(scene.changes.at(1).reason, std::string("metadata.max.age.ms is over"));
  }

  void anOffsetTheFollowerDoesNotHaveIsAskedOfTheLeader() {
    RackScene scene;
    scene.config.autoOffsetReset = AutoOffsetReset::Latest;
    scene.start();
    scene.runFor(std::chrono::milliseconds(100));
    scene.cluster.readReplicas["b"].endOffset = 10;
    scene.runFor(std::chrono::milliseconds(600));
    QCOMPARE(scene.changes.at(1).to, base::kNoBroker);
    QCOMPARE(scene.changes.at(1).reason, std::string("OFFSET_OUT_OF_RANGE"));
    scene.cluster.readReplicas.clear();
    scene.cluster.append(0, {"new"});
    scene.runFor(std::chrono::seconds(1));
    // No reset: nothing is read twice and nothing left out.
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{1});
    QCOMPARE(scene.cluster.listOffsetsRequests, 1);
  }

  void aReplicaThatRefusesOrDiesIsLeft() {
    for (const bool dies : {false, true}) {
      RackScene scene;
      scene.start();
      scene.runFor(std::chrono::seconds(1));
      scene.cluster.readReplicas["b"].error = base::ErrorCode::NOT_LEADER_OR_FOLLOWER;
      if (dies) scene.world.killNode(world::brokerAddress(2));
      scene.runFor(std::chrono::seconds(1));
      scene.cluster.readReplicas.clear();
      scene.cluster.append(0, {"new"});
      scene.runFor(std::chrono::seconds(2));
      QCOMPARE(scene.statistics().recordsConsumed, int64_t{41});
      QCOMPARE(scene.statistics().positions.at(0).readReplica, base::kNoBroker);
      QVERIFY(scene.changes.size() >= 2);
      QCOMPARE(scene.changes.at(1).reason, std::string(dies ? "the fetch failed" : "NOT_LEADER_OR_FOLLOWER"));
    }
  }

  void aNewLeaderEpochForgetsTheReadReplica() {
    RackScene scene;
    scene.config.metadataMaxAge = std::chrono::seconds(3);
    scene.start();
    scene.runFor(std::chrono::seconds(2));
    scene.cluster.readReplicas.clear();
    scene.cluster.partitions[0].leader = 2;
    scene.cluster.partitions[0].epoch = 1;
    scene.cluster.partitions[0].epochEnds[0] = 40;
    scene.runFor(std::chrono::seconds(2));
    QCOMPARE(scene.statistics().positions.at(0).readReplica, base::kNoBroker);
    QCOMPARE(scene.changes.back().to, base::kNoBroker);
  }

  void latestSkipsWhatIsThere() {
    Scene scene(1);
    scene.config.autoOffsetReset = AutoOffsetReset::Latest;
    scene.cluster.append(0, manyValues(40));
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    scene.cluster.append(0, {"new"});
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{1});
  }

  void committedRecordsAreOnesThatNobodyAborted() {
    for (const auto isolation : {client::IsolationLevel::ReadUncommitted, client::IsolationLevel::ReadCommitted}) {
      Scene scene(1);
      scene.config.isolationLevel = isolation;
      const auto send = [&](int64_t producerId) {
        log::RecordBatchBuilder::Options options;
        options.producerId = producerId;
        options.producerEpoch = 0;
        options.baseSequence = 0;
        options.isTransactional = true;
        log::RecordBatchBuilder builder(options);
        builder.append(0, std::nullopt, base::asBytes("value"));
        scene.cluster.appendBatch(0, builder.build());
      };
      const auto end = [&](int64_t producerId, bool isCommit) {
        scene.cluster.appendBatch(0, log::buildEndTransactionMarker(producerId, 0, {isCommit, 0, 0}));
      };
      scene.cluster.append(0, manyValues(2));
      send(1);  // 2
      send(2);  // 3
      end(1, false);
      send(1);  // 5
      end(1, true);
      end(2, true);
      scene.cluster.partitions[0].abortedTransactions = {{1, 2}};
      scene.start();
      scene.runFor(std::chrono::seconds(1));
      const bool isCommitted = isolation == client::IsolationLevel::ReadCommitted;
      QCOMPARE(scene.statistics().recordsConsumed, int64_t{isCommitted ? 4 : 5});
      // Markers take offsets too.
      QCOMPARE(scene.statistics().positions.at(0).position, base::Offset{8});
      QCOMPARE(scene.statistics().corruption, std::string());
    }
  }

  void readsOnlyItsPartitions() {
    Scene scene(3);
    scene.config.partitions = {2};
    for (int partition = 0; partition < 3; ++partition) scene.cluster.append(partition, manyValues(5));
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{5});
    QCOMPARE(scene.statistics().positions.size(), size_t{1});
  }

  void processingTimeLimitsItsSpeed() {
    Scene scene(1);
    scene.config.processingTime = std::chrono::milliseconds(5);
    scene.cluster.append(0, manyValues(2000));
    scene.start();
    scene.runFor(std::chrono::seconds(2));
    const int64_t consumed = scene.statistics().recordsConsumed;
    QVERIFY2(consumed > 380 && consumed <= 400, qPrintable(QString::number(consumed)));
  }

  void anIdleConsumerLongPolls() {
    Scene scene(1);
    scene.start();
    scene.runFor(std::chrono::seconds(10));
    // fetch.max.wait.ms is 500.
    QVERIFY2(scene.cluster.fetchRequests >= 18 && scene.cluster.fetchRequests <= 21,
             qPrintable(QString::number(scene.cluster.fetchRequests)));
  }

  void followsALeaderChangeAndValidatesItsPosition() {
    Scene scene(1);
    scene.cluster.brokers = {1, 2};
    scene.cluster.append(0, manyValues(10));
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    scene.cluster.partitions[0].leader = 2;
    scene.cluster.partitions[0].epoch = 1;
    scene.cluster.partitions[0].epochEnds[0] = 10;
    scene.cluster.append(0, manyValues(5));
    scene.runFor(std::chrono::seconds(3));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{15});
    QVERIFY(scene.cluster.epochRequests >= 1);
  }

  void goesBackWhenTheLogWasCutBehindIt() {
    Scene scene(1);
    scene.cluster.brokers = {1, 2};
    scene.cluster.append(0, manyValues(6));
    scene.cluster.append(0, manyValues(4));
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{10});
    // The new leader never had the second batch and wrote others in its place.
    ScriptedCluster::Partition& partition = scene.cluster.partitions[0];
    partition.batches.pop_back();
    partition.endOffset = 6;
    partition.leader = 2;
    partition.epoch = 1;
    partition.epochEnds[0] = 6;
    scene.cluster.append(0, {"other"});
    scene.runFor(std::chrono::seconds(3));
    QCOMPARE(scene.statistics().positions.at(0).position, base::Offset{7});
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{11});
  }

  void anOffsetOutOfRangeIsResetByPolicy() {
    Scene scene(1);
    scene.cluster.append(0, manyValues(10));
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    ScriptedCluster::Partition& partition = scene.cluster.partitions[0];
    partition.batches.clear();
    partition.endOffset = 0;
    scene.cluster.append(0, manyValues(3));
    scene.runFor(std::chrono::seconds(2));
    QVERIFY(scene.cluster.listOffsetsRequests >= 2);
    QCOMPARE(scene.statistics().positions.at(0).position, base::Offset{3});
  }

  void aDamagedBatchIsNoticedAndNotGivenOut() {
    Scene scene(1);
    scene.cluster.append(0, manyValues(3));
    base::Bytes damaged(scene.cluster.partitions[0].batches[0].view().begin(),
                        scene.cluster.partitions[0].batches[0].view().end());
    damaged.back() ^= 1;
    scene.cluster.partitions[0].batches[0] = base::SharedBytes(damaged);
    scene.start();
    scene.runFor(std::chrono::seconds(2));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{0});
    QVERIFY2(scene.statistics().corruption.find("orders-0 at offset 0") != std::string::npos,
             scene.statistics().corruption.c_str());
  }

  void progressIsToldInOrder() {
    Scene scene(2);
    scene.cluster.append(0, manyValues(30));
    scene.cluster.append(1, manyValues(30));
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    std::map<base::PartitionId, base::Offset> last;
    int64_t records = 0;
    for (const world::RecordsConsumed& step : scene.steps) {
      QVERIFY(step.position > last[step.partition.partition]);
      last[step.partition.partition] = step.position;
      records += step.records;
    }
    QCOMPARE(records, int64_t{60});
  }
};

STREAMSCOPE_TEST(ConsumerNodeTest);
#include "consumer_node_test.moc"
