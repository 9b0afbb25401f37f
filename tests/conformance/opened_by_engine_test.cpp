#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <set>

#include "consumed_text.h"
#include "kafka_directories.h"
#include "kafka_program.h"
#include "log/log_directory.h"
#include "real_kafka.h"
#include "storage/posix_storage.h"
#include "support/open_log_directory.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

QByteArray contents(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot read " + path.toUtf8());
}

/// `<topic> <partition> <offset>` lines of a checkpoint file.
std::map<std::string, base::Offset> checkpointedOffsets(const QString& path) {
  std::map<std::string, base::Offset> offsets;
  const QList<QByteArray> lines = contents(path).split('\n');
  for (qsizetype i = 2; i < lines.size(); ++i) {
    const QList<QByteArray> words = lines[i].split(' ');
    if (words.size() == 3) offsets[(words[0] + '-' + words[1]).toStdString()] = words[2].toLongLong();
  }
  return offsets;
}

/// A copy of one of Kafka's directories, opened as a broker of ours opens its own.
class OpenedCopy {
 public:
  explicit OpenedCopy(const KafkaDirectory& original) : m_storage(copyOf(original, m_directory)) {
    log::DirectoryIdentity identity;
    identity.nodeId = RealKafka::kNodeId;
    for (const QByteArray& line : contents(path() + "/meta.properties").split('\n')) {
      if (line.startsWith("cluster.id=")) identity.clusterId = line.mid(11).trimmed().toStdString();
    }
    auto opened =
        test::openLogDirectory(m_storage, identity, log::LogConfig{}, QDateTime::currentMSecsSinceEpoch(), m_report);
    if (opened)
      m_logs = std::move(*opened);
    else
      m_problem = opened.error().message.c_str();
  }

  const QByteArray& problem() const { return m_problem; }
  const log::LogDirectory::OpenReport& report() const { return m_report; }
  QString path() const { return m_directory.filePath("data"); }
  log::LogDirectory& logs() { return *m_logs; }

  void closeCleanly() {
    std::map<base::TopicPartition, base::Offset> highWatermarks;
    for (const base::TopicPartition& partition : m_logs->partitions())
      highWatermarks[partition] = m_logs->find(partition)->logEndOffset();
    const auto closed = m_logs->closeCleanly(highWatermarks, 1);
    QVERIFY2(closed, closed ? "" : closed.error().message.c_str());
    m_logs.reset();
  }

 private:
  static std::filesystem::path copyOf(const KafkaDirectory& original, const QTemporaryDir& directory) {
    copyDirectory(original.dataPath(), directory.filePath("data"));
    return directory.filePath("data").toStdString();
  }

  QTemporaryDir m_directory;
  storage::PosixStorage m_storage;
  log::LogDirectory::OpenReport m_report;
  std::unique_ptr<log::LogDirectory> m_logs;
  QByteArray m_problem;
};

/// What Topics.java gave the topic, as far as recovery needs it.
log::LogConfig configOf(const std::string& topic) {
  static const std::set<std::string> withSmallSegments{"transactions", "compacted", "segments", "trimmed", "sized"};
  log::LogConfig config;
  if (withSmallSegments.contains(topic)) {
    config.segmentBytes = 8192;
    config.indexIntervalBytes = 256;
  }
  if (topic.starts_with("codec-")) config.indexIntervalBytes = 1024;
  return config;
}

/// Kafka led the replica once more, which began an epoch at the end of its log.
bool isBeginningOf(const QByteArray& ourEpochs, const QByteArray& kafkasEpochs) {
  const QList<QByteArray> ours = ourEpochs.trimmed().split('\n'), kafkas = kafkasEpochs.trimmed().split('\n');
  return ours.size() + 1 == kafkas.size() && ours.mid(2) == kafkas.mid(2, kafkas.size() - 3);
}

/// The producers of a snapshot in one order; Kafka writes them in that of a hash map.
QList<QByteArray> snapshotEntries(const QByteArray& snapshot) {
  constexpr qsizetype kHeaderBytes = 10, kEntryBytes = 46;
  QList<QByteArray> entries;
  for (qsizetype at = kHeaderBytes; at < snapshot.size(); at += kEntryBytes) entries << snapshot.mid(at, kEntryBytes);
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool areAlike(const QString& name, const QByteArray& ours, const QByteArray& kafkas) {
  if (name == "leader-epoch-checkpoint") return isBeginningOf(ours, kafkas);
  if (name.endsWith(".snapshot")) return snapshotEntries(ours) == snapshotEntries(kafkas);
  return ours == kafkas;
}

/// Files of two directories that differ in name or content; those about to be deleted do not count.
QStringList differencesOf(const QString& ours, const QString& kafkas) {
  const auto filesIn = [](const QString& directory) {
    QStringList names = QDir(directory).entryList(QDir::Files);
    names.removeIf([](const QString& name) { return name.endsWith(".deleted"); });
    return names;
  };
  QStringList differences;
  const QStringList ourNames = filesIn(ours), kafkasNames = filesIn(kafkas);
  // A snapshot from before the unclean end, which is as good as ever, goes when Kafka recovers its segment and when we
  // open the log once more.
  const QString newestSnapshot =
      kafkasNames.filter(".snapshot").isEmpty() ? "" : kafkasNames.filter(".snapshot").last();
  for (const QString& name : ourNames) {
    if (!kafkasNames.contains(name) && !(name.endsWith(".snapshot") && name < newestSnapshot))
      differences << "only ours: " + ours + '/' + name;
  }
  for (const QString& name : kafkasNames) {
    if (!ourNames.contains(name)) {
      differences << "only Kafka's: " + kafkas + '/' + name;
      continue;
    }
    const QByteArray ourBytes = contents(ours + '/' + name), kafkasBytes = contents(kafkas + '/' + name);
    if (!areAlike(name, ourBytes, kafkasBytes))
      differences << QString("%1/%2 differs: ours %3, Kafka's %4")
                         .arg(kafkas, name, QString::fromLatin1(ourBytes.left(200).toHex()),
                              QString::fromLatin1(kafkasBytes.left(200).toHex()));
  }
  return differences;
}

void compareLines(const QByteArray& actual, const QByteArray& expected) {
  const QList<QByteArray> ours = actual.split('\n'), kafkas = expected.split('\n');
  for (qsizetype i = 0; i < std::min(ours.size(), kafkas.size()); ++i) QCOMPARE(ours[i], kafkas[i]);
  QCOMPARE(ours.size(), kafkas.size());
}

}  // namespace

/// The engine opens what a real broker left, clean and unclean, and leaves what a real broker opens.
class OpenedByEngineTest : public QObject {
  Q_OBJECT
 private slots:
  void everyReplicaIsThere_data() { oneRowForEachKafkaDirectory(); }
  void everyReplicaIsThere() {
    QFETCH(QString, name);
    OpenedCopy copy(KafkaDirectory{name});
    QVERIFY2(copy.problem().isEmpty(), copy.problem().constData());
    QCOMPARE(copy.report().cleanShutdown, name == "clean");
    for (const auto& damaged : copy.report().damagedFiles) QFAIL(damaged.reason.c_str());
    // A killed process loses nothing that it had written: there is nothing to cut.
    for (const auto& [partition, recovery] : copy.report().cuts)
      QFAIL((partition.toString() + ": " + recovery.cuts.front().reason).c_str());
    QStringList directories = QDir(KafkaDirectory{name}.dataPath()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    directories = directories.filter(QRegularExpression("-[0-9]+$"));
    // The controller's, which opens it by itself (conformance_metadata_boot).
    QVERIFY(directories.removeOne("__cluster_metadata-0"));
    QStringList opened;
    for (const base::TopicPartition& partition : copy.logs().partitions())
      opened << QString::fromStdString(partition.toString());
    opened.sort();
    directories.sort();
    QCOMPARE(opened, directories);
  }

  void offsetsAreThoseOfKafka() {
    OpenedCopy copy(KafkaDirectory{"clean"});
    QVERIFY2(copy.problem().isEmpty(), copy.problem().constData());
    const auto ends = checkpointedOffsets(KafkaDirectory{"clean"}.dataPath() + "/recovery-point-offset-checkpoint");
    QVERIFY(ends.size() > 10);
    for (const auto& [name, end] : ends) {
      const log::PartitionLog* const log = find(copy, name);
      QVERIFY2(log, name.c_str());
      QCOMPARE(log->logEndOffset(), end);
      QCOMPARE(log->recoveryPoint(), end);
    }
  }

  void recordsAreWhatKafkasConsumerRead_data() { oneRowForEachKafkaDirectory(); }
  void recordsAreWhatKafkasConsumerRead() {
    QFETCH(QString, name);
    OpenedCopy copy(KafkaDirectory{name});
    QVERIFY2(copy.problem().isEmpty(), copy.problem().constData());
    std::map<std::string, log::PartitionLog*> logs;
    for (const base::TopicPartition& partition : copy.logs().partitions()) {
      if (!partition.topic.starts_with("__")) logs[partition.toString()] = copy.logs().find(partition);
    }
    for (const auto& [isolation, file] : {std::pair{Isolation::ReadUncommitted, "read_uncommitted"},
                                          std::pair{Isolation::ReadCommitted, "read_committed"}}) {
      QByteArray text;
      for (const auto& [ignored, log] : logs) {
        log->setHighWatermark(log->logEndOffset());
        const auto consumed = consumedText(*log, isolation);
        QVERIFY2(consumed, consumed ? "" : consumed.error().message.c_str());
        text += *consumed;
      }
      compareLines(text, contents(KafkaDirectory{name}.readPath(file)));
    }
  }

  void producersAreThoseOfKafka() {
    OpenedCopy copy(KafkaDirectory{"clean"});
    QVERIFY2(copy.problem().isEmpty(), copy.problem().constData());
    const auto ends = checkpointedOffsets(KafkaDirectory{"clean"}.dataPath() + "/recovery-point-offset-checkpoint");
    std::map<std::string, QString> snapshots;
    for (const auto& [name, end] : ends) {
      const QString snapshot = QString("%1/%2/%3.snapshot")
                                   .arg(KafkaDirectory{"clean"}.dataPath(), QString::fromStdString(name))
                                   .arg(end, 20, 10, QChar('0'));
      if (end > 0) snapshots[name] = snapshot;
    }
    QStringList paths;
    for (const auto& [name, path] : snapshots) paths << path;
    const ProcessOutcome dumped = dumpLog(paths, {});
    QVERIFY2(complaintIn(dumped).isEmpty(), qPrintable(complaintIn(dumped)));
    QByteArray ours;
    for (const auto& [name, path] : snapshots) {
      ours += "Dumping " + path.toUtf8() + '\n';
      for (const auto& producer : find(copy, name)->producers()) ours += lineOf(producer) + '\n';
    }
    compareLines(inOrderOfProducers(ours), inOrderOfProducers(withoutDetails(dumped.output)));
  }

  /// Recovery rebuilds indexes, producer state and epochs: the same bytes as Kafka's own.
  void recoveryWritesWhatKafkasWrites() {
    QTemporaryDir directory;
    QVERIFY(copyDirectory(KafkaDirectory{"unclean"}.dataPath(), directory.filePath("data")));
    storage::PosixStorage storage(directory.filePath("data").toStdString());
    const auto recoveryPoints = checkpointedOffsets(directory.filePath("data/recovery-point-offset-checkpoint"));
    const auto logStarts = checkpointedOffsets(directory.filePath("data/log-start-offset-checkpoint"));
    const QString recovered = KafkaDirectory{"recovered"}.dataPath();
    const QStringList names = QDir(recovered).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QStringList differences;
    for (const QString& name : names) {
      // The quorum's log goes on with every start; a deleted topic is gone.
      if (name == "__cluster_metadata-0" || name.endsWith("-delete")) continue;
      log::PartitionLog::OpenOptions options;
      options.partition = {name.left(name.lastIndexOf('-')).toStdString(), name.section('-', -1).toInt()};
      options.config = configOf(options.partition.topic);
      options.nowMs = QDateTime::currentMSecsSinceEpoch();
      const auto offsetIn = [&](const auto& offsets) {
        const auto found = offsets.find(name.toStdString());
        return found == offsets.end() ? base::Offset{0} : found->second;
      };
      options.recoveryPoint = offsetIn(recoveryPoints);
      options.logStartOffset = offsetIn(logStarts);
      log::RecoveryReport report;
      auto log = log::PartitionLog::open(storage, name.toStdString(), options, report);
      QVERIFY2(log, log ? "" : log.error().message.c_str());
      const auto closed = (*log)->close();
      QVERIFY2(closed, closed ? "" : closed.error().message.c_str());
      differences += differencesOf(directory.filePath("data/" + name), recovered + '/' + name);
    }
    for (const QString& difference : differences) qWarning("%s", qPrintable(difference));
    QCOMPARE(differences.size(), 0);
  }

  void kafkaReadsWhatWeClosed_data() { oneRowForEachKafkaDirectory(); }
  void kafkaReadsWhatWeClosed() {
    QFETCH(QString, name);
    OpenedCopy copy(KafkaDirectory{name});
    QVERIFY2(copy.problem().isEmpty(), copy.problem().constData());
    copy.closeCleanly();
    // The metadata log and a deleted topic's replica are not opened here and stay as the killed broker left them.
    for (const QString& left : QDir(copy.path()).entryList({"__cluster_metadata-0", "*-delete"}, QDir::Dirs))
      QVERIFY(QDir(copy.path() + '/' + left).removeRecursively());
    const QStringList indexes = filesUnder(copy.path(), "*.index") + filesUnder(copy.path(), "*.timeindex");
    const QString indexComplaint = complaintIn(dumpLog(indexes, {"--index-sanity-check"}));
    QVERIFY2(indexComplaint.isEmpty(), qPrintable(indexComplaint));
    const QStringList others = filesUnder(copy.path(), "*.log") + filesUnder(copy.path(), "*.snapshot") +
                               filesUnder(copy.path(), "*.txnindex");
    const QString complaint = complaintIn(dumpLog(others + indexes, {"--deep-iteration"}));
    QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
  }

  /// Killed, recovered and closed by us, opened by Kafka: its consumer reads what it read before the kill.
  void kafkaStartsOnWhatWeClosed() {
    const KafkaDirectory unclean{"unclean"};
    OpenedCopy copy(unclean);
    QVERIFY2(copy.problem().isEmpty(), copy.problem().constData());
    copy.closeCleanly();
    RealKafka kafka(copy.path());
    QVERIFY2(kafka.start(), qPrintable(kafka.problem()));
    QTemporaryDir read;
    const ProcessOutcome outcome = runKafkaProgram("ReadTopics", {kafka.bootstrapServers(), read.path()});
    QVERIFY2(outcome.succeeded(), outcome.errors.constData());
    for (const char* isolationLevel : {"read_uncommitted", "read_committed"})
      compareLines(contents(read.filePath(QString(isolationLevel) + ".txt")),
                   contents(unclean.readPath(isolationLevel)));
  }

 private:
  static const log::PartitionLog* find(OpenedCopy& copy, const std::string& name) {
    for (const base::TopicPartition& partition : copy.logs().partitions()) {
      if (partition.toString() == name) return copy.logs().find(partition);
    }
    return nullptr;
  }

  static QByteArray lineOf(const log::PartitionLog::ProducerInfo& producer) {
    QByteArray line = "producerId: " + QByteArray::number(static_cast<qint64>(producer.producerId)) +
                      " producerEpoch: " + QByteArray::number(producer.epoch) +
                      " lastTimestamp: " + QByteArray::number(static_cast<qint64>(producer.lastTimestamp));
    if (producer.lastSequence >= 0)
      line += " lastSequence: " + QByteArray::number(producer.lastSequence) +
              " lastOffset: " + QByteArray::number(static_cast<qint64>(producer.lastOffset));
    return line;
  }

  /// The lines of each file sorted, below the one that names it.
  static QByteArray inOrderOfProducers(const QByteArray& output) {
    QList<QByteArray> lines = output.trimmed().split('\n');
    auto first = lines.begin();
    while (first != lines.end()) {
      const auto next =
          std::find_if(first + 1, lines.end(), [](const QByteArray& line) { return line.startsWith("Dumping "); });
      std::sort(first + 1, next);
      first = next;
    }
    return lines.join('\n');
  }

  /// dump-log's lines with what ProducerInfo tells.
  static QByteArray withoutDetails(const QByteArray& output) {
    static const QRegularExpression details(
        " coordinatorEpoch: \\S+| currentTxnFirstOffset: \\S+| firstSequence: \\S+| offsetDelta: \\S+| timestamp: "
        "\\S+");
    return QString::fromUtf8(output).remove(details).toUtf8();
  }
};

STREAMSCOPE_TEST(OpenedByEngineTest);
#include "opened_by_engine_test.moc"
