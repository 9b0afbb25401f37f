#include "client/producer_node.h"

#include <QTest>
#include <map>
#include <set>

#include "log/record_batch.h"
#include "scripted_broker.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using client::ProducerConfig;
using client::ProducerNode;
using test::ScriptedCluster;

namespace {

/// The running number the workload puts into each value.
int orderOf(const std::string& value) {
  constexpr std::string_view kPrefix = R"({"order":)";
  return std::atoi(value.c_str() + kPrefix.size());
}

/// A world with scripted brokers and one producer.
struct Scene {
  explicit Scene(int partitions) {
    cluster.partitions.resize(static_cast<size_t>(partitions));
    config.clientId = "checkout";
    config.bootstrapBrokers = {1};
    config.topic = "orders";
    config.recordsPerSecond = 200;
  }
  void start() {
    for (const base::BrokerId broker : cluster.brokers) test::addScriptedBroker(world, broker, cluster);
    world.addNode(
        address, [this](world::NodeContext& context) { return std::make_unique<ProducerNode>(context, config); },
        nullptr);
    world.startNode(address);
  }
  void runFor(base::Duration duration) { world.runUntil(world.now() + duration); }
  ProducerNode::Statistics statistics() const { return static_cast<ProducerNode*>(world.node(address))->statistics(); }
  /// Every order number once, ascending within each partition.
  void verifyOrders(int count) const {
    std::set<int> seen;
    for (size_t partition = 0; partition < cluster.partitions.size(); ++partition) {
      int last = -1;
      for (const std::string& value : cluster.values(static_cast<base::PartitionId>(partition))) {
        const int order = orderOf(value);
        QVERIFY2(order > last, qPrintable(QString("%1 after %2").arg(order).arg(last)));
        last = order;
        QVERIFY2(seen.insert(order).second, qPrintable(QString("%1 twice").arg(order)));
      }
    }
    QCOMPARE(static_cast<int>(seen.size()), count);
  }

  world::World world{world::WorldConfig{}};
  ScriptedCluster cluster;
  ProducerConfig config;
  world::Address address = world::clientAddress(1);
};

}  // namespace

class ProducerNodeTest : public QObject {
  Q_OBJECT
 private slots:
  void writesWhatItsWorkloadSays() {
    Scene scene(3);
    scene.config.keys = 10;
    scene.config.recordsMax = 500;
    scene.start();
    scene.runFor(std::chrono::seconds(10));
    QCOMPARE(scene.statistics().recordsAcknowledged, int64_t{500});
    QCOMPARE(scene.statistics().recordsInFlight, int64_t{0});
    QCOMPARE(scene.statistics().producerId, int64_t{1000});
    scene.verifyOrders(500);
  }

  void lingerGathersRecordsIntoBatches() {
    Scene scene(1);
    scene.config.linger = std::chrono::milliseconds(100);
    scene.config.recordsMax = 200;
    scene.start();
    scene.runFor(std::chrono::seconds(5));
    // 200 records in one second, 100 ms in each batch.
    QVERIFY2(scene.cluster.produceRequests >= 9 && scene.cluster.produceRequests <= 12,
             qPrintable(QString::number(scene.cluster.produceRequests)));
  }

  void aFullBatchDoesNotWaitForLinger() {
    Scene scene(1);
    scene.config.linger = std::chrono::seconds(100);
    scene.config.batchSize = 1000;
    scene.config.recordBytes = 300;
    scene.config.recordsMax = 30;
    scene.start();
    scene.runFor(std::chrono::seconds(5));
    QVERIFY(scene.statistics().recordsAcknowledged >= 24);
  }

  void orderAndOnceHoldOverRefusalsAndLostAnswers() {
    Scene scene(2);
    scene.config.keys = 20;
    scene.config.recordsMax = 600;
    scene.config.requestTimeout = std::chrono::milliseconds(300);
    int call = 0;
    scene.cluster.onProduce = [&](base::PartitionId, base::ByteView) {
      return ++call % 7 == 0 ? ErrorCode::NOT_ENOUGH_REPLICAS : ErrorCode::NONE;
    };
    int answer = 0;
    scene.cluster.losesProduceResponse = [&] { return ++answer % 11 == 0; };
    scene.start();
    scene.runFor(std::chrono::seconds(60));
    QCOMPARE(scene.statistics().recordsAcknowledged, int64_t{600});
    QVERIFY(scene.statistics().retries > 10);
    scene.verifyOrders(600);
  }

  void followsALeaderToAnotherBroker() {
    Scene scene(1);
    scene.cluster.brokers = {1, 2};
    scene.config.recordsMax = 400;
    scene.start();
    scene.runFor(std::chrono::milliseconds(700));
    scene.cluster.partitions[0].leader = 2;
    scene.cluster.partitions[0].epoch = 1;
    scene.runFor(std::chrono::seconds(10));
    QCOMPARE(scene.statistics().recordsAcknowledged, int64_t{400});
    QVERIFY(scene.cluster.metadataRequests >= 2);
    scene.verifyOrders(400);
  }

  void tooLargeABatchIsSplit() {
    Scene scene(1);
    scene.config.linger = std::chrono::milliseconds(200);
    scene.config.recordsMax = 100;
    scene.cluster.onProduce = [](base::PartitionId, base::ByteView batch) {
      return batch.size() > 1000 ? ErrorCode::MESSAGE_TOO_LARGE : ErrorCode::NONE;
    };
    scene.start();
    scene.runFor(std::chrono::seconds(10));
    QCOMPARE(scene.statistics().recordsAcknowledged, int64_t{100});
    QCOMPARE(scene.statistics().recordsFailed, int64_t{0});
    scene.verifyOrders(100);
  }

  void aRefusedBatchFailsAndTheNextOnesGoOn() {
    Scene scene(1);
    scene.config.recordsMax = 50;
    int call = 0;
    scene.cluster.onProduce = [&](base::PartitionId, base::ByteView) {
      return ++call == 3 ? ErrorCode::INVALID_RECORD : ErrorCode::NONE;
    };
    scene.start();
    scene.runFor(std::chrono::seconds(10));
    const ProducerNode::Statistics statistics = scene.statistics();
    QVERIFY(statistics.recordsFailed > 0);
    QCOMPARE(statistics.recordsAcknowledged + statistics.recordsFailed, int64_t{50});
    QCOMPARE(statistics.producerEpoch, int16_t{1});
  }

  void recordsAreGivenUpAfterTheDeliveryTimeout() {
    Scene scene(1);
    scene.config.recordsMax = 20;
    scene.config.deliveryTimeout = std::chrono::seconds(5);
    scene.config.requestTimeout = std::chrono::seconds(2);
    scene.cluster.onProduce = [](base::PartitionId, base::ByteView) { return ErrorCode::NOT_ENOUGH_REPLICAS; };
    scene.start();
    scene.runFor(std::chrono::seconds(4));
    QCOMPARE(scene.statistics().recordsFailed, int64_t{0});
    scene.runFor(std::chrono::seconds(8));
    QCOMPARE(scene.statistics().recordsFailed, int64_t{20});
    QCOMPARE(scene.statistics().recordsInFlight, int64_t{0});
  }

  void aFullBufferBlocksTheApplication() {
    Scene scene(1);
    scene.config.bufferMemory = 40'000;
    scene.config.recordsPerSecond = 2000;
    scene.config.recordBytes = 1000;
    bool refuse = true;
    scene.cluster.onProduce = [&](base::PartitionId, base::ByteView) {
      return refuse ? ErrorCode::NOT_ENOUGH_REPLICAS : ErrorCode::NONE;
    };
    scene.start();
    scene.runFor(std::chrono::seconds(3));
    const int64_t blockedAt = scene.statistics().recordsSent;
    QVERIFY2(blockedAt < 50, qPrintable(QString::number(blockedAt)));
    refuse = false;
    scene.runFor(std::chrono::seconds(3));
    QVERIFY(scene.statistics().recordsSent > 1000);
  }

  void stopFlushesWhatIsBuffered() {
    Scene scene(2);
    scene.config.linger = std::chrono::seconds(100);
    scene.config.batchSize = 100'000;
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.statistics().recordsAcknowledged, int64_t{0});
    const int64_t sent = scene.statistics().recordsSent;
    QVERIFY(sent > 100);
    scene.world.stopNode(scene.address, nullptr);
    scene.runFor(std::chrono::seconds(1));
    QVERIFY(scene.world.node(scene.address) == nullptr);
    scene.verifyOrders(static_cast<int>(sent));
  }

  void withoutAcksNothingIsWaitedFor() {
    Scene scene(1);
    scene.config.acks = 0;
    scene.config.recordsMax = 50;
    scene.start();
    scene.runFor(std::chrono::seconds(2));
    QCOMPARE(scene.statistics().recordsAcknowledged, int64_t{50});
    QCOMPARE(scene.statistics().producerId, int64_t{-1});
    scene.verifyOrders(50);
  }
};

STREAMSCOPE_TEST(ProducerNodeTest);
#include "producer_node_test.moc"
