#include <QTest>
#include <algorithm>

#include "running_cluster.h"
#include "running_process.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

const base::TopicPartition kPartition{"lines", 0};

/// A real client's connection to this broker that reads the partition.
bool isReadFrom(const lab::Snapshot& now, base::BrokerId broker) {
  return std::ranges::any_of(now.externalClients, [&](const lab::ExternalClientState& client) {
    return client.broker == broker && client.lastApi == "Fetch" &&
           std::ranges::find(client.fetchesFrom, kPartition) != client.fetchesFrom.end();
  });
}

}  // namespace

/// librdkafka with client.rack reads from the follower in its rack (KIP-392).
class KcatReadReplicaTest : public QObject {
  Q_OBJECT
 private slots:
  void readsFromItsRackWhoeverLeads() {
    lab::CreateTopic topic;
    topic.topic = kPartition.topic;
    topic.replicationFactor = 3;
    lab::LabDescription description = RunningCluster::describe(3, {topic});
    description.racks = {"a", "b", "c"};
    description.brokerConfigs = {
        {"replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector"}};
    RunningCluster cluster(description);
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    QVERIFY(cluster.waitUntil("the topic is in sync", [](const auto& now) { return isInSync(now, "lines", 3); }));
    const base::BrokerId leader = cluster.leaderOf(kPartition), near = leader % 3 + 1;
    const QString rack = QString::fromStdString(description.racks.at(static_cast<size_t>(near - 1)));

    const auto write = [&](const QByteArray& line) {
      const ProcessOutcome written =
          runProcess("kcat", {"-P", "-b", cluster.bootstrapServers(), "-t", "lines", "-X", "acks=all"}, line);
      QVERIFY2(written.succeeded(), written.errors.constData());
    };
    write("before\n");
    QProcess consumer;
    consumer.start("kcat", {"-C", "-u", "-b", cluster.bootstrapServers(), "-t", "lines", "-o", "beginning", "-q", "-X",
                            "client.rack=" + rack});
    QVERIFY2(consumer.waitForStarted(), "kcat is missing: packaging/setup-debian");
    QVERIFY(cluster.waitUntil("the follower is read", [&](const auto& now) { return isReadFrom(now, near); }));
    write("meanwhile\n");
    QByteArray read;
    const auto hasRead = [&](const QByteArray& line) {
      consumer.waitForReadyRead(10);
      read += consumer.readAllStandardOutput();
      return read.contains(line);
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasRead("meanwhile\n"), 60'000);

    // (librdkafka 2.0 would wait for a follower that died until its lease of five minutes is over.)
    QVERIFY(cluster.execute(lab::KillBroker{leader}));
    QVERIFY(cluster.waitUntil("another leads", [&](const auto& now) {
      const lab::PartitionState* partition = findPartition(now, kPartition);
      return partition && partition->leader != leader && partition->leader != base::kNoBroker;
    }));
    write("after\n");
    QTRY_VERIFY_WITH_TIMEOUT(hasRead("after\n"), 60'000);
    QVERIFY(isReadFrom(*cluster.host().snapshot(), near));
    QCOMPARE(read, QByteArray("before\nmeanwhile\nafter\n"));
    consumer.kill();
    consumer.waitForFinished();
  }
};

STREAMSCOPE_TEST(KcatReadReplicaTest);

#include "kcat_read_replica_test.moc"
