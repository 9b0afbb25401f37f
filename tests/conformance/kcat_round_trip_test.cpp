#include <QTest>
#include <map>

#include "running_cluster.h"
#include "running_process.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr int kLines = 120'000;
constexpr int kKeys = 97;
constexpr int kPartitions = 3;

QByteArray lineNumber(int i) {
  // Lengths differ, so that batches and index entries do not fall into step.
  return "key-" + QByteArray::number(i % kKeys) + ":line " + QByteArray::number(i) + ' ' +
         QByteArray(i % 61, static_cast<char>('a' + i % 26)) + '\n';
}

QByteArray lines(int from, int to) {
  QByteArray text;
  for (int i = from; i < to; ++i) text += lineNumber(i);
  return text;
}

/// Each key's lines in the order they stand.
std::map<QByteArray, QByteArrayList> byKey(const QByteArray& text) {
  std::map<QByteArray, QByteArrayList> keys;
  for (const QByteArray& line : text.split('\n')) {
    if (!line.isEmpty()) keys[line.left(line.indexOf(':'))] << line;
  }
  return keys;
}

lab::CreateTopic replicatedTopic(const std::string& name) {
  lab::CreateTopic topic;
  topic.topic = name;
  topic.partitions = kPartitions;
  topic.replicationFactor = 3;
  topic.configs = {{"min.insync.replicas", "2"}, {"segment.bytes", "1048576"}};
  return topic;
}

}  // namespace

class KcatRoundTripTest : public QObject {
  Q_OBJECT
 private slots:
  /// A file goes in and comes back line by line, though the leader of a partition dies on the way and returns.
  void everyLineComesBackThoughALeaderDies() {
    RunningCluster cluster(RunningCluster::describe(3, {replicatedTopic("lines")}));
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    QVERIFY(cluster.waitUntil("the topic is in sync", [](const auto& now) { return isInSync(now, "lines", 3); }));
    const base::TopicPartition first{"lines", 0};
    const base::BrokerId victim = cluster.leaderOf(first);

    QProcess producer;
    producer.start("kcat", {"-P", "-b", cluster.bootstrapServers(), "-t", "lines", "-K", ":", "-X",
                            "enable.idempotence=true", "-X", "acks=all"});
    QVERIFY2(producer.waitForStarted(), "kcat is missing: packaging/setup-debian");
    producer.write(lines(0, kLines / 3));
    QVERIFY(cluster.waitUntil("records arrive", [&](const auto& now) { return logEndOffset(now, first) > 100; }));

    QVERIFY(cluster.execute(lab::KillBroker{victim}));
    producer.write(lines(kLines / 3, 2 * kLines / 3));
    QVERIFY(cluster.waitUntil("somebody else leads", [&](const auto& now) {
      const lab::PartitionState* partition = findPartition(now, first);
      return partition && partition->leader != victim && partition->leader != base::kNoBroker;
    }));
    const base::Offset endAtTakeover = logEndOffset(*cluster.host().snapshot(), first);
    QVERIFY(cluster.waitUntil("the new leader takes records",
                              [&](const auto& now) { return logEndOffset(now, first) > endAtTakeover; }));

    QVERIFY(cluster.execute(lab::StartBroker{victim}));
    producer.write(lines(2 * kLines / 3, kLines));
    producer.closeWriteChannel();
    const ProcessOutcome produced = finishProcess(producer);
    QVERIFY2(produced.succeeded(), produced.errors.constData());
    QVERIFY(cluster.waitUntil("the killed broker has caught up",
                              [](const auto& now) { return isInSync(now, "lines", 3); }));

    const ProcessOutcome consumed =
        runProcess("kcat", {"-C", "-b", cluster.bootstrapServers(), "-t", "lines", "-o", "beginning", "-e", "-q", "-f",
                            "%k:%s\n", "-X", "check.crcs=true"});
    QVERIFY2(consumed.succeeded(), consumed.errors.constData());
    compare(lines(0, kLines), consumed.output);
  }

  void everyCodecComesBack_data() {
    QTest::addColumn<QString>("codec");
    for (const char* codec : {"none", "gzip", "snappy", "lz4", "zstd"}) QTest::newRow(codec) << codec;
  }
  void everyCodecComesBack() {
    QFETCH(QString, codec);
    RunningCluster cluster(RunningCluster::describe(1, {}));
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    // The topic is created by asking for it.
    const QByteArray text = lines(0, 5'000);
    const ProcessOutcome produced =
        runProcess("kcat", {"-P", "-b", cluster.bootstrapServers(), "-t", "coded", "-K", ":", "-z", codec}, text);
    QVERIFY2(produced.succeeded(), produced.errors.constData());
    const ProcessOutcome consumed =
        runProcess("kcat", {"-C", "-b", cluster.bootstrapServers(), "-t", "coded", "-o", "beginning", "-e", "-q", "-f",
                            "%k:%s\n", "-X", "check.crcs=true"});
    QVERIFY2(consumed.succeeded(), consumed.errors.constData());
    compare(text, consumed.output);
  }

  void theClusterListsItself() {
    RunningCluster cluster(RunningCluster::describe(3, {replicatedTopic("lines")}));
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    QVERIFY(cluster.waitUntil("the topic is in sync", [](const auto& now) { return isInSync(now, "lines", 3); }));
    const ProcessOutcome listed = runProcess("kcat", {"-L", "-b", cluster.bootstrapServers()});
    QVERIFY2(listed.succeeded(), listed.errors.constData());
    QVERIFY2(listed.output.contains(" 3 brokers:"), listed.output.constData());
    for (base::BrokerId broker = 1; broker <= 3; ++broker) {
      const QByteArray line =
          "broker " + QByteArray::number(broker) + " at localhost:" + QByteArray::number(cluster.port(broker));
      QVERIFY2(listed.output.contains(line), listed.output.constData());
    }
    QVERIFY2(listed.output.contains("topic \"lines\" with 3 partitions:"), listed.output.constData());
  }

 private:
  static void compare(const QByteArray& sent, const QByteArray& received) {
    const auto expected = byKey(sent), actual = byKey(received);
    QCOMPARE(received.count('\n'), sent.count('\n'));
    QCOMPARE(actual.size(), expected.size());
    for (const auto& [key, lines] : expected) {
      const auto found = actual.find(key);
      QVERIFY2(found != actual.end(), key.constData());
      QVERIFY2(found->second == lines, (key + " differs in content or order").constData());
    }
  }
};

STREAMSCOPE_TEST(KcatRoundTripTest);
#include "kcat_round_trip_test.moc"
