#include <QDirIterator>
#include <QFile>
#include <QTest>

#include "source_rules.h"
#include "support/test_registry.h"

using namespace streamscope::architecture;

namespace {

const QString kRoot = QStringLiteral(STREAMSCOPE_SOURCE_DIR);

/// Every C++ source of a top-level folder, as paths from the root, sorted.
QStringList sourcesOf(const QString& folder) {
  QStringList files;
  QDirIterator iterator(kRoot + u'/' + folder, {"*.h", "*.cpp", "*.inc"}, QDir::Files, QDirIterator::Subdirectories);
  while (iterator.hasNext()) files << QDir(kRoot).relativeFilePath(iterator.next());
  files.sort();
  return files;
}

QByteArray contentsOf(const QString& file) {
  QFile input(kRoot + u'/' + file);
  return input.open(QIODevice::ReadOnly) ? input.readAll() : QByteArray();
}

}  // namespace

class ArchitectureTest : public QObject {
  Q_OBJECT
 private slots:
  void everySourceKeepsTheRules() {
    int checked = 0;
    QStringList found;
    for (const char* area : {"engine", "ui", "app"}) {
      for (const QString& file : sourcesOf(area)) {
        ++checked;
        for (const Violation& violation : checkSource(file.toStdString(), contentsOf(file).toStdString()))
          found << QString::fromStdString(violation.toString());
      }
    }
    QVERIFY(checked > 20);
    QVERIFY2(found.isEmpty(), qPrintable(u'\n' + found.join(u'\n')));
  }

  void wrongLinesAreFound_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* file, const char* line, const char* says) {
      QTest::newRow(name) << file << line << says;
    };
    row("upward include", "engine/log/segment.cpp", "#include \"broker/broker_node.h\"", "log -> broker");
    row("what is allowed is said", "engine/log/segment.cpp", "#include \"broker/broker_node.h\"",
        "log may include: base, storage, protocol");
    row("ui into the broker", "ui/stage/stage.cpp", "#include \"broker/broker_node.h\"", "ui -> broker");
    row("ui into the world", "ui/stage/stage.cpp", "#include \"world/world.h\"", "ui may include lab/");
    row("engine into ui", "engine/lab/lab.cpp", "#include \"shell/main_window.h\"", "lab -> ui");
    row("climbing include", "engine/log/segment.cpp", "#include \"../broker/partition.h\"", "climbs the tree");
    row("Qt", "engine/base/uuid.cpp", "#include <QString>", "Qt in the engine");
    row("Qt module", "engine/gateway/listener.cpp", "#include <QtNetwork/QTcpServer>", "Qt in the engine");
    row("wall clock", "engine/world/world.cpp", "auto now = std::chrono::system_clock::now();", "wall clock");
    row("C clock", "engine/lab/lab.cpp", "const auto now = time(nullptr);", "wall clock");
    row("sleep", "engine/world/world.cpp", "std::this_thread::sleep_for(1ms);", "sleeping");
    row("thread", "engine/broker/broker_node.cpp", "std::thread worker;", "threads or locks");
    row("mutex", "engine/lab/lab.cpp", "#include <mutex>", "threads or locks");
    row("semaphore", "engine/gateway/exchange.cpp", "std::binary_semaphore ready{0};", "hang now and then");
    row("latch", "engine/gateway/exchange.cpp", "#include <latch>", "hang now and then");
    row("rand", "engine/client/producer_node.cpp", "int n = rand();", "random numbers");
    row("unordered", "engine/controller/image.cpp", "std::unordered_map<int, int> topics;", "unordered container");
    row("system header", "engine/log/segment.cpp", "#include <sys/stat.h>", "operating system's header");
    row("file stream", "engine/log/segment.cpp", "std::ofstream file(path);", "storage::Storage");
    row("sockets", "engine/lab/lab.cpp", "#include <asio.hpp>", "gateway/");
  }
  void wrongLinesAreFound() {
    QFETCH(QString, file);
    QFETCH(QString, line);
    QFETCH(QString, says);
    const auto violations = checkSource(file.toStdString(), ("// first\n" + line).toStdString());
    QVERIFY(!violations.empty());
    QCOMPARE(violations[0].line, 2);
    QVERIFY2(QString::fromStdString(violations[0].toString()).contains(says), violations[0].toString().c_str());
    QVERIFY(QString::fromStdString(violations[0].toString()).startsWith(file + ":2: "));
  }

  void rightLinesPass_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("line");
    const auto row = [](const char* name, const char* file, const char* line) { QTest::newRow(name) << file << line; };
    row("downward", "engine/broker/partition.cpp", "#include \"log/partition_log.h\"");
    row("own header", "engine/log/segment.cpp", "#include \"segment.h\"");
    row("own public header", "engine/log/segment.cpp", "#include \"log/log_config.h\"");
    row("prose about clocks", "engine/world/world.cpp", "// no system_clock, no std::thread, no rand()");
    row("prose in a block", "engine/world/world.cpp", "/* std::mutex */ int x = 1'000;");
    row("a string with slashes", "engine/world/world.cpp", "auto s = \"http://x\";");
    row("the trace for ui", "ui/stage/stage.cpp", "#include \"world/trace.h\"");
    row("Qt in ui", "ui/stage/stage.cpp", "#include <QWidget>");
    row("everything for app", "app/serve.cpp", "#include \"gateway/live_host.h\"");
    row("threads in the gateway", "engine/gateway/live_host.cpp", "std::thread engine;");
    row("durations", "engine/world/world.cpp", "std::chrono::milliseconds wait(5);");
  }
  void rightLinesPass() {
    QFETCH(QString, file);
    QFETCH(QString, line);
    const auto violations = checkSource(file.toStdString(), line.toStdString());
    QVERIFY2(violations.empty(), violations.empty() ? "" : violations[0].toString().c_str());
  }

  void topLevelNamesAreKnown() {
    const QStringList known = {"app", "engine", "lessons", "packaging", "resources", "tests", "ui", ".ci",
                               ".clang-format", ".clang-tidy", ".git", ".gitattributes", ".gitignore", "CMakeLists.txt",
                               "CMakePresets.json", "LICENSE", "README.md",
                               // Made by builds and editors, ignored by git.
                               "build", ".cache", ".idea", ".vscode", "compile_commands.json", "CMakeUserPresets.json"};
    QStringList unknown;
    for (const QString& name : QDir(kRoot).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
      if (!known.contains(name) && !name.endsWith(".swp")) unknown << name;
    }
    QVERIFY2(unknown.isEmpty(), qPrintable("Not a name of the tree's top: " + unknown.join(", ") +
                                           ". Give it a place in a folder, or add it here and say what it is."));
  }

  void engineFoldersAreKnown() {
    for (const QString& name : QDir(kRoot + "/engine").entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
      const auto& known = engineFolders();
      QVERIFY2(std::find(known.begin(), known.end(), name.toStdString()) != known.end(),
               qPrintable("engine/" + name + " has no place in the order of dependency (source_rules.cpp)"));
    }
  }

  /// Small rooms: long files are listed, not forbidden.
  void longFilesAreListed() {
    constexpr int kLinesMax = 600;
    for (const char* area : {"engine", "ui", "app", "tests"}) {
      for (const QString& file : sourcesOf(area)) {
        const auto lines = contentsOf(file).count('\n');
        if (lines > kLinesMax)
          qInfo().noquote() << file << "has" << lines << "lines; look for the second concept in it";
      }
    }
  }
};

STREAMSCOPE_TEST(ArchitectureTest);
#include "architecture_test.moc"
