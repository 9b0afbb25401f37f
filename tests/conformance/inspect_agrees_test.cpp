#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "dump_log_lines.h"
#include "kafka_directories.h"
#include "kafka_program.h"
#include "support/test_registry.h"

using namespace streamscope::conformance;

namespace {

constexpr qsizetype kShownLength = 300;

}  // namespace

/// `inspect --json` and kafka-dump-log tell the same of a real broker's directories, line by line.
class InspectAgreesTest : public QObject {
  Q_OBJECT
 private slots:
  void everyLineIsTheSame_data() { oneRowForEachKafkaDirectory(); }
  void everyLineIsTheSame() {
    QFETCH(QString, name);
    QTemporaryDir copy;
    const QString directory = copy.filePath("data");
    QVERIFY(copyDirectory(KafkaDirectory{name}.dataPath(), directory));
    const LinesOfFile kafkas = whatDumpLogTells(directory);
    LinesOfFile ours;
    QMap<QString, qsizetype> lineCounts;
    for (const QJsonValue& file : inspected(directory)) {
      const QString path = file.toObject()["file"].toString();
      for (const QJsonValue& problem : file.toObject()["problems"].toArray())
        QFAIL(qPrintable(path + ": " + problem.toObject()["reason"].toString()));
      if (kafkas.contains(path)) ours[path] = linesOfInspect(file.toObject());
    }
    for (auto file = kafkas.begin(); file != kafkas.end(); ++file) {
      QVERIFY2(ours.contains(file.key()), qPrintable("inspect does not show " + file.key()));
      compare(file.key(), ours[file.key()], file.value());
      lineCounts[file.key().section('.', -1)] += file.value().size();
    }
    QVERIFY2(lineCounts["log"] > 5'000, "the test wants much to compare");
    for (const char* suffix : {"index", "timeindex", "txnindex", "snapshot", "checkpoint"})
      QVERIFY2(lineCounts[suffix] > 10, suffix);
  }

 private:
  static QJsonArray inspected(const QString& directory) {
    const ProcessOutcome outcome = runProcess(STREAMSCOPE_PROGRAM, {"inspect", "--json", directory});
    if (!outcome.succeeded()) qWarning("inspect ended with code %d: %s", outcome.exitCode, outcome.errors.constData());
    return QJsonDocument::fromJson(outcome.output).object()["files"].toArray();
  }

  static LinesOfFile whatDumpLogTells(const QString& directory) {
    QMap<QString, QStringList> filesByDecoder;
    for (const char* pattern : {"*.log", "*.index", "*.timeindex", "*.txnindex", "*.snapshot", "*-*.checkpoint"}) {
      for (const QString& file : filesUnder(directory, pattern)) {
        // The tool knows only directories that are in use.
        if (file.contains("-delete/")) continue;
        if (!file.endsWith(".log") && !file.endsWith(".checkpoint"))
          filesByDecoder["--print-data-log"] << file;
        else if (file.contains("/__cluster_metadata-0/"))
          filesByDecoder["--cluster-metadata-decoder"] << file;
        else if (file.contains("/__consumer_offsets-"))
          filesByDecoder["--offsets-decoder"] << file;
        else if (file.contains("/__transaction_state-"))
          filesByDecoder["--transaction-log-decoder"] << file;
        else
          filesByDecoder["--print-data-log"] << file;
      }
    }
    LinesOfFile lines;
    for (auto files = filesByDecoder.begin(); files != filesByDecoder.end(); ++files) {
      const ProcessOutcome outcome = dumpLog(files.value(), {files.key()});
      lines.insert(linesOfDumpLog(outcome.output, directory, files.key() != "--print-data-log"));
    }
    return lines;
  }

  static void compare(const QString& file, const QStringList& ours, const QStringList& kafkas) {
    for (qsizetype i = 0; i < std::max(ours.size(), kafkas.size()); ++i) {
      if (ours.value(i) == kafkas.value(i)) continue;
      const QString message = QString("%1, line %2:\n  inspect:  %3\n  dump-log: %4")
                                  .arg(file)
                                  .arg(i)
                                  .arg(ours.value(i).left(kShownLength), kafkas.value(i).left(kShownLength));
      QFAIL(qPrintable(message));
    }
  }
};

STREAMSCOPE_TEST(InspectAgreesTest);
#include "inspect_agrees_test.moc"
