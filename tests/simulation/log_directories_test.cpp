#include <QTest>
#include <algorithm>
#include <set>

#include "lab/invariant_checker.h"
#include "lab/lab.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;

namespace {

constexpr base::BrokerId kBroker = 1;
constexpr int32_t kPartitions = 6;

/// Three brokers with two log directories each, and a producer with acks=all on six partitions.
struct Scene {
  Scene() {
    lab::LabDescription description;
    description.logDirectories = 2;
    description.topics = {{"orders", kPartitions, 3, {{"min.insync.replicas", "2"}}}};
    lab::StartProducer producer;
    producer.name = "checkout";
    producer.topic = "orders";
    producer.recordsPerSecond = 200;
    description.producers = {producer};
    auto opened = lab::Lab::open(description, {});
    if (!opened) qFatal("%s", opened.error().message.c_str());
    lab = std::move(*opened);
    invariants = std::make_unique<lab::InvariantChecker>(*lab);
    lab->subscribe([this](const world::TraceEvent& event) {
      if (!std::holds_alternative<world::RequestSent>(event.payload)) events.push_back(event);
    });
    after(10s);
  }

  void after(base::Duration time) {
    lab->runUntil(lab->now() + time);
    now = lab->snapshot();
  }
  void execute(const lab::Command& command) {
    if (const base::Status done = lab->execute(command); !done) qFatal("%s", done.error().message.c_str());
  }
  void setDirectory(int32_t number, bool fails) {
    lab::SetDisk command;
    command.node = world::brokerAddress(kBroker);
    command.failing = fails;
    command.logDirectory = number;
    execute(command);
  }
  const lab::BrokerState& broker() const { return now->brokers.at(kBroker - 1); }
  /// Partitions of the broker's replicas in this place.
  std::set<base::PartitionId> replicasIn(int32_t directory) const {
    std::set<base::PartitionId> found;
    for (const lab::ReplicaState& replica : broker().replicas)
      if (replica.logDirectory == directory) found.insert(replica.partition.partition);
    return found;
  }
  /// The one with the most records.
  base::PartitionId fullestIn(int32_t directory) const {
    const lab::ReplicaState* fullest = nullptr;
    for (const lab::ReplicaState& replica : broker().replicas)
      if (replica.logDirectory == directory && (fullest == nullptr || replica.bytes > fullest->bytes))
        fullest = &replica;
    return fullest->partition.partition;
  }
  const lab::PartitionState& partition(base::PartitionId id) const {
    return now->topics.at(0).partitions.at(static_cast<size_t>(id));
  }
  bool isInSync(base::PartitionId id) const {
    return std::ranges::find(partition(id).isr, kBroker) != partition(id).isr.end();
  }
  size_t inSync() const {
    size_t count = 0;
    for (base::PartitionId id = 0; id < kPartitions; ++id) count += isInSync(id) ? 1U : 0U;
    return count;
  }
  template <class Payload>
  std::vector<Payload> told() const {
    std::vector<Payload> found;
    for (const world::TraceEvent& event : events)
      if (const auto* payload = std::get_if<Payload>(&event.payload)) found.push_back(*payload);
    return found;
  }
  std::string broken() const {
    const std::vector<std::string> violations = invariants->violations();
    return violations.empty() ? std::string() : violations.front();
  }

  std::unique_ptr<lab::Lab> lab;
  std::unique_ptr<lab::InvariantChecker> invariants;
  lab::SnapshotPtr now;
  std::vector<world::TraceEvent> events;
};

}  // namespace

/// Brokers with several log directories (KIP-112, KIP-858).
class LogDirectoriesTest : public QObject {
  Q_OBJECT
 private slots:
  void replicasGoWhereTheFewestAreAndTheControllerKnows() {
    Scene scene;
    for (const lab::BrokerState& broker : scene.now->brokers) {
      QCOMPARE(broker.logDirectories.size(), size_t{2});
      std::map<int32_t, int> count;
      for (const lab::ReplicaState& replica : broker.replicas) ++count[replica.logDirectory];
      QCOMPARE(count[0], 3);
      QCOMPARE(count[1], 3);
    }
    QCOMPARE(scene.told<world::ReplicaDirectoryAssigned>().size(), size_t{3 * kPartitions});
  }

  void oneDirectoryFailsAndTakesOnlyItsReplicas() {
    Scene scene;
    const std::set<base::PartitionId> lost = scene.replicasIn(1);
    QCOMPARE(scene.inSync(), size_t{kPartitions});
    scene.setDirectory(2, true);
    scene.after(1s);

    const auto offline = scene.told<world::LogDirectoryOffline>();
    QCOMPARE(offline.size(), size_t{1});
    QCOMPARE(offline.front().directory, std::string("logs-2"));
    QCOMPARE(offline.front().replicas, 3);
    for (base::PartitionId id = 0; id < kPartitions; ++id) {
      QCOMPARE(scene.isInSync(id), !lost.contains(id));
      QVERIFY(scene.partition(id).leader != base::kNoBroker);
      if (lost.contains(id)) QVERIFY(scene.partition(id).leader != kBroker);
    }
    QCOMPARE(scene.broker().condition, lab::NodeCondition::Running);
    QVERIFY(!scene.broker().logDirectories.at(1).failure.empty());
    QVERIFY(scene.broker().logDirectories.at(0).failure.empty());
    QVERIFY(scene.told<world::BrokerFenced>().empty());
    for (const lab::ReplicaState& replica : scene.broker().replicas)
      QCOMPARE(replica.isOffline, lost.contains(replica.partition.partition));
    QCOMPARE(scene.now->counters.offlinePartitions, 0);

    // The disk is replaced and the broker started again: its replicas are where they were.
    scene.setDirectory(2, false);
    scene.execute(lab::StopBroker{kBroker});
    scene.after(10s);
    scene.execute(lab::StartBroker{kBroker});
    scene.after(30s);
    QCOMPARE(scene.inSync(), size_t{kPartitions});
    QVERIFY(scene.replicasIn(1) == lost);
    QCOMPARE(scene.now->producers.at(0).recordsFailed, int64_t{0});
    QCOMPARE(scene.broken(), std::string());
  }

  void aDirectoryThatIsGoneAtTheStartIsNotReplacedByAnother() {
    Scene scene;
    const std::set<base::PartitionId> lost = scene.replicasIn(1);
    scene.execute(lab::StopBroker{kBroker});
    scene.after(10s);
    scene.setDirectory(2, true);
    scene.execute(lab::StartBroker{kBroker});
    scene.after(30s);
    for (base::PartitionId id = 0; id < kPartitions; ++id) QCOMPARE(scene.isInSync(id), !lost.contains(id));
    QCOMPARE(scene.broker().condition, lab::NodeCondition::Running);
    QCOMPARE(scene.broken(), std::string());
  }

  void withTheFirstDirectoryTheBrokerHalts() {
    Scene scene;
    scene.setDirectory(1, true);
    scene.after(15s);
    QCOMPARE(scene.told<world::LogDirectoryFailed>().size(), size_t{1});
    QVERIFY(scene.told<world::LogDirectoryOffline>().empty());
    QCOMPARE(scene.told<world::BrokerFenced>().size(), size_t{1});
    QCOMPARE(scene.inSync(), size_t{0});
    QCOMPARE(scene.broken(), std::string());
  }

  void aReplicaMovesByCommandAndGoesOn() {
    Scene scene;
    const base::PartitionId moved = scene.fullestIn(0);
    scene.execute(lab::AlterReplicaLogDir{kBroker, {"orders", moved}, 2});
    scene.after(10s);
    QVERIFY(scene.replicasIn(1).contains(moved));
    QVERIFY(scene.isInSync(moved));
    QCOMPARE(scene.told<world::FutureReplicaPromoted>().size(), size_t{1});
    QCOMPARE(scene.now->producers.at(0).recordsFailed, int64_t{0});
    QCOMPARE(scene.broken(), std::string());
  }

  void aDestinationThatFailsLeavesTheReplicaWhereItIs() {
    Scene scene;
    const base::PartitionId moved = scene.fullestIn(0);
    lab::AlterConfigs slow;
    slow.broker = kBroker;
    slow.set["replica.alter.log.dirs.io.max.bytes.per.second"] = "1000";
    scene.execute(slow);
    scene.after(1s);
    scene.execute(lab::AlterReplicaLogDir{kBroker, {"orders", moved}, 2});
    scene.after(2s);
    QCOMPARE(scene.told<world::FutureReplicaCreated>().size(), size_t{1});
    QVERIFY(scene.told<world::FutureReplicaPromoted>().empty());
    scene.setDirectory(2, true);
    scene.after(10s);
    QCOMPARE(scene.told<world::FutureReplicaRemoved>().size(), size_t{1});
    QVERIFY(scene.replicasIn(0).contains(moved));
    QVERIFY(scene.isInSync(moved));
    QCOMPARE(scene.broken(), std::string());

    // The copy is still there, and goes on with the directory.
    scene.setDirectory(2, false);
    scene.execute(lab::StopBroker{kBroker});
    scene.after(10s);
    scene.execute(lab::StartBroker{kBroker});
    scene.after(300s);
    QVERIFY(scene.replicasIn(1).contains(moved));
    QCOMPARE(scene.inSync(), size_t{kPartitions});
    QCOMPARE(scene.broken(), std::string());
  }

  void aSourceThatFailsTakesTheReplicaOffline() {
    Scene scene;
    const base::PartitionId moved = scene.fullestIn(1);
    lab::AlterConfigs slow;
    slow.broker = kBroker;
    slow.set["replica.alter.log.dirs.io.max.bytes.per.second"] = "1000";
    scene.execute(slow);
    scene.after(1s);
    scene.execute(lab::AlterReplicaLogDir{kBroker, {"orders", moved}, 1});
    scene.after(2s);
    scene.setDirectory(2, true);
    scene.after(10s);
    QVERIFY(!scene.isInSync(moved));
    QVERIFY(scene.told<world::FutureReplicaPromoted>().empty());
    scene.setDirectory(2, false);
    scene.execute(lab::StopBroker{kBroker});
    scene.after(10s);
    scene.execute(lab::StartBroker{kBroker});
    scene.after(300s);
    QVERIFY(scene.replicasIn(0).contains(moved));
    QCOMPARE(scene.inSync(), size_t{kPartitions});
    QCOMPARE(scene.broken(), std::string());
  }

  void moveToADirectoryThatIsNotThereIsRefused() {
    Scene scene;
    const base::Status refused = scene.lab->execute(lab::AlterReplicaLogDir{kBroker, {"orders", 0}, 3});
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("has 2 log directories") != std::string::npos,
             refused.error().message.c_str());
  }

  void aDirectoryThatIsNotThereIsRefused() {
    Scene scene;
    lab::SetDisk command;
    command.node = world::brokerAddress(kBroker);
    command.failing = true;
    command.logDirectory = 3;
    const base::Status refused = scene.lab->execute(command);
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("2 log directories") != std::string::npos, refused.error().message.c_str());
  }
};

STREAMSCOPE_TEST(LogDirectoriesTest);

#include "log_directories_test.moc"
