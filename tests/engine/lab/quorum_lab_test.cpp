#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "lab/invariant_checker.h"
#include "lab/lab.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;
using std::chrono::seconds;

namespace {

LabDescription threeControllers(uint64_t seed = 1) {
  LabDescription description;
  description.name = "quorum";
  description.seed = seed;
  description.controllers = 3;
  description.topics = {{"orders", 3, 3, {{"min.insync.replicas", "2"}}}};
  StartProducer producer;
  producer.name = "checkout";
  producer.topic = "orders";
  producer.recordsPerSecond = 50;
  description.producers = {producer};
  StartConsumer consumer;
  consumer.name = "billing";
  consumer.topic = "orders";
  description.consumers = {consumer};
  return description;
}

void pass(Lab& lab, base::Duration duration) {
  lab.runUntil(lab.now() + duration);
}

const ControllerState* activeOf(const Snapshot& snapshot) {
  const auto found = std::ranges::find_if(snapshot.controllers, &ControllerState::isActive);
  return found == snapshot.controllers.end() ? nullptr : &*found;
}

bool isWhole(const Snapshot& snapshot) {
  return snapshot.counters.underReplicatedPartitions == 0 && snapshot.counters.offlinePartitions == 0 &&
         std::ranges::all_of(snapshot.brokers,
                             [](const BrokerState& broker) { return broker.condition == NodeCondition::Running; });
}

}  // namespace

/// A lab whose metadata log is kept by three controllers.
class QuorumLabTest : public QObject {
  Q_OBJECT
 private slots:
  void theClusterComesUpAndShowsItsQuorum() {
    auto lab = Lab::open(threeControllers(), {}).value();
    pass(*lab, seconds(15));
    const SnapshotPtr snapshot = lab->snapshot();
    QCOMPARE(snapshot->controllers.size(), size_t{3});
    const ControllerState* active = activeOf(*snapshot);
    QVERIFY(active != nullptr);
    QVERIFY(active->role == ControllerRole::Leader);
    for (const ControllerState& controller : snapshot->controllers) {
      QVERIFY(controller.condition == NodeCondition::Running);
      QCOMPARE(controller.leaderId, active->id);
      QCOMPARE(controller.epoch, active->epoch);
      QVERIFY(controller.metadataHighWatermark > 0);
    }
    QVERIFY(isWhole(*snapshot));
    QVERIFY(snapshot->producers.front().recordsAcknowledged > 300);
  }

  void brokersAndClientsLiveThroughTenChangesOfTheController() {
    auto lab = Lab::open(threeControllers(), {}).value();
    InvariantChecker invariants(*lab);
    pass(*lab, seconds(15));
    const int64_t epochBefore = lab->snapshot()->brokers.front().brokerEpoch;
    for (int change = 0; change < 10; ++change) {
      const bool isGraceful = change % 2 == 1;
      QVERIFY(lab->execute(isGraceful ? Command(StopController{0}) : Command(KillController{0})).has_value());
      pass(*lab, seconds(12));
      QVERIFY(activeOf(*lab->snapshot()) != nullptr);
      QVERIFY(lab->execute(StartController{0}).has_value());
      pass(*lab, seconds(3));
    }
    pass(*lab, seconds(10));
    const SnapshotPtr snapshot = lab->snapshot();
    QVERIFY(isWhole(*snapshot));
    // Nobody registered anew, nobody was fenced: a new active controller gives every broker a whole session.
    QCOMPARE(snapshot->brokers.front().brokerEpoch, epochBefore);
    QCOMPARE(snapshot->producers.front().recordsFailed, int64_t{0});
    invariants.checkNow();
    QVERIFY2(invariants.violations().empty(),
             invariants.violations().empty() ? "" : invariants.violations()[0].c_str());
  }

  void aBrokersDeathIsNoticedByWhoeverIsActiveByThen() {
    auto lab = Lab::open(threeControllers(), {}).value();
    pass(*lab, seconds(15));
    QVERIFY(lab->execute(KillController{0}).has_value());
    QVERIFY(lab->execute(KillBroker{1}).has_value());
    pass(*lab, seconds(25));
    const SnapshotPtr snapshot = lab->snapshot();
    for (const PartitionState& partition : snapshot->topics.front().partitions) {
      QVERIFY(partition.leader == 2 || partition.leader == 3);
      QCOMPARE(partition.isr.size(), size_t{2});
    }
  }

  void withoutAMajorityTheClusterServesOnAndDecidesNothing() {
    auto lab = Lab::open(threeControllers(), {}).value();
    pass(*lab, seconds(15));
    QVERIFY(lab->execute(KillController{0}).has_value());
    pass(*lab, seconds(10));
    QVERIFY(lab->execute(KillController{0}).has_value());
    pass(*lab, seconds(10));
    QVERIFY(activeOf(*lab->snapshot()) == nullptr);
    const base::Status refused = lab->execute(KillController{0});
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().message, std::string("No controller is active now."));
    const int64_t acknowledged = lab->snapshot()->producers.front().recordsAcknowledged;
    pass(*lab, seconds(10));
    QVERIFY(lab->snapshot()->producers.front().recordsAcknowledged > acknowledged + 300);
    QVERIFY(lab->execute(StartController{0}).has_value());
    pass(*lab, seconds(10));
    QVERIFY(activeOf(*lab->snapshot()) != nullptr);
  }

  void aPausedControllerIsReplacedAndStandsByWhenItGoesOn() {
    auto lab = Lab::open(threeControllers(), {}).value();
    InvariantChecker invariants(*lab);
    pass(*lab, seconds(15));
    const int32_t paused = activeOf(*lab->snapshot())->id;
    QVERIFY(lab->execute(PauseController{0}).has_value());
    QVERIFY(lab->snapshot()->controllers[static_cast<size_t>(paused - 100)].condition == NodeCondition::Paused);
    QVERIFY(!lab->execute(PauseController{paused}).has_value());
    QVERIFY(!lab->execute(StopController{paused}).has_value());
    pass(*lab, seconds(10));
    QVERIFY(lab->execute(ResumeController{0}).has_value());
    QVERIFY(!lab->execute(ResumeController{paused}).has_value());
    pass(*lab, seconds(5));
    const SnapshotPtr snapshot = lab->snapshot();
    const ControllerState* active = activeOf(*snapshot);
    QVERIFY(active != nullptr && active->id != paused);
    QVERIFY(snapshot->controllers[static_cast<size_t>(paused - 100)].role == ControllerRole::Follower);
    QVERIFY(isWhole(*snapshot));
    QVERIFY(invariants.violations().empty());
  }

  void aBrokerBehindTheLogsHeadIsGivenASnapshot() {
    LabDescription description = threeControllers();
    description.brokerConfigs = {{"metadata.log.max.record.bytes.between.snapshots", "3000"},
                                 {"metadata.max.retention.bytes", "8000"},
                                 {"metadata.log.segment.bytes", "2000"}};
    auto lab = Lab::open(description, {}).value();
    pass(*lab, seconds(15));
    QVERIFY(lab->execute(StopBroker{2}).has_value());
    pass(*lab, std::chrono::minutes(4));
    const ControllerState* active = activeOf(*lab->snapshot());
    QVERIFY(active != nullptr);
    QVERIFY(lab->snapshot()->controllers[0].metadataLogStartOffset > 0);
    int snapshotsAsked = 0;
    lab->subscribe([&](const world::TraceEvent& event) {
      const auto* sent = std::get_if<world::RequestSent>(&event.payload);
      if (sent != nullptr && sent->api == protocol::ApiKey::FetchSnapshot) ++snapshotsAsked;
    });
    QVERIFY(lab->execute(StartBroker{2}).has_value());
    pass(*lab, seconds(40));
    QVERIFY(snapshotsAsked > 0);
    QVERIFY(isWhole(*lab->snapshot()));
  }

  void aDataDirectoryIsReopenedWithItsWholeQuorum() {
    const QTemporaryDir directory;
    Lab::Options options;
    options.dataDirectory = directory.filePath("lab").toStdString();
    {
      auto lab = Lab::open(threeControllers(), options).value();
      pass(*lab, seconds(15));
      lab->shutDownCleanly(seconds(60));
    }
    {
      auto lab = Lab::open(threeControllers(2), options).value();
      pass(*lab, seconds(20));
      QVERIFY(isWhole(*lab->snapshot()));
      QVERIFY(lab->snapshot()->consumers.front().recordsConsumed > 0);
    }
    LabDescription one = threeControllers();
    one.controllers = 1;
    const auto refused = Lab::open(one, options);
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().code == base::ErrorCode::INCONSISTENT_CLUSTER_ID);
  }
};

STREAMSCOPE_TEST(QuorumLabTest);
#include "quorum_lab_test.moc"
