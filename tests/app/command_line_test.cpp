#include "command_line.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "program.h"
#include "support/test_registry.h"

using namespace streamscope::app;

namespace {

const QByteArray kSmallLab = R"({
  "streamscopeLab": 1,
  "name": "small",
  "seed": 7,
  "until": "5 s",
  "cluster": {"brokers": 3},
  "topics": [{"topic": "orders", "partitions": 2, "replicationFactor": 3}],
  "producers": [{"name": "shop", "topic": "orders", "recordsPerSecond": 20}]
})";

QString writeFile(const QTemporaryDir& directory, const QString& name, const QByteArray& text) {
  QFile file(directory.filePath(name));
  return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
}

QString lastLine(const QString& text) {
  return text.trimmed().section('\n', -1);
}

}  // namespace

/// What the program answers on its command line: exit codes, and one sentence for everything that is wrong.
class CommandLineTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY(m_directory.isValid());
    m_lab = writeFile(m_directory, "small.lab.json", kSmallLab);
    writeFile(m_directory, "broken.lab.json", kSmallLab.left(60));
    writeFile(m_directory, "newer.lab.json",
              QByteArray(kSmallLab).replace("\"streamscopeLab\": 1", "\"streamscopeLab\": 999"));
    writeFile(m_directory, "wrong.lab.json", QByteArray(kSmallLab).replace("\"brokers\": 3", "\"brokers\": \"three\""));
    writeFile(m_directory, "noise", QByteArray(1000, '\x5a'));
  }

  void wrongUsageIsOneSentence_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QStringList& arguments, const char* says) {
      QTest::newRow(name) << arguments << says;
    };
    row("unknown subcommand", {"fly"}, "There is no subcommand 'fly'");
    row("unknown option of the program", {"--fly"}, "There is no subcommand '--fly'");
    for (const char* subcommand : {"gui", "serve", "run", "inspect", "render", "replay", "simulate", "find-loss"})
      row(qPrintable(QString("unknown option of ") + subcommand), {subcommand, "--fly"}, "Unknown option 'fly'");
    row("serve: a word too many", {"serve", "now"}, "'now' is one argument too many");
    row("serve: no number", {"serve", "--brokers", "many"}, "--brokers takes a whole number from 1 to");
    row("serve: no broker", {"serve", "--brokers", "0"}, "--brokers takes a whole number from 1 to");
    row("serve: no port", {"serve", "--port", "65536"}, "--port takes a whole number from 0 to 65535");
    row("serve: value missing", {"serve", "--port"}, "Missing value after '--port'");
    row("run: no lab", {"run"}, "LAB is missing");
    row("run: no such file", {"run", "nowhere.lab.json"}, "'nowhere.lab.json' cannot be read");
    row("run: a directory", {"run", "DIR"}, "cannot be read");
    row("run: broken file", {"run", "DIR/broken.lab.json"}, "broken.lab.json: ");
    row("run: file of the future", {"run", "DIR/newer.lab.json"}, "use a newer Streamscope");
    row("run: wrong type", {"run", "DIR/wrong.lab.json"}, "/cluster/brokers");
    row("run: noise", {"run", "DIR/noise"}, "noise: ");
    row("run: no time", {"run", "LAB", "--until", "soon"}, "--until takes a time such as");
    row("run: no seed", {"run", "LAB", "--seed", "x"}, "--seed takes a whole number");
    row("run: unwritable trace", {"run", "LAB", "--trace", "DIR/no/where"}, "cannot be written");
    row("run: unwritable report", {"run", "LAB", "--until", "1ms", "--report", "DIR/no/where"}, "cannot be written");
    row("inspect: no path", {"inspect"}, "PATH is missing");
    row("inspect: no such path", {"inspect", "DIR/nothing"}, "nothing");
    row("simulate: no worlds", {"simulate"}, "Say which worlds with --seeds A..B");
    row("simulate: no range", {"simulate", "--seeds", "many"}, "--seeds takes a range such as 1..1000");
    row("simulate: backwards", {"simulate", "--seeds", "9..3"}, "--seeds takes a range such as 1..1000");
    row("simulate: too large", {"simulate", "--seeds", "1..99999999999999999999"}, "--seeds takes a range");
    row("simulate: no minutes", {"simulate", "--minutes", "-1"}, "--minutes takes a number of minutes");
    row("simulate: unknown bug", {"simulate", "--seeds", "1..2", "--bug", "rain"}, "There is no bug 'rain'");
    row("find-loss: no lab", {"find-loss"}, "LAB is missing");
    row("find-loss: unknown promise", {"find-loss", "LAB", "--promise", "sunshine"}, "There is no promise 'sunshine'");
    row("find-loss: no worlds", {"find-loss", "LAB", "--worlds", "0"}, "--worlds takes a whole number from 1");
    row("render: no time", {"render", "LAB", "-o", "x.png"}, "--at T is missing");
    row("render: no file", {"render", "LAB", "--at", "1s"}, "-o PNG is missing");
    row("render: wrong size", {"render", "LAB", "--at", "1s", "-o", "x.png", "--size", "big"},
        "--size is WIDTHxHEIGHT");
    row("render: tiny size", {"render", "LAB", "--at", "1s", "-o", "x.png", "--size", "10x10"},
        "--size is WIDTHxHEIGHT");
    row("render: wrong scale", {"render", "LAB", "--at", "1s", "-o", "x.png", "--scale", "9"}, "--scale is a number");
    row("render: wrong theme", {"render", "LAB", "--at", "1s", "-o", "x.png", "--theme", "pink"},
        "--theme is dark or light");
    row("render: unwritable picture", {"render", "LAB", "--at", "1s", "-o", "DIR/no/where.png"}, "cannot be written");
    row("gui: wrong theme", {"gui", "--theme", "pink"}, "--theme is dark or light");
    row("gui: no such lab", {"gui", "nowhere.lab.json"}, "cannot be read");
    row("replay: no recording", {"replay"}, "RECORDING is missing");
    row("replay: no such recording", {"replay", "nowhere"}, "There is no recording 'nowhere'");
    row("replay: noise", {"replay", "DIR/noise"}, "");
  }
  void wrongUsageIsOneSentence() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    const ProgramOutcome outcome = runProgram(filledIn(arguments));
    QVERIFY2(outcome.errors.contains(says), qPrintable(outcome.errors));
    QCOMPARE(outcome.exitCode, 2);
    QCOMPARE(outcome.errors.count('\n'), 1);
    QVERIFY(outcome.errors.startsWith("streamscope: "));
    QVERIFY2(!outcome.output.contains("trace sha256"), "nothing was run");
  }

  void helpIsGiven_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("usage");
    QTest::newRow("program") << QStringList{"--help"} << "Usage: streamscope [SUBCOMMAND]";
    for (const char* subcommand : {"gui", "serve", "run", "inspect", "render", "replay"})
      QTest::newRow(subcommand) << QStringList{subcommand, "--help"} << QString("Usage: streamscope ") + subcommand;
  }
  void helpIsGiven() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, usage);
    const ProgramOutcome outcome = runProgram(arguments);
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.startsWith(usage), qPrintable(outcome.output));
    QVERIFY(outcome.errors.isEmpty());
  }

  void theVersionNamesKafkas() {
    const ProgramOutcome outcome = runProgram({"--version"});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains("behaves like Apache Kafka 4."), qPrintable(outcome.output));
  }

  void aRunEndsWithTheHashOfItsTrace() {
    const QString trace = m_directory.filePath("trace.jsonl"), report = m_directory.filePath("report.json");
    const ProgramOutcome first = runProgram({"run", m_lab, "--until", "3s", "--trace", trace, "--report", report});
    QVERIFY2(first.exitCode == 0, qPrintable(first.errors));
    QVERIFY(lastLine(first.output).startsWith("trace sha256: "));
    QCOMPARE(lastLine(first.output).size(), qsizetype(14 + 64));
    // The same again, and not the same with another seed.
    QCOMPARE(lastLine(runProgram({"run", m_lab, "--until", "3s"}).output), lastLine(first.output));
    QVERIFY(lastLine(runProgram({"run", m_lab, "--until", "3s", "--seed", "8"}).output) != lastLine(first.output));

    QFile traceFile(trace);
    QVERIFY(traceFile.open(QIODevice::ReadOnly));
    int events = 0;
    while (!traceFile.atEnd()) {
      const QByteArray line = traceFile.readLine();
      QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
      ++events;
    }
    QFile reportFile(report);
    QVERIFY(reportFile.open(QIODevice::ReadOnly));
    const QJsonObject told = QJsonDocument::fromJson(reportFile.readAll()).object();
    QCOMPARE(told["traceSha256"].toString(), lastLine(first.output).section(' ', -1));
    QVERIFY(events > 100);
    QVERIFY(told["events"].toInteger() >= events);
    QCOMPARE(told["virtualTime"].toString(), QString("00:00:03.000"));
  }

  void aRefusedCommandOfALabIsTold() {
    const QTemporaryDir directory;
    QFile file(directory.filePath("refused.lab.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        R"({"streamscopeLab": 1, "name": "refused", "until": "10 s", "cluster": {"brokers": 1}, "topics": [{"topic": "orders",
                   "partitions": 3}], "commands": [{"at": "5 s", "command": "createPartitions", "topic": "orders",
                   "partitions": 2}]})");
    file.close();
    const ProgramOutcome outcome = runProgram({"run", file.fileName()});
    QVERIFY2(outcome.errors.contains("At 00:00:05.000 the lab's command"), qPrintable(outcome.errors));
    QVERIFY2(outcome.errors.contains("it can only grow"), qPrintable(outcome.errors));
  }

  void aRecordingTellsTheSameStory() {
    const QString recording = m_directory.filePath("story.recording");
    const ProgramOutcome run = runProgram({"run", m_lab, "--until", "3s", "--record", recording});
    QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
    const ProgramOutcome replayed = runProgram({"replay", recording});
    QVERIFY2(replayed.exitCode == 0, qPrintable(replayed.errors));
    QCOMPARE(lastLine(replayed.output), lastLine(run.output));
  }

  void filesOnDiskTellTheSameStoryAndCanBeInspected() {
    const QString files = m_directory.filePath("files");
    const ProgramOutcome onDisk = runProgram({"run", m_lab, "--until", "3s", "--data-dir", files});
    QVERIFY2(onDisk.exitCode == 0, qPrintable(onDisk.errors));
    QCOMPARE(lastLine(onDisk.output), lastLine(runProgram({"run", m_lab, "--until", "3s"}).output));
    const QString segment = files + "/broker-1/orders-0/00000000000000000000.log";
    const ProgramOutcome text = runProgram({"inspect", segment});
    QVERIFY2(text.exitCode == 0, qPrintable(text.errors));
    QVERIFY(!text.output.isEmpty());
    const ProgramOutcome json = runProgram({"inspect", segment, "--json"});
    QVERIFY2(json.exitCode == 0, qPrintable(json.errors));
    QVERIFY(!QJsonDocument::fromJson(json.output.toUtf8()).isNull());
  }

  void aSimulationOfAHealthyClusterFindsNothing() {
    const ProgramOutcome outcome = runProgram({"simulate", "--seeds", "1..5"});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(lastLine(outcome.output).startsWith("5 seeds, "), qPrintable(outcome.output));
    QVERIFY(lastLine(outcome.output).endsWith(": 0 broken"));
  }

  void aSimulationTellsARecordedStoryOfABug() {
    const QString directory = m_directory.filePath("stories");
    const ProgramOutcome outcome =
        runProgram({"simulate", "--seeds", "1..50", "--bug", "read-past-high-watermark", "--record-to", directory});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY(outcome.output.contains("BROKEN: Consumers read only below the high watermark."));
    QVERIFY(lastLine(outcome.output).endsWith(": 1 broken"));
    const QString recording = QDir(directory).entryList({"*.recording"}).value(0);
    QCOMPARE(runProgram({"replay", directory + '/' + recording}).exitCode, 0);
    const QString story = QDir(directory).entryList({"*.lab.json"}).value(0);
    // The lab file says which mistake it needs.
    QCOMPARE(runProgram({"run", directory + '/' + story}).exitCode, 1);
  }

  void bugsAreListedOneALine() {
    const ProgramOutcome outcome = runProgram({"simulate", "--list-bugs"});
    QCOMPARE(outcome.exitCode, 0);
    const QStringList names = outcome.output.trimmed().split('\n');
    QVERIFY(names.contains("truncate-to-high-watermark"));
    for (const QString& name : names) QVERIFY(!name.isEmpty() && !name.contains(' '));
  }

  void aLossIsFoundAndWritten() {
    const QString careless = writeFile(m_directory, "careless.lab.json",
                                       QByteArray(kSmallLab).replace(R"("recordsPerSecond": 20)",
                                                                     R"("recordsPerSecond": 100, "acks": 1,
                                                                        "enableIdempotence": false)"));
    const QString story = m_directory.filePath("loss.lab.json");
    const ProgramOutcome outcome = runProgram({"find-loss", careless, "--write", story});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY(outcome.output.contains("BROKEN: Acknowledged records survive."));
    QCOMPARE(runProgram({"run", story, "--until", "1s"}).exitCode, 0);
    const ProgramOutcome kept =
        runProgram({"find-loss", m_lab, "--worlds", "20", "--promise", "one-leader-in-one-epoch"});
    QCOMPARE(kept.exitCode, 0);
    QVERIFY(kept.output.startsWith("20 worlds tried"));
  }

  void aPictureHasTheSizeAskedFor() {
    const QString picture = m_directory.filePath("picture.png");
    const ProgramOutcome outcome = runProgram(
        {"render", m_lab, "--at", "2s", "--size", "800x600", "--scale", "2", "--theme", "light", "-o", picture});
    QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.errors));
    QCOMPARE(QImage(picture).size(), QSize(1600, 1200));
  }

 private:
  /// LAB and DIR stand for what this test made.
  QStringList filledIn(QStringList arguments) const {
    for (QString& argument : arguments) {
      if (argument == "LAB") argument = m_lab;
      if (argument == "DIR" || argument.startsWith("DIR/")) argument.replace(0, 3, m_directory.path());
    }
    return arguments;
  }

  QTemporaryDir m_directory;
  QString m_lab;
};

STREAMSCOPE_TEST(CommandLineTest);
#include "command_line_test.moc"
