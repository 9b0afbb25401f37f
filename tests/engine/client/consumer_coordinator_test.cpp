#include <QTest>
#include <map>

#include "client/consumer_node.h"
#include "scripted_broker.h"
#include "support/test_registry.h"

using namespace streamscope;
using client::ConsumerConfig;
using client::ConsumerNode;
using test::ScriptedCluster;
using test::ScriptedGroup;

namespace {

using Configs = std::map<std::string, std::string>;

struct Scene {
  explicit Scene(Configs configs = {}) {
    const int partitions = 4;
    cluster.partitions.resize(static_cast<size_t>(partitions));
    cluster.group = &group;
    for (int partition = 0; partition < partitions; ++partition)
      cluster.append(partition, std::vector<std::string>(20, "value"));
    configs.try_emplace("group.id", "billing");
    configs.try_emplace("auto.offset.reset", "earliest");
    config = client::makeConsumerConfig(configs).value();
    config.clientId = "billing-1";
    config.bootstrapBrokers = {1};
    config.topics = {"orders"};
  }
  void start() {
    test::addScriptedBroker(world, 1, cluster);
    world.subscribe([this](const world::TraceEvent& event) { events.push_back(event.payload); });
    world.addNode(
        address, [this](world::NodeContext& context) { return std::make_unique<ConsumerNode>(context, config); },
        nullptr);
    world.startNode(address);
  }
  void runFor(base::Duration duration) { world.runUntil(world.now() + duration); }
  ConsumerNode::Statistics statistics() const { return static_cast<ConsumerNode*>(world.node(address))->statistics(); }
  template <class Event>
  std::vector<Event> told() const {
    std::vector<Event> found;
    for (const world::EventPayload& event : events)
      if (const auto* one = std::get_if<Event>(&event)) found.push_back(*one);
    return found;
  }

  world::World world{world::WorldConfig{}};
  ScriptedGroup group;
  ScriptedCluster cluster;
  ConsumerConfig config;
  world::Address address = world::clientAddress(1);
  std::vector<world::EventPayload> events;
};

}  // namespace

class ConsumerCoordinatorTest : public QObject {
  Q_OBJECT
 private slots:
  void joinsReadsAndCommits() {
    Scene scene;
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{80});
    QVERIFY(scene.statistics().membership == client::Membership::Stable);
    QCOMPARE(scene.statistics().assignor, std::string("range"));
    QVERIFY(scene.statistics().isGroupLeader);
    // Once without a member id, once with the one it was given (KIP-394).
    QCOMPARE(scene.group.joinReasons.size(), size_t{2});
    QCOMPARE(scene.group.joinReasons.at(1), std::string("need to re-join with the given member-id: member-1"));
    QCOMPARE(scene.group.commits, 0);
    scene.runFor(std::chrono::seconds(10));
    QCOMPARE(scene.group.commits, 2);
    QCOMPARE(scene.group.heartbeats, 3);
    QCOMPARE((scene.group.committed.at({"orders", 2})), base::Offset{20});
    QCOMPARE(scene.statistics().positions.at(2).committed, base::Offset{20});
  }

  void beginsWhereTheGroupHasCommitted() {
    Scene scene;
    scene.group.committed[{"orders", 0}] = 15;
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{65});
  }

  void leadsAndSharesWithOthers() {
    Scene scene;
    scene.group.imaginedMembers = {"member-2", "member-3"};
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE((scene.group.assigned),
             (std::map<std::string, size_t>{{"member-1", 2}, {"member-2", 1}, {"member-3", 1}}));
    QCOMPARE(scene.statistics().positions.size(), size_t{2});
  }

  void anEagerRebalanceCommitsAndGivesEverythingUp() {
    Scene scene;
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    scene.group.imaginedMembers = {"member-2"};
    scene.group.heartbeatError = base::ErrorCode::REBALANCE_IN_PROGRESS;
    scene.runFor(std::chrono::seconds(3));
    QCOMPARE(scene.group.joinReasons.back(), std::string("group is already rebalancing"));
    QCOMPARE((scene.group.committed.at({"orders", 3})), base::Offset{20});
    const auto revoked = scene.told<world::PartitionsRevoked>();
    QCOMPARE(revoked.size(), size_t{1});
    QCOMPARE(revoked.front().partitions.size(), size_t{4});
    const auto assigned = scene.told<world::PartitionsAssigned>();
    QCOMPARE(assigned.back().generation, 2);
    QCOMPARE(assigned.back().assigned.size(), size_t{2});
    // It goes on where it committed and reads nothing twice.
    QCOMPARE(scene.statistics().recordsConsumed, int64_t{80});
  }

  void aCooperativeRebalanceGivesUpOnlyWhatMoves() {
    Scene scene(Configs{{"partition.assignment.strategy", "cooperative-sticky"}});
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    scene.group.imaginedMembers = {"member-2"};
    scene.group.heartbeatError = base::ErrorCode::REBALANCE_IN_PROGRESS;
    scene.runFor(std::chrono::seconds(3));
    const auto revoked = scene.told<world::PartitionsRevoked>();
    QCOMPARE(revoked.size(), size_t{1});
    QCOMPARE(revoked.front().partitions.size(), size_t{2});
    QCOMPARE(scene.group.joinReasons.back(), std::string("need to revoke partitions and re-join"));
    QCOMPARE(scene.group.generation, 3);
    QCOMPARE((scene.group.assigned), (std::map<std::string, size_t>{{"member-1", 2}, {"member-2", 2}}));
  }

  void tooSlowAnApplicationLeaves() {
    Scene scene(Configs{{"max.poll.interval.ms", "10000"}, {"max.poll.records", "80"}});
    scene.config.processingTime = std::chrono::seconds(1);
    scene.start();
    scene.runFor(std::chrono::seconds(15));
    QCOMPARE(scene.told<world::PollIntervalExceeded>().size(), size_t{1});
    QVERIFY((scene.group.leaveReasons == std::vector<std::string>{"consumer poll timeout has expired."}));
    QVERIFY(scene.told<world::PartitionsLost>().empty());
    scene.runFor(std::chrono::seconds(80));
    // Its next poll finds out.
    QCOMPARE(scene.told<world::PartitionsLost>().front().partitions.size(), size_t{4});
  }

  void aFencedGenerationLosesItsPartitions() {
    Scene scene;
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    scene.group.heartbeatError = base::ErrorCode::UNKNOWN_MEMBER_ID;
    scene.runFor(std::chrono::seconds(3));
    QCOMPARE(scene.told<world::PartitionsLost>().size(), size_t{1});
    QCOMPARE(scene.told<world::PartitionsLost>().front().reason,
             std::string("encountered UNKNOWN_MEMBER_ID from HEARTBEAT response"));
    QVERIFY(scene.statistics().membership == client::Membership::Stable);
  }

  void looksForAnotherCoordinator() {
    Scene scene;
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    scene.group.heartbeatError = base::ErrorCode::NOT_COORDINATOR;
    scene.runFor(std::chrono::seconds(6));
    QCOMPARE(scene.group.searches, 2);
    QVERIFY(scene.statistics().membership == client::Membership::Stable);
    QCOMPARE(scene.group.generation, 1);
  }

  void closingCommitsAndLeaves() {
    Scene scene;
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    scene.world.stopNode(scene.address, nullptr);
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE((scene.group.committed.at({"orders", 1})), base::Offset{20});
    QVERIFY((scene.group.leaveReasons == std::vector<std::string>{"the consumer is being closed"}));
    QVERIFY(scene.world.node(scene.address) == nullptr);
  }

  void aStaticMemberDoesNotLeave() {
    Scene scene(Configs{{"group.instance.id", "one"}});
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.group.joinReasons.size(), size_t{1});
    scene.world.stopNode(scene.address, nullptr);
    scene.runFor(std::chrono::seconds(1));
    QVERIFY(scene.group.leaveReasons.empty());
    QVERIFY(scene.world.node(scene.address) == nullptr);
  }

  void commitsOnlyWhenTheApplicationSaysSo() {
    Scene scene(Configs{{"enable.auto.commit", "false"}});
    scene.start();
    scene.runFor(std::chrono::seconds(10));
    QCOMPARE(scene.group.commits, 0);

    Scene syncScene(Configs{{"enable.auto.commit", "false"}});
    syncScene.config.commitCall = client::CommitCall::Sync;
    syncScene.group.commitError = base::ErrorCode::COORDINATOR_LOAD_IN_PROGRESS;
    syncScene.start();
    syncScene.runFor(std::chrono::seconds(1));
    QCOMPARE((syncScene.group.committed.at({"orders", 1})), base::Offset{20});
    QVERIFY(syncScene.told<world::OffsetCommitFailed>().empty());
  }

  void withoutAnOffsetToBeginAtItEnds() {
    Scene scene(Configs{{"auto.offset.reset", "none"}});
    scene.start();
    scene.runFor(std::chrono::seconds(1));
    QCOMPARE(scene.told<world::ConsumerFailed>().size(), size_t{1});
    QVERIFY(QString::fromStdString(scene.statistics().failure).contains("NoOffsetForPartitionException"));
    QVERIFY((scene.group.leaveReasons == std::vector<std::string>{"the consumer is being closed"}));
  }
};

STREAMSCOPE_TEST(ConsumerCoordinatorTest);
#include "consumer_coordinator_test.moc"
