#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "kafka_process.h"
#include "kafka_program.h"
#include "running_cluster.h"
#include "running_process.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr const char* kBrokerIsUp = "broker 1 at";
constexpr const char* kTopicIsLed = "partition 0, leader 1,";

QByteArray lines(const QByteArray& stem, int count) {
  QByteArray text;
  for (int i = 0; i < count; ++i) text += stem + ' ' + QByteArray::number(i) + '\n';
  return text;
}

ProcessOutcome produce(const QString& bootstrap, const QByteArray& text, const QString& codec) {
  return runProcess("kcat", {"-P", "-b", bootstrap, "-t", "numbers", "-p", "0", "-z", codec}, text);
}

QByteArray consumed(const QString& bootstrap) {
  return runProcess("kcat", {"-C", "-b", bootstrap, "-t", "numbers", "-p", "0", "-e", "-q"}).output;
}

}  // namespace

/// A real Kafka starts on directories that we wrote, and we start on directories that it wrote; records, topics and
/// configs are there, and both go on writing.
class MetadataBootTest : public QObject {
  Q_OBJECT
 private slots:
  void kafkaStartsOnOurDirectoriesAndWeOnThemAgain() {
    const QTemporaryDir directory;
    lab::CreateTopic topic;
    topic.topic = "numbers";
    topic.configs = {{"retention.ms", "86400000"}};
    auto description = RunningCluster::describe(1, {topic});
    description.brokerConfigs = {{"metadata.log.max.record.bytes.between.snapshots", "300"}};
    QByteArray expected = lines("ours", 2000);
    {
      RunningCluster cluster(description, directory.path());
      QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
      QVERIFY(cluster.waitUntil("the topic is there", [](const auto& now) { return isInSync(now, "numbers", 1); }));
      QVERIFY(produce(cluster.bootstrapServers(), expected, "zstd").succeeded());
      cluster.stopCleanly();
    }
    theFormattedFilesAreThere(directory.path());
    theSnapshotsAreRead(directory.filePath("controller-100/__cluster_metadata-0"));

    const uint16_t controllerPort = freePort();
    const QString bootstrap = QString("127.0.0.1:%1").arg(freePort());
    const QString voters = QString("controller.quorum.voters=100@127.0.0.1:%1").arg(controllerPort);
    KafkaProcess controller(commonConfiguration(directory.filePath("controller-100")) +
                            QStringList{"process.roles=controller", "node.id=100", voters,
                                        QString("listeners=CONTROLLER://127.0.0.1:%1").arg(controllerPort)});
    KafkaProcess broker(commonConfiguration(directory.filePath("broker-1")) +
                        QStringList{"process.roles=broker", "node.id=1", voters, "listeners=PLAINTEXT://" + bootstrap,
                                    "advertised.listeners=PLAINTEXT://" + bootstrap});
    controller.start();
    broker.start();
    QVERIFY2(waitUntilServing(broker, bootstrap, kTopicIsLed), (broker.said() + controller.said()).constData());
    QCOMPARE(consumed(bootstrap), expected);
    QVERIFY(produce(bootstrap, lines("Kafka's", 500), "lz4").succeeded());
    expected += lines("Kafka's", 500);
    QVERIFY(configOf(bootstrap).contains("retention.ms=86400000"));
    QVERIFY(broker.stopCleanly());
    QVERIFY(controller.stopCleanly());

    RunningCluster again(RunningCluster::describe(1, {}), directory.path());
    QVERIFY2(again.problem().isEmpty(), qPrintable(again.problem()));
    QCOMPARE(consumed(again.bootstrapServers()), expected);
    QVERIFY(produce(again.bootstrapServers(), lines("ours again", 100), "gzip").succeeded());
    QCOMPARE(consumed(again.bootstrapServers()), expected + lines("ours again", 100));
    again.stopCleanly();
  }

  void weStartOnADirectoryOfKafkasAndItOnThatAgain() {
    const QTemporaryDir directory;
    const uint16_t controllerPort = freePort();
    const QString bootstrap = QString("127.0.0.1:%1").arg(freePort());
    const QString listeners = QString("PLAINTEXT://%1,CONTROLLER://127.0.0.1:%2").arg(bootstrap).arg(controllerPort);
    const QStringList configuration =
        commonConfiguration(directory.path()) +
        QStringList{"process.roles=broker,controller", "node.id=1", "listeners=" + listeners,
                    "advertised.listeners=" + listeners,
                    QString("controller.quorum.bootstrap.servers=127.0.0.1:%1").arg(controllerPort),
                    // Snapshots on the way.
                    "metadata.log.max.record.bytes.between.snapshots=2000"};
    QByteArray expected = lines("Kafka's", 1000);
    {
      KafkaProcess kafka(configuration);
      const ProcessOutcome formatted =
          runKafkaProgram("kafka.tools.StorageTool",
                          {"format", "--standalone", "-t", "RealKafkaForTestsAAAAA", "-c", kafka.configurationFile(),
                           "--add-scram", "SCRAM-SHA-256=[name=alice,password=secret]"});
      QVERIFY2(formatted.succeeded(), (formatted.output + formatted.errors).constData());
      kafka.start();
      QVERIFY2(waitUntilServing(kafka, bootstrap, kBrokerIsUp), kafka.said().constData());
      QVERIFY(produce(bootstrap, expected, "snappy").succeeded());
      QVERIFY(kafka.stopCleanly());
    }
    {
      RunningCluster cluster(RunningCluster::describe(1, {}), directory.path());
      QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
      QCOMPARE(consumed(cluster.bootstrapServers()), expected);
      QVERIFY(produce(cluster.bootstrapServers(), lines("ours", 300), "zstd").succeeded());
      expected += lines("ours", 300);
      cluster.stopCleanly();
    }
    KafkaProcess kafka(configuration);
    kafka.start();
    QVERIFY2(waitUntilServing(kafka, bootstrap, kTopicIsLed), kafka.said().constData());
    QCOMPARE(consumed(bootstrap), expected);
    QVERIFY(kafka.stopCleanly());
  }

 private:
  static QByteArray configOf(const QString& bootstrap) {
    return runKafkaProgram("org.apache.kafka.tools.TopicCommand",
                           {"--bootstrap-server", bootstrap, "--describe", "--topic", "numbers"})
        .output;
  }

  static QByteArray dumpOf(const QString& file) { return dumpLog({file}, {"--cluster-metadata-decoder"}).output; }

  /// Kafka's tool reads what only a formatted directory has.
  static void theFormattedFilesAreThere(const QString& directory) {
    for (const char* node : {"broker-1", "controller-100"}) {
      const QByteArray dumped = dumpOf(directory + '/' + node + "/bootstrap.checkpoint");
      for (const char* part : {"SnapshotHeader", "\"metadata.version\"", "SnapshotFooter"})
        QVERIFY2(dumped.contains(part), dumped.constData());
    }
    QVERIFY(!QFile::exists(directory + "/controller-100/recovery-point-offset-checkpoint"));
  }

  static void theSnapshotsAreRead(const QString& directory) {
    const QStringList snapshots = QDir(directory).entryList({"*.checkpoint"}, QDir::Files, QDir::Name);
    QVERIFY2(!snapshots.isEmpty(), "the test wants a snapshot");
    const QByteArray dumped = dumpOf(directory + '/' + snapshots.last());
    for (const char* part : {"Snapshot end offset: ", "SnapshotHeader", "REGISTER_BROKER_RECORD", "TOPIC_RECORD",
                             "PARTITION_RECORD", "\"retention.ms\"", "SnapshotFooter"})
      QVERIFY2(dumped.contains(part), dumped.constData());
    QVERIFY(!dumped.contains("isvalid: false"));
  }
};

STREAMSCOPE_TEST(MetadataBootTest);
#include "metadata_boot_test.moc"
