#include <QTest>
#include <numeric>

#include "librdkafka_producer.h"
#include "running_cluster.h"
#include "running_process.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr int kKeys = 17;
constexpr int kLeaderChanges = 10;
constexpr int kLinesPerChange = 2'000;

lab::CreateTopic topicOf(const std::string& name) {
  lab::CreateTopic topic;
  topic.topic = name;
  topic.partitions = 1;
  topic.replicationFactor = 3;
  topic.configs = {{"min.insync.replicas", "2"}};
  return topic;
}

/// Sessions of a second, so that the death of a broker is noticed soon.
lab::LabDescription quorumOfThree() {
  auto description = RunningCluster::describe(3, {topicOf("lines"), topicOf("numbers")});
  description.controllers = 3;
  description.brokerConfigs = {{"broker.session.timeout.ms", "1000"}, {"broker.heartbeat.interval.ms", "200"}};
  return description;
}

int32_t activeController(const lab::Snapshot& now) {
  for (const lab::ControllerState& controller : now.controllers)
    if (controller.isActive && controller.condition == lab::NodeCondition::Running) return controller.id;
  return -1;
}

QByteArray linesOf(int change) {
  QByteArray text;
  for (int i = 0; i < kLinesPerChange; ++i) text += QByteArray::number(change * kLinesPerChange + i) + '\n';
  return text;
}

}  // namespace

/// kcat and a librdkafka producer write with acks=all while the leader of their partitions changes ten times and the
/// active controller twice. What was acknowledged is there, once, in order.
class LeaderChangesTest : public QObject {
  Q_OBJECT
 private slots:
  void nothingIsLostOrReordered() {
    RunningCluster cluster(quorumOfThree());
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    QVERIFY(cluster.waitUntil("the topics are in sync", allInSync));

    const std::string bootstrap = cluster.bootstrapServers().toStdString();
    LibrdkafkaProducer producer({{"bootstrap.servers", bootstrap}, {"acks", "all"}, {"enable.idempotence", "true"}},
                                "numbers", kKeys);
    QVERIFY2(producer.problem().empty(), producer.problem().c_str());
    QProcess kcat;
    // Without -E it gives up once each broker was away one time, though all are back.
    kcat.start("kcat", {"-P", "-E", "-b", cluster.bootstrapServers(), "-t", "lines", "-X", "enable.idempotence=true",
                        "-X", "acks=all"});
    QVERIFY2(kcat.waitForStarted(), "kcat is missing: packaging/setup-debian");

    QByteArray sent;
    for (int change = 0; change < kLeaderChanges; ++change) {
      const QByteArray text = linesOf(change);
      sent += text;
      kcat.write(text);
      changeLeader(cluster, change);
      if (change == 3) changeController(cluster, lab::KillController{activeController(*cluster.host().snapshot())});
      if (change == 7) changeController(cluster, lab::StopController{activeController(*cluster.host().snapshot())});
      if (QTest::currentTestFailed()) return;
      const int64_t before = producer.acknowledged();
      QVERIFY(cluster.waitUntil("the producer goes on", [&](const auto&) { return producer.acknowledged() > before; }));
    }

    kcat.closeWriteChannel();
    const ProcessOutcome written = finishProcess(kcat);
    QVERIFY2(
        written.succeeded(),
        ("kcat ended with " + QByteArray::number(written.exitCode) + ": " + written.errors.right(600)).constData());
    QCOMPARE(consumed(cluster, "lines", "%s\n"), sent);

    const std::vector<int64_t> perKey = producer.finish();
    QCOMPARE(producer.failed(), 0);
    QCOMPARE(producer.acknowledged(), std::accumulate(perKey.begin(), perKey.end(), int64_t{0}));
    everyKeyCounts(consumed(cluster, "numbers", "%k %s\n"), perKey);
  }

 private:
  static bool allInSync(const lab::Snapshot& now) { return isInSync(now, "lines", 3) && isInSync(now, "numbers", 3); }

  /// Turn by turn the leader of either topic is killed or stopped, and started again when another leads.
  static void changeLeader(RunningCluster& cluster, int change) {
    const base::TopicPartition partition{change % 2 ? "lines" : "numbers", 0};
    const base::BrokerId leader = cluster.leaderOf(partition);
    if (change % 4 < 2)
      QVERIFY(cluster.execute(lab::KillBroker{leader}));
    else
      QVERIFY(cluster.execute(lab::StopBroker{leader}));
    QVERIFY(cluster.waitUntil("another broker leads", [&](const auto& now) {
      const lab::PartitionState* state = findPartition(now, partition);
      return state && state->leader != leader && state->leader != base::kNoBroker;
    }));
    QVERIFY(cluster.waitUntil("the broker is down", [&](const auto& now) {
      return now.brokers[static_cast<size_t>(leader - 1)].condition == lab::NodeCondition::Down;
    }));
    QVERIFY(cluster.execute(lab::StartBroker{leader}));
    QVERIFY(cluster.waitUntil("all replicas are in sync", allInSync));
  }

  static void changeController(RunningCluster& cluster, const lab::Command& command) {
    const int32_t active = activeController(*cluster.host().snapshot());
    QVERIFY(cluster.execute(command));
    QVERIFY(cluster.waitUntil("another controller is active", [&](const auto& now) {
      const int32_t other = activeController(now);
      return other != active && other != -1;
    }));
    QVERIFY(cluster.waitUntil("the controller is down", [&](const auto& now) {
      return now.controllers[static_cast<size_t>(active - now.controllers.front().id)].condition ==
             lab::NodeCondition::Down;
    }));
    QVERIFY(cluster.execute(lab::StartController{active}));
  }

  static QByteArray consumed(const RunningCluster& cluster, const char* topic, const char* format) {
    return runProcess("kcat", {"-C", "-b", cluster.bootstrapServers(), "-t", topic, "-p", "0", "-o", "beginning", "-e",
                               "-q", "-f", format, "-X", "check.crcs=true"})
        .output;
  }

  /// Lines `key-K N`: the numbers of each key are 0, 1, 2 to its last.
  static void everyKeyCounts(const QByteArray& text, const std::vector<int64_t>& perKey) {
    std::vector<int64_t> next(perKey.size());
    for (const QByteArray& line : text.split('\n')) {
      if (line.isEmpty()) continue;
      const qsizetype space = line.indexOf(' ');
      const auto key = static_cast<size_t>(line.mid(4, space - 4).toInt());
      QVERIFY2(key < next.size() && line.mid(space + 1).toLongLong() == next[key],
               (line + " where " + QByteArray::number(qint64{next[key]}) + " was next").constData());
      ++next[key];
    }
    QVERIFY(next == perKey);
  }
};

STREAMSCOPE_TEST(LeaderChangesTest);
#include "leader_changes_test.moc"
