#include "lab/lab.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>

#include "lab/invariant_checker.h"
#include "lab/lab_file.h"
#include "lab_scene.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;
using test::openLab;
using test::seconds;
using test::smallLab;

Q_DECLARE_METATYPE(streamscope::lab::Command)

namespace {

const PartitionState& partitionOf(const Snapshot& snapshot, int32_t partition) {
  return snapshot.topics.at(0).partitions.at(static_cast<size_t>(partition));
}

/// Runs until the condition holds, at most to `limit`.
template <class Condition>
bool runUntil(Lab& lab, base::VirtualTime limit, Condition&& condition) {
  while (!condition()) {
    if (lab.nextEventTime() > limit || !lab.step()) return false;
  }
  return true;
}

}  // namespace

class LabTest : public QObject {
  Q_OBJECT
 private slots:
  void comesUpByItself() {
    auto lab = openLab(smallLab());
    lab->runUntil(seconds(10));
    const SnapshotPtr snapshot = lab->snapshot();
    QCOMPARE(snapshot->labName, std::string("small"));
    QCOMPARE(snapshot->brokers.size(), size_t{3});
    for (const BrokerState& broker : snapshot->brokers) {
      QCOMPARE(static_cast<int>(broker.condition), static_cast<int>(NodeCondition::Running));
      QVERIFY(broker.brokerEpoch >= 0);
      QCOMPARE(broker.replicas.size(), size_t{3});
    }
    QCOMPARE(snapshot->topics.size(), size_t{1});
    const TopicState& orders = snapshot->topics.at(0);
    QCOMPARE(orders.name, std::string("orders"));
    QCOMPARE(orders.replicationFactor, int16_t{3});
    QCOMPARE(orders.minInsyncReplicas, 2);
    for (const PartitionState& partition : orders.partitions) QCOMPARE(partition.isr.size(), size_t{3});
    QCOMPARE(snapshot->controllers.size(), size_t{1});
    QVERIFY(snapshot->controllers.at(0).metadataLogEndOffset > 0);
    QCOMPARE(snapshot->counters.underReplicatedPartitions, 0);
    QVERIFY(!snapshot->clusterId.empty());
    QCOMPARE(snapshot->bootstrapServers(), std::string());
  }

  void aSnapshotShowsTraffic() {
    LabDescription description = smallLab();
    description.producers = {test::producer("checkout", 50)};
    description.consumers = {test::consumer("billing")};
    Lab::Options options;
    options.ports = {{1, 9092}, {2, 9093}, {3, 9094}};
    auto lab = openLab(description, options);
    lab->runUntil(seconds(30));
    const SnapshotPtr snapshot = lab->snapshot();
    QCOMPARE(snapshot->bootstrapServers(), std::string("localhost:9092,localhost:9093,localhost:9094"));
    const ProducerState& producer = snapshot->producers.at(0);
    QCOMPARE(producer.name, std::string("checkout"));
    QVERIFY(producer.producerId >= 0);
    QVERIFY2(producer.recordsPerSecond > 45 && producer.recordsPerSecond < 55,
             qPrintable(QString::number(producer.recordsPerSecond)));
    QCOMPARE(producer.recordsSent, producer.recordsAcknowledged + producer.recordsFailed + producer.recordsInFlight);
    QVERIFY(producer.recordsAcknowledged > 1300);
    QCOMPARE(producer.recordsFailed, int64_t{0});
    const ConsumerState& consumer = snapshot->consumers.at(0);
    QCOMPARE(consumer.partitions.size(), size_t{3});
    QVERIFY(consumer.recordsConsumed > 1300);
    int64_t lag = 0;
    for (const ConsumerPartitionState& partition : consumer.partitions) lag += partition.lag();
    QCOMPARE(snapshot->counters.totalLag, lag);
    QVERIFY2(lag < 10, qPrintable(QString::number(lag)));
    QVERIFY(snapshot->counters.recordsProduced >= producer.recordsAcknowledged);
    QCOMPARE(snapshot->counters.recordsConsumed, consumer.recordsConsumed);
    QVERIFY(snapshot->counters.bytesIn > 0 && snapshot->counters.bytesOut > 0);
    // Small segments, so that rolling is visible.
    bool rolled = false;
    for (const BrokerState& broker : snapshot->brokers)
      for (const ReplicaState& replica : broker.replicas) {
        rolled |= replica.segments.size() > 1;
        QVERIFY(replica.isInSync);
        QVERIFY(replica.highWatermark <= replica.logEndOffset);
        QCOMPARE(replica.isLeader, partitionOf(*snapshot, replica.partition.partition).leader == broker.id);
      }
    QVERIFY(rolled);
  }

  void nothingAcknowledgedIsLostInATakeover() {
    const std::filesystem::path file =
        std::filesystem::path(STREAMSCOPE_LESSONS_DIR) / "01-first-light" / "takeover.lab.json";
    QFile text(QString::fromStdString(file.string()));
    QVERIFY(text.open(QIODevice::ReadOnly));
    const auto description = parseLabFile(text.readAll().toStdString());
    QVERIFY(description.has_value());
    auto lab = openLab(*description);
    InvariantChecker invariants(*lab);

    lab->runUntil(seconds(20) - std::chrono::milliseconds(1));
    const SnapshotPtr before = lab->snapshot();
    const base::BrokerId leader = partitionOf(*before, 1).leader;
    const base::LeaderEpoch epoch = partitionOf(*before, 1).leaderEpoch;

    lab->runUntil(seconds(39));
    const SnapshotPtr during = lab->snapshot();
    const BrokerState& dead = during->brokers.at(static_cast<size_t>(leader - 1));
    QCOMPARE(static_cast<int>(dead.condition), static_cast<int>(NodeCondition::Down));
    QCOMPARE(dead.since, seconds(20));
    QCOMPARE(dead.replicas.size(), size_t{3});
    QVERIFY(dead.replicas.at(1).logEndOffset > 0);
    QVERIFY(partitionOf(*during, 1).leader != leader);
    QVERIFY(partitionOf(*during, 1).leader != base::kNoBroker);
    QVERIFY(partitionOf(*during, 1).leaderEpoch > epoch);
    QCOMPARE(partitionOf(*during, 1).isr.size(), size_t{2});
    QCOMPARE(during->counters.underReplicatedPartitions, 3);
    QCOMPARE(during->counters.offlinePartitions, 0);
    for (const ProducerState& producer : during->producers) QVERIFY(producer.recordsPerSecond > 0);

    lab->runUntil(seconds(70));
    QVERIFY(lab->execute(StopClient{"checkout"}).has_value());
    QVERIFY(lab->execute(StopClient{"mobile"}).has_value());
    lab->runUntil(seconds(80));
    const SnapshotPtr after = lab->snapshot();
    QCOMPARE(after->counters.underReplicatedPartitions, 0);
    for (const PartitionState& partition : after->topics.at(0).partitions) QCOMPARE(partition.isr.size(), size_t{3});
    int64_t acknowledged = 0;
    for (const ProducerState& producer : after->producers) {
      QCOMPARE(producer.recordsFailed, int64_t{0});
      QCOMPARE(producer.recordsAcknowledged, producer.recordsSent);
      acknowledged += producer.recordsAcknowledged;
    }
    QVERIFY(acknowledged > 8000);
    // Idempotent producers: what is in the logs is what was acknowledged, once.
    QCOMPARE(after->counters.recordsProduced, acknowledged);
    for (const ConsumerState& consumer : after->consumers) {
      QCOMPARE(consumer.recordsConsumed, acknowledged);
      for (const ConsumerPartitionState& partition : consumer.partitions) QCOMPARE(partition.lag(), int64_t{0});
    }
    invariants.checkNow();
    QVERIFY2(invariants.violations().empty(),
             invariants.violations().empty() ? "" : invariants.violations().front().c_str());
    QVERIFY(invariants.batchesAcknowledged() > 100);
  }

  void everyRefusalSaysWhatAndWhy_data() {
    QTest::addColumn<Command>("command");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no such broker") << Command(KillBroker{7}) << "There is no broker 7; this lab has 1 to 3.";
    QTest::newRow("killed twice") << Command(KillBroker{3}) << "Broker 3 is down already.";
    QTest::newRow("stop of a dead one") << Command(StopBroker{3}) << "Broker 3 is down already.";
    QTest::newRow("start of a running one") << Command(StartBroker{1}) << "Broker 1 is running already.";
    QTest::newRow("start of an unknown one") << Command(StartBroker{9}) << "There is no broker 9";
    QTest::newRow("pause of a dead one") << Command(PauseBroker{3})
                                         << "Broker 3 is down; only a running broker can be paused.";
    QTest::newRow("pause twice") << Command(PauseBroker{2}) << "Broker 2 is paused already.";
    QTest::newRow("stop of a paused one") << Command(StopBroker{2}) << "Broker 2 is paused and cannot shut down";
    QTest::newRow("resume of a running one") << Command(ResumeBroker{1}) << "Broker 1 is not paused.";
    QTest::newRow("leader of nothing") << Command(KillBroker{0, base::TopicPartition{"orders", 8}})
                                       << "There is no partition orders-8.";
    QTest::newRow("link to itself") << Command(CutLink{world::brokerAddress(1), world::brokerAddress(1)})
                                    << "A link needs two different nodes; both are broker 1.";
    QTest::newRow("link of nobody") << Command(CutLink{world::brokerAddress(1), world::controllerAddress(7)})
                                    << "There is no controller 7";
    QTest::newRow("link cut twice") << Command(CutLink{world::brokerAddress(2), world::brokerAddress(1)})
                                    << "The link between broker 2 and broker 1 is cut already.";
    QTest::newRow("heal of a whole link")
        << Command(HealLink{world::brokerAddress(1), world::brokerAddress(3)})
        << "The link between broker 1 and broker 3 is neither cut nor otherwise changed";
    QTest::newRow("link as it is") << Command(SetLink{world::brokerAddress(1), world::brokerAddress(3)})
                                   << "The link between broker 1 and broker 3 is like that already.";
    QTest::newRow("power of nobody") << Command(CutPower{{world::brokerAddress(1), world::brokerAddress(9)}})
                                     << "There is no broker 9";
    QTest::newRow("power twice") << Command(CutPower{{world::brokerAddress(1), world::brokerAddress(1)}})
                                 << "A node is named twice";
    QTest::newRow("disk as it is") << Command(SetDisk{world::brokerAddress(1)})
                                   << "The disk of broker 1 is like that already.";
    QTest::newRow("bit of nothing") << Command(FlipBit{world::brokerAddress(1), base::TopicPartition{"none", 0}})
                                    << "broker 1 has no byte of none-0 on its disk";
    QTest::newRow("clock as it is") << Command(SetClock{world::brokerAddress(1)})
                                    << "The clock of broker 1 is like that already.";
    QTest::newRow("clock of nobody") << Command(SetClock{{}, "nobody", std::chrono::seconds(1)})
                                     << "No client \"nobody\" is running.";
    QTest::newRow("error of an API it does not take")
        << Command(InjectError{world::brokerAddress(1), "AlterPartition", "FENCED_LEADER_EPOCH"})
        << "broker 1 takes no AlterPartition requests; they go to the controller.";
    QTest::newRow("error of a part that has none")
        << Command(InjectError{world::brokerAddress(1), "Metadata", "UNKNOWN_SERVER_ERROR", 1,
                               base::TopicPartition{"orders", 0}})
        << "An answer to Metadata has no error for each partition; leave the partition out.";
    QTest::newRow("error of no partition")
        << Command(InjectError{world::brokerAddress(1), "Fetch", "UNKNOWN_SERVER_ERROR", 1,
                               base::TopicPartition{"orders", 9}})
        << "There is no partition orders-9.";
    QTest::newRow("no error to take back") << Command(InjectError{world::brokerAddress(1), "Fetch", "", 0})
                                           << "broker 1 has no errors left to answer Fetch requests with.";
    QTest::newRow("disk full twice") << Command(SetDiskFull{2, true}) << "The disk of broker 2 is full already.";
    QTest::newRow("disk not full") << Command(SetDiskFull{1, false}) << "The disk of broker 1 is not full.";
    QTest::newRow("topic exists") << Command(CreateTopic{"orders", 1, 1, {}}) << "There is a topic \"orders\" already.";
    QTest::newRow("too many replicas") << Command(CreateTopic{"new", 1, 4, {}})
                                       << "Topic \"new\" cannot have 4 replicas; this lab has only 3 brokers.";
    QTest::newRow("topic name") << Command(CreateTopic{"no name", 1, 1, {}})
                                << "/topic is \"no name\"; it must be a topic name";
    QTest::newRow("delete of nothing") << Command(DeleteTopic{"new"}) << "There is no topic \"new\".";
    StartProducer homeless = test::producer("homeless", 1);
    homeless.topic = "nowhere";
    QTest::newRow("producer without topic") << Command(homeless) << "There is no topic \"nowhere\"; create it before";
    QTest::newRow("name taken") << Command(test::producer("checkout", 1))
                                << "A client \"checkout\" is running already;";
    StartProducer odd = test::producer("odd", 1);
    odd.acks = 5;
    QTest::newRow("acks out of range") << Command(odd) << "/acks is 5; it must be 0, 1 or \"all\".";
    StartConsumer partial = test::consumer("partial");
    partial.partitions = {0, 5};
    QTest::newRow("no such partition") << Command(partial)
                                       << "There is no partition orders-5; the topic has 3, counted from 0.";
    QTest::newRow("stop of nobody") << Command(StopClient{"nobody"}) << "No client \"nobody\" is running.";
  }
  void everyRefusalSaysWhatAndWhy() {
    QFETCH(Command, command);
    QFETCH(QString, sentence);
    LabDescription description = smallLab();
    description.producers = {test::producer("checkout", 5)};
    auto lab = openLab(description);
    lab->runUntil(seconds(5));
    QVERIFY(lab->execute(KillBroker{3}).has_value());
    QVERIFY(lab->execute(PauseBroker{2}).has_value());
    QVERIFY(lab->execute(CutLink{world::brokerAddress(1), world::brokerAddress(2)}).has_value());
    QVERIFY(lab->execute(SetDiskFull{2, true}).has_value());
    std::string refusal;
    lab->subscribe([&](const world::TraceEvent& event) {
      if (const auto* executed = std::get_if<world::CommandExecuted>(&event.payload)) refusal = executed->refusal;
    });
    const base::Status status = lab->execute(command);
    QVERIFY(!status.has_value());
    QVERIFY2(QString::fromStdString(status.error().message).contains(sentence), status.error().message.c_str());
    QCOMPARE(refusal, status.error().message);
  }

  void everyDoesAllThatAreDown() {
    auto lab = openLab(smallLab());
    lab->runUntil(seconds(5));
    QVERIFY(!lab->execute(StartBroker{0}).has_value());
    QVERIFY(!lab->execute(ResumeBroker{0}).has_value());
    QVERIFY(lab->execute(KillBroker{1}).has_value());
    QVERIFY(lab->execute(KillBroker{2}).has_value());
    QVERIFY(!lab->acceptsConnections(1));
    QVERIFY(lab->execute(StartBroker{0}).has_value());
    QVERIFY(lab->acceptsConnections(1));
    QVERIFY(lab->execute(PauseBroker{3}).has_value());
    QVERIFY(lab->isPaused(3));
    QVERIFY(lab->execute(ResumeBroker{0}).has_value());
    QVERIFY(!lab->isPaused(3));
  }

  void clientsComeAndGo() {
    auto lab = openLab(smallLab());
    lab->runUntil(seconds(5));
    QVERIFY(lab->execute(CreateTopic{"returns", 1, 1, {}}).has_value());
    // Its topic is not there yet; the client starts when it is.
    StartProducer writer = test::producer("writer", 20);
    writer.topic = "returns";
    QVERIFY(lab->execute(writer).has_value());
    lab->runUntil(seconds(15));
    QVERIFY(lab->execute(StopClient{"writer"}).has_value());
    lab->runUntil(seconds(16));
    const ProducerState first = lab->snapshot()->producers.at(0);
    QVERIFY(!first.isRunning);
    QVERIFY(first.recordsAcknowledged > 150);
    QCOMPARE(first.recordsInFlight, int64_t{0});
    // The name is free again.
    QVERIFY(lab->execute(writer).has_value());
    lab->runUntil(seconds(20));
    QVERIFY(lab->snapshot()->producers.at(0).isRunning);
    QVERIFY(lab->execute(StopClient{"writer"}).has_value());
    QVERIFY(lab->execute(DeleteTopic{"returns"}).has_value());
    lab->runUntil(seconds(25));
    QCOMPARE(lab->snapshot()->topics.size(), size_t{1});
  }

  void aTopicTheControllerRefusesIsToldInTheTrace() {
    auto lab = openLab(smallLab());
    lab->runUntil(seconds(5));
    std::vector<std::string> refusals;
    lab->subscribe([&](const world::TraceEvent& event) {
      if (const auto* executed = std::get_if<world::CommandExecuted>(&event.payload))
        if (!executed->refusal.empty()) refusals.push_back(executed->refusal);
    });
    QVERIFY(lab->execute(CreateTopic{"odd", 1, 1, {{"retention.ms", "soon"}}}).has_value());
    lab->runUntil(seconds(10));
    QCOMPARE(refusals.size(), size_t{1});
    QVERIFY2(refusals.at(0).starts_with("Creating topic odd: "), refusals.at(0).c_str());
    QVERIFY(refusals.at(0).find("retention.ms") != std::string::npos);
  }

  void aFullDiskTakesItsBrokerDownAndTheOthersGoOn() {
    LabDescription description = smallLab();
    description.producers = {test::producer("checkout", 50)};
    auto lab = openLab(description);
    InvariantChecker invariants(*lab);
    lab->runUntil(seconds(10));
    QVERIFY(lab->execute(SetDiskFull{2, true}).has_value());
    lab->runUntil(seconds(40));
    const SnapshotPtr full = lab->snapshot();
    QVERIFY(!full->brokers.at(1).logDirectoryFailure.empty());
    QCOMPARE(static_cast<int>(full->brokers.at(1).condition), static_cast<int>(NodeCondition::Down));
    QVERIFY(!lab->acceptsConnections(2));
    QVERIFY(full->producers.at(0).recordsPerSecond > 40);
    QVERIFY(lab->execute(SetDiskFull{2, false}).has_value());
    QVERIFY(lab->execute(StartBroker{2}).has_value());
    lab->runUntil(seconds(80));
    QCOMPARE(lab->snapshot()->counters.underReplicatedPartitions, 0);
    QVERIFY(lab->execute(StopClient{"checkout"}).has_value());
    lab->runUntil(seconds(85));
    invariants.checkNow();
    QVERIFY2(invariants.violations().empty(),
             invariants.violations().empty() ? "" : invariants.violations().front().c_str());
  }

  void cutLinksAndMessagesInFlightAreInTheSnapshot() {
    LabDescription description = smallLab();
    description.linkLatency = std::chrono::milliseconds(20);
    auto lab = openLab(description);
    lab->runUntil(seconds(10));
    QVERIFY(lab->execute(CutLink{world::brokerAddress(2), world::brokerAddress(1)}).has_value());
    const SnapshotPtr snapshot = lab->snapshot();
    QCOMPARE(snapshot->cutLinks.size(), size_t{1});
    QCOMPARE(snapshot->cutLinks.at(0).a, world::brokerAddress(1));
    QCOMPARE(snapshot->cutLinks.at(0).b, world::brokerAddress(2));
    bool seen = false;
    QVERIFY(runUntil(*lab, seconds(15), [&] {
      const SnapshotPtr now = lab->snapshot();
      for (const MessageInFlight& message : now->inFlight) {
        seen = true;
        if (message.sent > now->time || message.due < now->time) return false;
      }
      return seen;
    }));
  }

  void aDataDirectoryIsReopened() {
    QTemporaryDir directory;
    Lab::Options options;
    options.dataDirectory = directory.filePath("cluster").toStdString();
    LabDescription description = smallLab();
    description.producers = {test::producer("checkout", 100)};
    std::string clusterId;
    int64_t written = 0;
    {
      auto lab = openLab(description, options);
      lab->runUntil(seconds(20));
      clusterId = lab->snapshot()->clusterId;
      lab->shutDownCleanly(std::chrono::seconds(60));
      const SnapshotPtr stopped = lab->snapshot();
      for (const BrokerState& broker : stopped->brokers)
        QCOMPARE(static_cast<int>(broker.condition), static_cast<int>(NodeCondition::Down));
      written = lab->snapshot()->counters.recordsProduced;
      QVERIFY(written > 1000);
    }
    QVERIFY(QFile::exists(directory.filePath("cluster/broker-1/.kafka_cleanshutdown")));
    description.producers.clear();
    description.consumers = {test::consumer("billing")};
    {
      options.seed = 99;
      auto lab = openLab(description, options);
      lab->runUntil(seconds(20));
      QCOMPARE(lab->snapshot()->clusterId, clusterId);
      QCOMPARE(lab->snapshot()->counters.recordsConsumed, written);
    }
    options.recordTo = directory.filePath("story.recording").toStdString();
    const auto recorded = Lab::open(description, options);
    QVERIFY(!recorded.has_value());
    QVERIFY(recorded.error().message.find("record with an empty data directory") != std::string::npos);
    options.recordTo.clear();
    description.brokers = 5;
    const auto larger = Lab::open(description, options);
    QVERIFY(!larger.has_value());
    QCOMPARE(larger.error().code, base::ErrorCode::INCONSISTENT_CLUSTER_ID);
  }

  void anUnknownConfigIsRefused() {
    LabDescription description = smallLab();
    description.brokerConfigs["log.segment.byte"] = "1";
    const auto lab = Lab::open(description, {});
    QVERIFY(!lab.has_value());
    QVERIFY2(lab.error().message.find("log.segment.byte") != std::string::npos, lab.error().message.c_str());
  }
};

STREAMSCOPE_TEST(LabTest);
#include "lab_test.moc"
