#include <QRegularExpression>
#include <QTest>

#include "kafka_program.h"
#include "real_kafka.h"
#include "running_cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr int kPartitions = 3;
constexpr int kRecords = 30;

/// What differs from run to run: member ids, ports, the columns' widths, and the order of members.
QStringList comparable(const QByteArray& output) {
  QString text = QString::fromUtf8(output);
  text.replace(QRegularExpression("-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "-ID");
  text.replace(QRegularExpression("(localhost|127\\.0\\.0\\.1):\\d+ +\\(\\d+\\)"), "COORDINATOR");
  QStringList lines;
  for (const QString& line : text.split('\n'))
    if (!line.trimmed().isEmpty()) lines << line.simplified();
  lines.sort();
  return lines;
}

/// The same commands against any cluster, and what came of them.
class Session {
 public:
  explicit Session(QString bootstrap) : m_bootstrap(std::move(bootstrap)) {}

  /// Everything the tools said, for comparing.
  const QStringList& transcript() const { return m_transcript; }

  void createTopic() {
    tool("org.apache.kafka.tools.TopicCommand",
         {"--create", "--topic", "orders", "--partitions", QString::number(kPartitions), "--replication-factor", "1"});
  }
  void produce() {
    for (int partition = 0; partition < kPartitions; ++partition) {
      QByteArray lines;
      for (int i = partition; i < kRecords; i += kPartitions) lines += "record " + QByteArray::number(i) + '\n';
      const ProcessOutcome sent =
          runProcess("kcat", {"-P", "-b", m_bootstrap, "-t", "orders", "-p", QString::number(partition)}, lines);
      note("produce", sent, sent.output);
    }
  }
  void consumeWithConsole() {
    const ProcessOutcome read =
        runKafkaProgram("org.apache.kafka.tools.consumer.ConsoleConsumer",
                        {"--bootstrap-server", m_bootstrap, "--topic", "orders", "--group", "readers",
                         "--from-beginning", "--max-messages", QString::number(kRecords)});
    note("console consumer", read, read.output);
  }
  /// A balanced consumer that goes at the end.
  void consumeWithKcat(const QString& group) {
    const ProcessOutcome read =
        runProcess("kcat", {"-G", group, "-b", m_bootstrap, "-q", "-c", QString::number(kRecords), "-X",
                            "auto.offset.reset=earliest", "orders"});
    note("kcat -G", read, read.output);
  }
  void groups(const QStringList& arguments) {
    tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", arguments);
  }

 private:
  void tool(const QString& program, const QStringList& arguments) {
    const ProcessOutcome outcome = runKafkaProgram(program, QStringList{"--bootstrap-server", m_bootstrap} + arguments);
    note(arguments.join(' '), outcome, outcome.output + '\n' + outcome.errors);
  }
  void note(const QString& what, const ProcessOutcome& outcome, const QByteArray& said) {
    m_transcript << "$ " + what << QString("exit %1").arg(outcome.exitCode) << comparable(said);
  }

  const QString m_bootstrap;
  QStringList m_transcript;
};

QStringList administerGroups(const QString& bootstrap) {
  Session session(bootstrap);
  session.createTopic();
  session.produce();
  session.consumeWithConsole();
  session.consumeWithKcat("others");
  session.groups({"--list"});
  session.groups({"--list", "--state"});
  session.groups({"--list", "--type"});
  session.groups({"--describe", "--group", "readers"});
  session.groups({"--describe", "--group", "readers", "--members"});
  session.groups({"--describe", "--group", "readers", "--state"});
  session.groups({"--describe", "--all-groups", "--offsets"});
  session.groups({"--describe", "--group", "nobody"});
  const QStringList reset{"--reset-offsets", "--group", "readers"};
  session.groups(reset + QStringList{"--topic", "orders", "--to-earliest", "--dry-run"});
  session.groups(reset + QStringList{"--topic", "orders", "--to-earliest", "--execute"});
  session.groups(reset + QStringList{"--topic", "orders", "--shift-by", "4", "--execute"});
  session.groups(reset + QStringList{"--topic", "orders:1,2", "--to-offset", "2", "--execute"});
  session.groups(reset + QStringList{"--all-topics", "--to-latest", "--execute"});
  session.groups(reset + QStringList{"--topic", "orders", "--to-datetime", "2000-01-01T00:00:00.000", "--execute"});
  session.groups(reset + QStringList{"--all-topics", "--to-current", "--export"});
  session.groups({"--describe", "--group", "readers"});
  session.groups({"--delete-offsets", "--group", "readers", "--topic", "orders:1"});
  session.groups({"--describe", "--group", "readers"});
  session.groups({"--delete", "--group", "readers"});
  session.groups({"--delete", "--group", "nobody"});
  session.groups({"--list"});
  return session.transcript();
}

}  // namespace

class GroupsTest : public QObject {
  Q_OBJECT
 private slots:
  /// Kafka's tools say the same of our groups as of Kafka's own, command by command.
  void toolsSayTheSameAsOfKafka() {
    RunningCluster cluster(RunningCluster::describe(1, {}));
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    const QStringList ours = administerGroups(cluster.bootstrapServers());

    QTemporaryDir directory;
    RealKafka kafka(directory.path());
    QVERIFY2(kafka.format() && kafka.start(), qPrintable(kafka.problem()));
    const QStringList theirs = administerGroups(kafka.bootstrapServers());
    if (ours == theirs) return;
    qWarning().noquote() << "ours:\n" + ours.join('\n') << "\nKafka's:\n" + theirs.join('\n');
    for (qsizetype i = 0; i < std::min(ours.size(), theirs.size()); ++i) QCOMPARE(ours[i], theirs[i]);
    QCOMPARE(ours.size(), theirs.size());
  }

  /// Two consumers of librdkafka share the partitions and read everything once, though the coordinator dies.
  void aGroupGoesOnWhenItsCoordinatorDies() {
    RunningCluster cluster(RunningCluster::describe(3, {}));
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    Session session(cluster.bootstrapServers());
    session.createTopic();
    session.produce();
    QProcess consumer;
    consumer.start("kcat", {"-G", "readers", "-b", cluster.bootstrapServers(), "-q", "-X", "auto.offset.reset=earliest",
                            "-X", "auto.commit.interval.ms=200", "orders"});
    QVERIFY2(consumer.waitForStarted(), "kcat is missing: packaging/setup-debian");
    const auto hasCommitted = [](const lab::Snapshot& now, base::Offset all) {
      base::Offset sum = 0;
      for (const lab::GroupState& group : now.groups)
        for (const lab::CommittedOffsetState& offset : group.offsets) sum += offset.offset;
      return sum == all;
    };
    QVERIFY(cluster.waitUntil("everything is read", [&](const auto& now) { return hasCommitted(now, kRecords); }));
    const lab::GroupState before = cluster.host().snapshot()->groups.front();
    QVERIFY(cluster.execute(lab::KillBroker{before.coordinator}));
    QVERIFY(cluster.waitUntil("another broker coordinates", [&](const auto& now) {
      return !now.groups.empty() && now.groups.front().coordinator != before.coordinator &&
             now.groups.front().state == "Stable" && hasCommitted(now, kRecords);
    }));
    QCOMPARE(cluster.host().snapshot()->groups.front().generation, before.generation);
    consumer.kill();
    consumer.waitForFinished();
  }
};

STREAMSCOPE_TEST(GroupsTest);
#include "groups_test.moc"
