#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "kafka_program.h"
#include "produce_probe.h"
#include "real_kafka.h"
#include "running_cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr int kRecords = 100;

QByteArray lines(int count) {
  QByteArray text;
  for (int i = 0; i < count; ++i) text += "key " + QByteArray::number(i % 7) + ":value " + QByteArray::number(i) + '\n';
  return text;
}

}  // namespace

/// kafka-delete-records says the same to a user of a real Kafka and of this program, and leaves the same log start
/// offsets. Rows build on each other.
class DeleteRecordsTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY2(m_kafka.format() && m_kafka.start(), qPrintable(m_kafka.problem()));
    m_cluster = std::make_unique<RunningCluster>(RunningCluster::describe(1, {}));
    QVERIFY2(m_cluster->problem().isEmpty(), qPrintable(m_cluster->problem()));
    QFile patience(m_directory.filePath("impatient.properties"));
    QVERIFY(patience.open(QIODevice::WriteOnly));
    patience.write("default.api.timeout.ms=3000\nrequest.timeout.ms=2000\n");
    for (const auto& [name, configs] :
         std::map<std::string, std::map<std::string, std::string>>{{"orders", {}},
                                                                   {"payments", {{"segment.bytes", "1048576"}}},
                                                                   {"both", {{"cleanup.policy", "compact,delete"}}},
                                                                   {"compacted", {{"cleanup.policy", "compact"}}}}) {
      for (const QString& bootstrap : {m_kafka.bootstrapServers(), m_cluster->bootstrapServers()}) {
        QCOMPARE(ProduceProbe(bootstrap.section(':', 1).toUShort()).createTopic(name, configs), QString());
        const ProcessOutcome produced = runProcess(
            "kcat", {"-P", "-b", bootstrap, "-t", QString::fromStdString(name), "-p", "0", "-K", ":"}, lines(kRecords));
        QVERIFY2(produced.succeeded(), produced.errors.constData());
      }
    }
  }
  void cleanupTestCase() { m_cluster->stopCleanly(); }

  void theToolSaysTheSame_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("saying");
    const auto row = [](const char* name, const QString& partitions, const char* saying) {
      QTest::newRow(name) << R"({"version": 1, "partitions": [)" + partitions + "]}" << QString(saying);
    };
    const auto wish = [](const char* topic, int partition, int offset) {
      return QString(R"({"topic": "%1", "partition": %2, "offset": %3})").arg(topic).arg(partition).arg(offset);
    };
    row("into the middle of a batch", wish("orders", 0, 42), "orders-0\tlow_watermark: 42");
    row("below the log start", wish("orders", 0, 7), "orders-0\tlow_watermark: 42");
    row("to where it is", wish("orders", 0, 42), "orders-0\tlow_watermark: 42");
    row("beyond the high watermark", wish("orders", 0, 101), "OffsetOutOfRangeException");
    row("a negative offset", wish("orders", 0, -2), "OffsetOutOfRangeException");
    row("to the high watermark, by its offset", wish("orders", 0, 100), "orders-0\tlow_watermark: 100");
    row("to the high watermark, by -1", wish("payments", 0, -1), "payments-0\tlow_watermark: 100");
    row("a compacted topic", wish("compacted", 0, 5), "PolicyViolationException");
    row("a topic with both policies", wish("both", 0, 5), "both-0\tlow_watermark: 5");
    row("several, one refused", wish("both", 0, 6) + ',' + wish("payments", 0, 5000) + ',' + wish("orders", 0, -1),
        "both-0\tlow_watermark: 6");
    row("an unknown topic", wish("nobody", 0, 5), "TimeoutException");
    row("an unknown partition", wish("orders", 1, 5), "TimeoutException");
    row("nothing", "", "completed");
  }
  void theToolSaysTheSame() {
    QFETCH(QString, json);
    QFETCH(QString, saying);
    const QString theirs = deleteRecords(m_kafka.bootstrapServers(), json);
    m_kafka.readAlong();
    QVERIFY2(theirs.contains(saying), qPrintable(theirs));
    QCOMPARE(deleteRecords(m_cluster->bootstrapServers(), json), theirs);
  }

  void theLogsBeginWhereKafkasDo() {
    const QString theirs = earliestOffsets(m_kafka.bootstrapServers());
    QVERIFY2(theirs.contains("orders:0:100") && theirs.contains("both:0:6"), qPrintable(theirs));
    QCOMPARE(earliestOffsets(m_cluster->bootstrapServers()), theirs);
  }

  void consumersBeginThere() {
    for (const char* topic : {"orders", "payments", "both", "compacted"}) {
      const auto consume = [topic](const QString& bootstrap) {
        return runProcess("kcat", {"-C", "-b", bootstrap, "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q", "-f",
                                   "%o %k %s\n"})
            .output;
      };
      QCOMPARE(consume(m_cluster->bootstrapServers()), consume(m_kafka.bootstrapServers()));
    }
  }

 private:
  /// Sorted lines of output and errors, and the exit code.
  QString deleteRecords(const QString& bootstrap, const QString& json) const {
    const QString path = m_directory.filePath("offsets.json");
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(json.toUtf8());
    file.close();
    const ProcessOutcome outcome = runKafkaProgram("org.apache.kafka.tools.DeleteRecordsCommand",
                                                   {"--bootstrap-server", bootstrap, "--offset-json-file", path,
                                                    "--command-config", m_directory.filePath("impatient.properties")});
    QStringList said = QString::fromUtf8(outcome.output + outcome.errors).split('\n');
    // The order is a hash map's, salted anew in each JVM; what a call was doing when its time was up is chance.
    said.sort();
    static const QRegularExpression chance("(?<=TimeoutException: ).*");
    said.replaceInStrings(chance, "...");
    return said.join('\n') + QString("\ncode %1").arg(outcome.exitCode);
  }

  static QString earliestOffsets(const QString& bootstrap) {
    const ProcessOutcome outcome =
        runKafkaProgram("org.apache.kafka.tools.GetOffsetShell",
                        {"--bootstrap-server", bootstrap, "--time", "earliest", "--exclude-internal-topics"});
    return QString::fromUtf8(outcome.output + outcome.errors);
  }

  QTemporaryDir m_directory;
  RealKafka m_kafka{m_directory.filePath("kafka")};
  std::unique_ptr<RunningCluster> m_cluster;
};

STREAMSCOPE_TEST(DeleteRecordsTest);
#include "delete_records_test.moc"
