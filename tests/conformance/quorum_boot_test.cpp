#include <QRegularExpression>
#include <QTest>
#include <array>
#include <deque>

#include "kafka_process.h"
#include "kafka_program.h"
#include "running_cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr int kControllers = 3;
constexpr int kFirstController = 100;
constexpr const char* kTopicIsLed = "partition 0, leader 1,";

QByteArray lines(int count) {
  QByteArray text;
  for (int i = 0; i < count; ++i) text += "line " + QByteArray::number(i) + '\n';
  return text;
}

QByteArray consumed(const QString& bootstrap) {
  return runProcess("kcat", {"-C", "-b", bootstrap, "-t", "numbers", "-p", "0", "-e", "-q"}).output;
}

/// What kafka-metadata-quorum says, with every number as N and every directory id as ID: its shape. Without the
/// controllers' endpoints: those of a lab listen to no port.
QString quorumShape(const QString& bootstrap, const QStringList& question) {
  const ProcessOutcome outcome = runKafkaProgram("org.apache.kafka.tools.MetadataQuorumCommand",
                                                 QStringList{"--bootstrap-server", bootstrap, "describe"} + question);
  QString text = QString::fromUtf8(outcome.output + outcome.errors);
  text.replace(QRegularExpression("ClusterId:\\s+\\S+"), "ClusterId: ID");
  text.remove(QRegularExpression(", \"endpoints\": \\[[^\\]]*\\]"));
  text.remove(QRegularExpression(", \"directoryId\": \"[^\"]*\""));
  text.replace(QRegularExpression("[A-Za-z0-9_-]{22}"), "ID");
  text.replace(QRegularExpression("-?\\b[0-9]+\\b"), "N");
  text.replace(QRegularExpression("[ \\t]+"), " ");
  return text;
}

}  // namespace

/// Three controllers and a broker of Kafka's start on the directories of a quorum of ours, and find topics and records.
class QuorumBootTest : public QObject {
  Q_OBJECT
 private slots:
  void threeControllersStartOnOurQuorum() {
    const QTemporaryDir directory;
    lab::CreateTopic topic;
    topic.topic = "numbers";
    topic.configs = {{"retention.ms", "86400000"}};
    auto description = RunningCluster::describe(1, {topic});
    description.controllers = kControllers;
    // Snapshots on the way.
    description.brokerConfigs = {{"metadata.log.max.record.bytes.between.snapshots", "300"}};
    const QByteArray expected = lines(2000);
    QString ourStatus, ourReplication;
    {
      RunningCluster cluster(description, directory.path());
      QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
      QVERIFY(cluster.waitUntil("the topic is there", [](const auto& now) { return isInSync(now, "numbers", 1); }));
      const ProcessOutcome written =
          runProcess("kcat", {"-P", "-b", cluster.bootstrapServers(), "-t", "numbers"}, expected);
      QVERIFY2(written.succeeded(), written.errors.constData());
      ourStatus = quorumShape(cluster.bootstrapServers(), {"--status"});
      ourReplication = quorumShape(cluster.bootstrapServers(), {"--replication"});
      cluster.stopCleanly();
    }

    std::array<uint16_t, kControllers> ports{};
    QStringList voters;
    for (int i = 0; i < kControllers; ++i) {
      ports[static_cast<size_t>(i)] = freePort();
      voters << QString("%1@127.0.0.1:%2").arg(kFirstController + i).arg(ports[static_cast<size_t>(i)]);
    }
    const QString quorum = "controller.quorum.voters=" + voters.join(',');
    const QString bootstrap = QString("127.0.0.1:%1").arg(freePort());
    std::deque<KafkaProcess> controllers;
    for (int i = 0; i < kControllers; ++i) {
      controllers.emplace_back(
          commonConfiguration(directory.filePath(QString("controller-%1").arg(kFirstController + i))) +
          QStringList{"process.roles=controller", QString("node.id=%1").arg(kFirstController + i), quorum,
                      QString("listeners=CONTROLLER://127.0.0.1:%1").arg(ports[static_cast<size_t>(i)])});
      controllers.back().start();
    }
    KafkaProcess broker(commonConfiguration(directory.filePath("broker-1")) +
                        QStringList{"process.roles=broker", "node.id=1", quorum, "listeners=PLAINTEXT://" + bootstrap,
                                    "advertised.listeners=PLAINTEXT://" + bootstrap});
    broker.start();
    QVERIFY2(waitUntilServing(broker, bootstrap, kTopicIsLed), (broker.said() + controllers[0].said()).constData());
    QCOMPARE(consumed(bootstrap), expected);
    QCOMPARE(ourStatus, quorumShape(bootstrap, {"--status"}));
    QCOMPARE(ourReplication, quorumShape(bootstrap, {"--replication"}));
    QVERIFY(broker.stopCleanly());
    for (KafkaProcess& controller : controllers) QVERIFY(controller.stopCleanly());

    RunningCluster again(description, directory.path());
    QVERIFY2(again.problem().isEmpty(), qPrintable(again.problem()));
    QCOMPARE(consumed(again.bootstrapServers()), expected);
    again.stopCleanly();
  }
};

STREAMSCOPE_TEST(QuorumBootTest);
#include "quorum_boot_test.moc"
