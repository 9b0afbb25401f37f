#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "kafka_directories.h"
#include "kafka_program.h"
#include "running_cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

QByteArray contents(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot read " + path.toUtf8());
}

void compareLines(const QByteArray& actual, const QByteArray& expected) {
  const QList<QByteArray> ours = actual.split('\n'), kafkas = expected.split('\n');
  for (qsizetype i = 0; i < std::min(ours.size(), kafkas.size()); ++i) QCOMPARE(ours[i], kafkas[i]);
  QCOMPARE(ours.size(), kafkas.size());
}

/// How long a key or value of ReadTopics' text is; -1 for null.
qsizetype sizeOf(const QString& shown) {
  if (shown == "null") return -1;
  return shown.startsWith('"') ? (shown.size() - 2) / 2 : shown.section(' ', 0, 0).toLongLong();
}

/// A partition's records in ReadTopics' text: offset, timestamp and the sizes of key and value.
QByteArray sizesIn(const QByteArray& text, const QString& partition) {
  static const QString bytes = R"((null|"[0-9a-f]*"|\d+ bytes of checksum \d+))";
  const QRegularExpression record(
      "^" + QRegularExpression::escape(partition) + R"( (\d+) \w+ (\d+) epoch \d+ key )" + bytes + " value " + bytes,
      QRegularExpression::MultilineOption);
  QByteArray sizes;
  auto matches = record.globalMatch(QString::fromLatin1(text));
  while (matches.hasNext()) {
    const auto match = matches.next();
    sizes += QString("%1 %2 %3 %4\n")
                 .arg(match.captured(1), match.captured(2))
                 .arg(sizeOf(match.captured(3)))
                 .arg(sizeOf(match.captured(4)))
                 .toLatin1();
  }
  return sizes;
}

}  // namespace

/// A cluster of ours serves the directories that a real broker left: clients read from it what they read from that.
class ServedByEngineTest : public QObject {
  Q_OBJECT
 private slots:
  void clientsReadTheSame_data() { oneRowForEachKafkaDirectory(); }
  void clientsReadTheSame() {
    QFETCH(QString, name);
    const KafkaDirectory original{name};
    QTemporaryDir directory;
    QVERIFY(copyDirectory(original.dataPath(), directory.filePath("data")));
    RunningCluster cluster(RunningCluster::describe(1, {}), directory.filePath("data"));
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    const ProcessOutcome read = runKafkaProgram("ReadTopics", {cluster.bootstrapServers(), directory.path()});
    QVERIFY2(read.succeeded(), read.errors.constData());
    for (const char* isolationLevel : {"read_uncommitted", "read_committed"})
      compareLines(contents(directory.filePath(QString(isolationLevel) + ".txt")),
                   contents(original.readPath(isolationLevel)));
    kcatReadsTheSame(cluster, original);
  }

 private:
  static void kcatReadsTheSame(const RunningCluster& cluster, const KafkaDirectory& original) {
    for (const char* isolationLevel : {"read_uncommitted", "read_committed"}) {
      const QByteArray text = contents(original.readPath(isolationLevel));
      for (const char* topic : {"codec-gzip", "codec-snappy", "codec-lz4", "codec-zstd", "shapes", "transactions",
                                "compacted", "segments", "trimmed", "sized"}) {
        const QByteArray wanted = sizesIn(text, QString(topic) + "-0");
        QVERIFY2(wanted.count('\n') > 10, topic);
        const ProcessOutcome consumed =
            runProcess("kcat", {"-C", "-b", cluster.bootstrapServers(), "-t", topic, "-p", "0", "-o", "beginning", "-e",
                                "-q", "-f", "%o %T %K %S\n", "-X", "check.crcs=true", "-X",
                                QString("isolation.level=") + isolationLevel});
        QVERIFY2(consumed.succeeded(), consumed.errors.constData());
        compareLines(consumed.output, wanted);
        if (QTest::currentTestFailed()) qWarning("in %s, %s", topic, isolationLevel);
      }
    }
  }
};

STREAMSCOPE_TEST(ServedByEngineTest);
#include "served_by_engine_test.moc"
