#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "kafka_program.h"
#include "running_cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr int kRecords = 20'000;

QByteArray incompressible(QRandomGenerator& random, int bytes) {
  QByteArray text;
  while (text.size() < bytes) text += QByteArray::number(random.generate64(), 36);
  return text;
}

}  // namespace

/// Kafka's own dump-log tool reads what the brokers and the controller wrote.
class DumpLogTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY(m_directory.isValid());
    lab::CreateTopic topic;
    topic.topic = "dumped";
    topic.replicationFactor = 2;
    topic.configs = {{"segment.bytes", "1048576"}, {"index.interval.bytes", "1024"}};
    RunningCluster cluster(RunningCluster::describe(2, {topic}), m_directory.path());
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    QVERIFY(cluster.waitUntil("the topic is in sync", [](const auto& now) { return isInSync(now, "dumped", 2); }));
    int sent = 0;
    // Values no codec makes much smaller, the same in every run.
    QRandomGenerator random(7);
    for (const char* codec : {"none", "gzip", "snappy", "lz4", "zstd"}) {
      QByteArray text;
      for (int i = 0; i < kRecords / 5; ++i, ++sent)
        text += QByteArray::number(sent % 31) + ":value " + QByteArray::number(sent) + ' ' +
                incompressible(random, sent % 577) + '\n';
      const ProcessOutcome produced =
          runProcess("kcat",
                     {"-P", "-b", cluster.bootstrapServers(), "-t", "dumped", "-K", ":", "-z", codec, "-X",
                      "batch.num.messages=20", "-X", "enable.idempotence=true"},
                     text);
      QVERIFY2(produced.succeeded(), produced.errors.constData());
    }
    QVERIFY(cluster.waitUntil("the follower has it all", [](const lab::Snapshot& now) {
      for (const lab::BrokerState& broker : now.brokers) {
        if (broker.replicas.empty() || broker.replicas[0].logEndOffset != kRecords) return false;
      }
      return true;
    }));
    cluster.stopCleanly();
  }

  void recordsAreReadWhole_data() { oneRowForEachBroker(); }
  void recordsAreReadWhole() {
    QFETCH(QString, replica);
    const QStringList segments = filesUnder(replica, "*.log");
    QVERIFY2(segments.size() > 2, "the test wants rolled segments");
    const ProcessOutcome outcome = dumpLog(segments, {"--deep-iteration"});
    QVERIFY2(complaintIn(outcome).isEmpty(), qPrintable(complaintIn(outcome)));
    const QString text = QString::fromUtf8(outcome.output);
    QCOMPARE(text.count(QRegularExpression(R"(^\| offset: \d+ )", QRegularExpression::MultilineOption)), kRecords);
    QVERIFY(text.contains(QString("| offset: %1 ").arg(kRecords - 1)));
    for (const char* codec : {"compresscodec: none", "compresscodec: gzip", "compresscodec: snappy",
                              "compresscodec: lz4", "compresscodec: zstd"})
      QVERIFY2(text.contains(codec, Qt::CaseInsensitive), codec);
  }

  void offsetIndexesFit_data() { oneRowForEachBroker(); }
  void offsetIndexesFit() {
    QFETCH(QString, replica);
    const ProcessOutcome printed = dumpLog(filesUnder(replica, "*.index"), {});
    QVERIFY2(complaintIn(printed).isEmpty(), qPrintable(complaintIn(printed)));
    QVERIFY2(printed.output.count("offset: ") > 100, "the test wants many entries");
    const ProcessOutcome sanity = dumpLog(filesUnder(replica, "*.index"), {"--index-sanity-check"});
    QVERIFY2(complaintIn(sanity).isEmpty(), qPrintable(complaintIn(sanity)));
    QCOMPARE(sanity.output.count("passed sanity check"), filesUnder(replica, "*.index").size());
  }

  void timeIndexesFit_data() { oneRowForEachBroker(); }
  void timeIndexesFit() {
    QFETCH(QString, replica);
    const ProcessOutcome printed = dumpLog(filesUnder(replica, "*.timeindex"), {});
    QVERIFY2(complaintIn(printed).isEmpty(), qPrintable(complaintIn(printed)));
    // Entries only where a later timestamp comes with the index's interval.
    QVERIFY2(printed.output.count("timestamp: ") >= 2 * filesUnder(replica, "*.timeindex").size(),
             "the test wants entries");
    const ProcessOutcome sanity = dumpLog(filesUnder(replica, "*.timeindex"), {"--index-sanity-check"});
    QVERIFY2(complaintIn(sanity).isEmpty(), qPrintable(complaintIn(sanity)));
  }

  void producerSnapshotsAreRead() {
    const QStringList snapshots = filesUnder(m_directory.path(), "*.snapshot");
    QVERIFY(!snapshots.isEmpty());
    const ProcessOutcome outcome = dumpLog(snapshots, {});
    QVERIFY2(complaintIn(outcome).isEmpty(), qPrintable(complaintIn(outcome)));
    QVERIFY2(outcome.output.contains("producerId: "), outcome.output.constData());
  }

  void theMetadataLogIsDecoded() {
    QStringList segments;
    for (const QString& file : filesUnder(m_directory.path(), "*.log")) {
      if (file.contains("__cluster_metadata-0")) segments << file;
    }
    QVERIFY(!segments.isEmpty());
    const ProcessOutcome outcome = dumpLog(segments, {"--cluster-metadata-decoder"});
    QVERIFY2(complaintIn(outcome).isEmpty(), qPrintable(complaintIn(outcome)));
    for (const char* record : {"REGISTER_BROKER_RECORD", "TOPIC_RECORD", "PARTITION_RECORD", "FEATURE_LEVEL_RECORD"})
      QVERIFY2(outcome.output.contains(record), record);
    QVERIFY(outcome.output.contains("\"name\":\"dumped\""));
  }

  /// The tool does notice damage, and this test notices that it does.
  void damageIsNoticed() {
    QTemporaryDir copy;
    const QString segment = filesUnder(m_directory.path(), "*.log").filter("dumped-0").first();
    const QString damaged = copy.filePath(QFileInfo(segment).fileName());
    QVERIFY(QFile::copy(segment, damaged));
    QFile file(damaged);
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.seek(1000);
    const QByteArray byte(1, static_cast<char>(file.peek(1).at(0) ^ 1));
    file.write(byte);
    file.close();
    QVERIFY(!complaintIn(dumpLog({damaged}, {"--deep-iteration"})).isEmpty());
  }

 private:
  void oneRowForEachBroker() {
    QTest::addColumn<QString>("replica");
    for (int broker = 1; broker <= 2; ++broker)
      QTest::addRow("broker %d", broker) << m_directory.filePath(QString("broker-%1/dumped-0").arg(broker));
  }

  QTemporaryDir m_directory;
};

STREAMSCOPE_TEST(DumpLogTest);
#include "dump_log_test.moc"
