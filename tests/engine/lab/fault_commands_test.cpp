// What each fault does to a cluster, and that it is told the same again.

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <functional>
#include <set>

#include "lab/command_json.h"
#include "lab/invariant_checker.h"
#include "lab/lab.h"
#include "lab_scene.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;
using namespace std::chrono_literals;
using test::openLab;
using test::seconds;
using test::smallLab;

namespace {

const world::Address kBroker1 = world::brokerAddress(1);
const world::Address kBroker2 = world::brokerAddress(2);
const world::Address kBroker3 = world::brokerAddress(3);
const world::Address kController = world::controllerAddress(100);

/// A lab that keeps its trace.
struct Watched {
  explicit Watched(const LabDescription& description, const Lab::Options& options = {})
      : lab(openLab(description, options)) {
    lab->subscribe([this](const world::TraceEvent& event) { events.push_back(event); });
  }
  void carryOut(const Command& command) const {
    const base::Status status = lab->execute(command);
    QVERIFY2(status.has_value(), status ? "" : status.error().message.c_str());
  }
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const world::TraceEvent& event : events)
      if (const auto* kind = std::get_if<Kind>(&event.payload)) found.push_back(*kind);
    return found;
  }
  bool hasRun(base::VirtualTime until, const std::function<bool(const Snapshot&)>& condition) const {
    while (lab->now() < until) {
      lab->runUntil(lab->now() + 500ms);
      if (condition(*lab->snapshot())) return true;
    }
    return false;
  }

  std::unique_ptr<Lab> lab;
  std::vector<world::TraceEvent> events;
};

LabDescription busyLab() {
  LabDescription description = smallLab();
  description.producers = {test::producer("checkout", 200)};
  description.consumers = {test::consumer("billing")};
  return description;
}

bool isHealthy(const Snapshot& snapshot) {
  return snapshot.counters.underReplicatedPartitions == 0 && snapshot.counters.offlinePartitions == 0 &&
         std::all_of(snapshot.brokers.begin(), snapshot.brokers.end(),
                     [](const BrokerState& broker) { return broker.condition == NodeCondition::Running; });
}

void checkPromises(const InvariantChecker& invariants) {
  QVERIFY2(invariants.violations().empty(),
           invariants.violations().empty() ? "" : invariants.violations().front().c_str());
}

}  // namespace

class FaultCommandsTest : public QObject {
  Q_OBJECT
 private slots:
  void aLinkCutOneWayStillCarriesTheOther() {
    Watched run(busyLab());
    run.lab->runUntil(seconds(10));
    run.carryOut(CutLink{kBroker1, kController, false});
    const SnapshotPtr snapshot = run.lab->snapshot();
    QCOMPARE(snapshot->cutLinks.size(), size_t{1});
    QVERIFY(snapshot->cutLinks[0].isCutFromA && !snapshot->cutLinks[0].isCutFromB);
    // Its heartbeats do not arrive, so that it is fenced, though the controller could still speak to it.
    QVERIFY(
        run.hasRun(seconds(40), [](const Snapshot& now) { return now.brokers[0].condition == NodeCondition::Fenced; }));
    run.carryOut(HealLink{kBroker1, kController});
    QVERIFY(run.hasRun(seconds(90), isHealthy));
    QVERIFY(run.lab->snapshot()->cutLinks.empty());
  }

  void aSlowLinkHoldsUpTheHighWatermark() {
    Watched run(busyLab());
    run.lab->runUntil(seconds(10));
    run.carryOut(SetLink{kBroker1, kBroker2, true, 300ms});
    const SnapshotPtr snapshot = run.lab->snapshot();
    QCOMPARE(snapshot->links.size(), size_t{2});
    QCOMPARE(snapshot->links[0].from, kBroker1);
    QCOMPARE(snapshot->links[0].conditions.latency, base::Duration(300ms));
    QCOMPARE(run.all<world::LinkConditionsChanged>().size(), size_t{2});
    run.carryOut(HealLink{kBroker1, kBroker2});
    QVERIFY(run.lab->snapshot()->links.empty());
  }

  void lossAndDuplicationBreakNoPromise() {
    Watched run(busyLab());
    InvariantChecker invariants(*run.lab);
    run.lab->runUntil(seconds(10));
    for (const auto& [a, b] : {std::pair{kBroker1, kBroker2}, {kBroker2, kBroker3}, {kBroker1, kController}})
      run.carryOut(SetLink{a, b, true, 5ms, 20ms, 50, 50, 500'000});
    run.lab->runUntil(seconds(60));
    QVERIFY(run.all<world::MessageRetransmitted>().size() > 20);
    QVERIFY(run.all<world::MessageDuplicated>().size() > 20);
    for (const auto& [a, b] : {std::pair{kBroker1, kBroker2}, {kBroker2, kBroker3}, {kBroker1, kController}})
      run.carryOut(HealLink{a, b});
    QVERIFY(run.hasRun(seconds(120), isHealthy));
    run.carryOut(StopClient{"checkout"});
    run.lab->runUntil(run.lab->now() + 10s);
    invariants.checkNow();
    checkPromises(invariants);
    QVERIFY(invariants.batchesAcknowledged() > 100);
  }

  void aBrokerThatLosesPowerComesBackWithWhatTheOthersHave() {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      LabDescription description = busyLab();
      description.seed = seed;
      Watched run(description);
      InvariantChecker invariants(*run.lab);
      run.lab->runUntil(seconds(20));
      run.carryOut(CutPower{{}, base::TopicPartition{"orders", 0}});
      const auto lost = run.all<world::UnsyncedChangesLost>();
      QCOMPARE(lost.size(), size_t{1});
      QCOMPARE(run.all<world::NodeStopped>().back().manner, world::NodeStopped::Manner::LostPower);
      run.lab->runUntil(seconds(40));
      run.carryOut(StartBroker{0});
      QVERIFY(run.hasRun(seconds(120), isHealthy));
      run.carryOut(StopClient{"checkout"});
      run.lab->runUntil(run.lab->now() + 10s);
      invariants.checkNow();
      checkPromises(invariants);
    }
  }

  void thePowerOfARackGoesAtOneInstant() {
    Watched run(busyLab());
    run.lab->runUntil(seconds(20));
    run.carryOut(CutPower{{kBroker3, kBroker1, kBroker2}});
    QCOMPARE(run.all<world::UnsyncedChangesLost>().size(), size_t{3});
    const SnapshotPtr dark = run.lab->snapshot();
    for (const BrokerState& broker : dark->brokers) QCOMPARE(broker.condition, NodeCondition::Down);
    run.lab->runUntil(seconds(25));
    // Its disk has nothing more to lose.
    run.carryOut(CutPower{{kBroker1}});
    QCOMPARE(run.all<world::UnsyncedChangesLost>().back().names, 0);
    QCOMPARE(run.all<world::UnsyncedChangesLost>().back().files, 0);
    run.carryOut(StartBroker{0});
    QVERIFY(run.hasRun(seconds(120), isHealthy));
  }

  void aBrokerWithANewDiskCopiesEverythingAgain() {
    Watched run(busyLab());
    InvariantChecker invariants(*run.lab);
    run.lab->runUntil(seconds(20));
    QVERIFY(!run.lab->execute(ReplaceDisk{kBroker1}).has_value());
    run.carryOut(KillBroker{1});
    run.carryOut(ReplaceDisk{kBroker1});
    // Not even a loss of power brings anything back.
    run.carryOut(CutPower{{kBroker1}});
    QCOMPARE(run.all<world::UnsyncedChangesLost>().back().names, 0);
    run.lab->runUntil(seconds(40));
    run.carryOut(StartBroker{1});
    QVERIFY(run.hasRun(seconds(120), isHealthy));
    run.carryOut(StopClient{"checkout"});
    run.lab->runUntil(run.lab->now() + 10s);
    QVERIFY(run.lab->snapshot()->brokers[0].replicas.at(0).logEndOffset > 100);
    invariants.checkNow();
    checkPromises(invariants);
  }

  void aDiskThatLosesSyncsLosesMoreWithThePower() {
    const auto lostBytes = [](bool losesSyncs) {
      uint64_t bytes = 0;
      for (uint64_t seed = 1; seed <= 4; ++seed) {
        LabDescription description = busyLab();
        description.seed = seed;
        description.topics[0].configs["flush.messages"] = "1";
        Watched run(description);
        run.lab->runUntil(seconds(10));
        if (losesSyncs) run.carryOut(SetDisk{kBroker1, false, 0, true});
        run.lab->runUntil(seconds(20));
        run.carryOut(CutPower{{kBroker1}});
        bytes += run.all<world::UnsyncedChangesLost>().at(0).bytes;
      }
      return bytes;
    };
    const uint64_t lostWhenWell = lostBytes(false), lostWithoutSyncs = lostBytes(true);
    QVERIFY2(lostWithoutSyncs > lostWhenWell + 10'000,
             (std::to_string(lostWhenWell) + " and " + std::to_string(lostWithoutSyncs)).c_str());
  }

  void aSlowDiskSlowsItsBrokerDown() {
    Watched run(busyLab());
    run.lab->runUntil(seconds(10));
    // How many records wait for their acknowledgement tells how long each takes.
    const auto inFlight = [&] {
      int64_t sum = 0;
      for (int i = 0; i < 100; ++i) {
        run.lab->runUntil(run.lab->now() + 100ms);
        sum += run.lab->snapshot()->producers[0].recordsInFlight;
      }
      return sum;
    };
    const int64_t fast = inFlight();
    for (const world::Address broker : {kBroker1, kBroker2, kBroker3})
      run.carryOut(SetDisk{broker, false, 0, false, 50ms});
    QCOMPARE(run.lab->snapshot()->brokers[0].disk.operationLatency, base::Duration(50ms));
    const int64_t slow = inFlight();
    QVERIFY2(slow > 3 * fast, (std::to_string(fast) + " and " + std::to_string(slow)).c_str());
    for (const world::Address broker : {kBroker1, kBroker2, kBroker3}) run.carryOut(SetDisk{broker});
    QVERIFY(run.hasRun(seconds(120), isHealthy));
  }

  void aFailingDiskTakesItsBrokerDown() {
    Watched run(busyLab());
    InvariantChecker invariants(*run.lab);
    run.lab->runUntil(seconds(10));
    run.carryOut(SetDisk{kBroker1, true, 20});
    QVERIFY(run.lab->snapshot()->brokers[0].disk.isFailing);
    run.lab->runUntil(seconds(20));
    QCOMPARE(run.lab->snapshot()->brokers[0].condition, NodeCondition::Down);
    QVERIFY(!run.lab->snapshot()->brokers[0].logDirectoryFailure.empty());
    run.carryOut(SetDisk{kBroker1});
    run.carryOut(StartBroker{1});
    QVERIFY(run.hasRun(seconds(120), isHealthy));
    invariants.checkNow();
    checkPromises(invariants);
  }

  void aFlippedBitIsFoundWhenTheLogIsRecovered() {
    // Where it falls decides whether the recovery sees it: segments before the recovery point are not read.
    bool isFound = false;
    for (uint64_t seed = 1; seed <= 3 && !isFound; ++seed) {
      LabDescription description = busyLab();
      description.seed = seed;
      Watched run(description);
      InvariantChecker invariants(*run.lab);
      run.lab->runUntil(seconds(15));
      run.carryOut(FlipBit{kBroker1, base::TopicPartition{"orders", 0}});
      const auto flipped = run.all<world::BitFlipped>();
      QCOMPARE(flipped.size(), size_t{1});
      QVERIFY2(flipped[0].file.starts_with("orders-0/") && flipped[0].file.ends_with(".log"), flipped[0].file.c_str());
      run.carryOut(KillBroker{1});
      run.carryOut(StartBroker{1});
      run.lab->runUntil(seconds(25));
      for (const world::LogRecovered& recovered : run.all<world::LogRecovered>())
        isFound |= recovered.partition == base::TopicPartition{"orders", 0} && recovered.bytesCut > 0;
      // The others have everything; and no recovery can keep what rotted.
      checkPromises(invariants);
    }
    QVERIFY(isFound);
  }

  void aBitOfAnyFileFlips() {
    Watched run(busyLab());
    run.lab->runUntil(seconds(10));
    for (int i = 0; i < 20; ++i) run.carryOut(FlipBit{kController});
    std::set<std::string> files;
    for (const world::BitFlipped& flipped : run.all<world::BitFlipped>()) files.insert(flipped.file);
    QVERIFY(files.contains("__cluster_metadata-0/00000000000000000000.log"));
  }

  void aProducersClockShowsInItsRecords() {
    Watched run(busyLab());
    run.lab->runUntil(seconds(10));
    run.carryOut(SetClock{{}, "checkout", -2h, 0});
    run.carryOut(SetClock{kBroker2, "", 10s, 100});
    run.lab->runUntil(seconds(30));
    const SnapshotPtr snapshot = run.lab->snapshot();
    QCOMPARE(snapshot->brokers[1].clock.offset, base::Duration(10s + 2ms));
    QCOMPARE(snapshot->brokers[1].clock.driftPpm, 100);
    QCOMPARE(snapshot->brokers[0].clock, ClockState{});
    const world::World& world = run.lab->world();
    QCOMPARE(world.wallClockMs(world::clientAddress(snapshot->producers[0].clientId)), world.wallClockMs() - 7'200'000);
    run.carryOut(SetClock{kBroker2});
    QCOMPARE(run.lab->snapshot()->brokers[1].clock, ClockState{});
  }

  void aProducerGetsOverInjectedErrors() {
    Watched run(busyLab());
    InvariantChecker invariants(*run.lab);
    run.lab->runUntil(seconds(10));
    const base::TopicPartition orders{"orders", 0};
    for (int32_t broker = 1; broker <= 3; ++broker) {
      const world::Address node = world::brokerAddress(broker);
      run.carryOut(InjectError{node, "Produce", "NOT_ENOUGH_REPLICAS", 2, orders});
      run.carryOut(InjectError{node, "Fetch", "NOT_LEADER_OR_FOLLOWER", 3, orders});
      run.carryOut(InjectError{node, "Metadata", "UNKNOWN_SERVER_ERROR", 1, std::nullopt, 300ms});
    }
    run.lab->runUntil(seconds(30));
    const auto used = run.all<world::InjectedErrorUsed>();
    // Only the leader of the partition is asked about it.
    QCOMPARE(std::count_if(used.begin(), used.end(), [](const auto& e) { return e.api == protocol::ApiKey::Produce; }),
             std::ptrdiff_t{2});
    QCOMPARE(std::count_if(used.begin(), used.end(), [](const auto& e) { return e.api == protocol::ApiKey::Fetch; }),
             std::ptrdiff_t{3});
    QVERIFY(run.lab->snapshot()->producers[0].retries >= 2);
    QCOMPARE(run.lab->snapshot()->producers[0].recordsFailed, int64_t{0});
    run.carryOut(StopClient{"checkout"});
    run.lab->runUntil(seconds(45));
    invariants.checkNow();
    checkPromises(invariants);
    const SnapshotPtr end = run.lab->snapshot();
    QCOMPARE(end->consumers[0].recordsConsumed, end->producers[0].recordsAcknowledged);
  }

  void everyFaultIsReplayedAndTheSameOnRealFiles() {
    const std::vector<Command> faults = {
        SetLink{kBroker1, kBroker2, true, 5ms, 2ms, 30, 30, 200'000},
        CutLink{kBroker3, kBroker1, false},
        InjectError{kBroker1, "Produce", "NOT_LEADER_OR_FOLLOWER", 2},
        SetClock{kBroker1, "", -1min, 50},
        SetClock{{}, "checkout", 1h, 0},
        SetDisk{kBroker2, false, 0, true, 200us},
        FlipBit{kBroker3, base::TopicPartition{"orders", 2}},
        FlipBit{kBroker3},
        CutPower{{kBroker2, kBroker3}},
        StartBroker{0},
        SetDisk{kBroker1, true, 50},
        HealLink{kBroker1, kBroker3},
        SetDisk{kController, true},
        CutPower{{kController}},
    };
    QTemporaryDir directory;
    const auto run = [&](bool onFiles) {
      Lab::Options options;
      options.hashTrace = true;
      if (onFiles) {
        options.dataDirectory = directory.filePath("data").toStdString();
        options.recordTo = directory.filePath("story.recording").toStdString();
      }
      auto lab = openLab(busyLab(), options);
      lab->runUntil(seconds(10));
      for (const Command& fault : faults) {
        const base::Status status = lab->execute(fault);
        if (!status) qWarning("%s: %s", toJson(fault).c_str(), status.error().message.c_str());
        lab->runUntil(lab->now() + 2s);
      }
      return lab->traceHash();
    };
    const std::string onFiles = run(true);
    QCOMPARE(run(false), onFiles);
    const auto replayed = Lab::replay(directory.filePath("story.recording").toStdString());
    QVERIFY2(replayed.has_value(), replayed ? "" : replayed.error().message.c_str());
    QCOMPARE((*replayed)->traceHash(), onFiles);
  }
};

STREAMSCOPE_TEST(FaultCommandsTest);
#include "fault_commands_test.moc"
