#include "lab/lab_file.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>
#include <memory>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;

namespace {

std::string readAll(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

QString lessons(const char* path) {
  return QStringLiteral(STREAMSCOPE_LESSONS_DIR) + QLatin1Char('/') + QLatin1String(path);
}

/// The first trouble the schema finds, "" when none.
std::string schemaTrouble(const std::string& text) {
  static const std::unique_ptr<valijson::Schema> schema = [] {
    const auto document = nlohmann::json::parse(readAll(lessons("schema/lab.schema.json")));
    auto parsed = std::make_unique<valijson::Schema>();
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(document), *parsed);
    return parsed;
  }();
  const auto json = nlohmann::json::parse(text);
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(*schema, valijson::adapters::NlohmannJsonAdapter(json), &results)) return "";
  valijson::ValidationResults::Error error;
  return results.popError(error) ? error.description : "invalid";
}

std::string fileWith(const std::string& members) {
  return R"({"streamscopeLab": 1, "name": "x")" + (members.empty() ? "" : ", " + members) + "}";
}

}  // namespace

class LabFileTest : public QObject {
  Q_OBJECT
 private slots:
  void shippedLabsAreValid_data() {
    QTest::addColumn<QString>("path");
    QDirIterator files(QStringLiteral(STREAMSCOPE_LESSONS_DIR), {QStringLiteral("*.lab.json")}, QDir::Files,
                       QDirIterator::Subdirectories);
    int count = 0;
    while (files.hasNext()) {
      const QString path = files.next();
      QTest::newRow(qPrintable(files.fileName())) << path;
      ++count;
    }
    QVERIFY(count >= 4);
  }
  void shippedLabsAreValid() {
    QFETCH(QString, path);
    const std::string text = readAll(path);
    const base::Result<LabDescription> lab = parseLabFile(text);
    QVERIFY2(lab.has_value(), lab ? "" : lab.error().message.c_str());
    QCOMPARE(schemaTrouble(text), std::string());
  }

  void racksAndLogDirectoriesComeBack() {
    const std::string text = fileWith(R"("cluster": {"racks": ["a", "b"], "logDirectories": 3})");
    QCOMPARE(schemaTrouble(text), std::string());
    const base::Result<LabDescription> lab = parseLabFile(text);
    QVERIFY2(lab.has_value(), lab ? "" : lab.error().message.c_str());
    QCOMPARE(lab->racks, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(lab->logDirectories, 3);
    QVERIFY(parseLabFile(writeLabFile(*lab)).value() == *lab);
  }

  void bugsAreNamed() {
    for (const base::KnownBugName& each : base::kKnownBugNames) {
      const std::string text = fileWith(R"("cluster": {"bugs": [")" + std::string(each.name) + R"("]})");
      const base::Result<LabDescription> lab = parseLabFile(text);
      QVERIFY2(lab.has_value(), lab ? "" : lab.error().message.c_str());
      QVERIFY(lab->bugs == base::KnownBugs{each.bug});
      QCOMPARE(schemaTrouble(text), std::string());
      QVERIFY(*parseLabFile(writeLabFile(*lab)) == *lab);
    }
    const base::Result<LabDescription> unknown = parseLabFile(fileWith(R"("cluster": {"bugs": ["bad-hair-day"]})"));
    QVERIFY(!unknown.has_value());
    QVERIFY(unknown.error().message.find("/cluster/bugs") != std::string::npos);
  }

  void comesBackAsItWasWritten() {
    for (const char* name :
         {"01-first-light/traffic.lab.json", "01-first-light/takeover.lab.json", "03-groups/group.lab.json"}) {
      const base::Result<LabDescription> lab = parseLabFile(readAll(lessons(name)));
      QVERIFY(lab.has_value());
      const std::string written = writeLabFile(*lab);
      const base::Result<LabDescription> again = parseLabFile(written);
      QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
      QVERIFY(*again == *lab);
      QCOMPARE(schemaTrouble(written), std::string());
    }
  }

  void theSmallestFileHasKafkasDefaults() {
    const base::Result<LabDescription> lab = parseLabFile(fileWith(""));
    QVERIFY(lab.has_value());
    LabDescription expected;
    expected.name = "x";
    QVERIFY(*lab == expected);
  }

  void commandsAreSortedByTheirTime() {
    const auto lab = parseLabFile(fileWith(R"("commands": [{"at": "20 s", "command": "killBroker", "broker": 1},
                                                            {"at": "5 s", "command": "killBroker", "broker": 2}])"));
    QVERIFY(lab.has_value());
    QVERIFY(lab->commands.at(0).command == Command(KillBroker{2}));
  }

  void aNewerFileIsRefusedWithTheVersionThatIsRead() {
    const auto lab = parseLabFile(R"({"streamscopeLab": 2, "name": "x", "worlds": []})");
    QVERIFY(!lab.has_value());
    QCOMPARE(lab.error().code, base::ErrorCode::UNSUPPORTED_VERSION);
    QCOMPARE(lab.error().message,
             std::string("This lab file has version 2; this program reads versions up to 1: use a newer Streamscope."));
  }

  /// What the schema can see, it refuses too: both describe the same files.
  void brokenFilesAreRefused_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<bool>("schemaSees");
    const auto row = [](const char* name, const std::string& text, const char* sentence, bool schemaSees = true) {
      QTest::newRow(name) << QString::fromStdString(text) << QString::fromLatin1(sentence) << schemaSees;
    };
    row("no version", R"({"name": "x"})", "/streamscopeLab is missing");
    row("version is text", R"({"streamscopeLab": "1", "name": "x"})", "/streamscopeLab is \"1\"");
    row("version 0", R"({"streamscopeLab": 0, "name": "x"})", "/streamscopeLab is 0");
    row("no name", R"({"streamscopeLab": 1})", "/name is missing");
    row("unknown member", fileWith(R"("sead": 3)"), "/sead is unknown; allowed here: streamscopeLab, name,");
    row("negative seed", fileWith(R"("seed": -1)"), "/seed is -1");
    row("until without unit", fileWith(R"("until": 60)"), "/until is 60; it must be a duration");
    row("no brokers", fileWith(R"("cluster": {"brokers": 0})"),
        "/cluster/brokers is 0; it must be a whole number from 1 to 12.");
    row("a rack without a name", fileWith(R"("cluster": {"racks": [""]})"),
        "/cluster/racks is [\"\"]; it must be a list of names");
    row("no log directories", fileWith(R"("cluster": {"logDirectories": 0})"), "/cluster/logDirectories is 0");
    row("cluster is a list", fileWith(R"("cluster": [])"), "/cluster is []; it must be an object");
    row("unknown in cluster", fileWith(R"("cluster": {"broker": 3})"), "/cluster/broker is unknown");
    row("unknown config", fileWith(R"("cluster": {"configs": {"log.segment.byte": "1"}})"),
        "/cluster/configs: ", false);
    row("config out of range", fileWith(R"("cluster": {"configs": {"broker.session.timeout.ms": "0"}})"),
        "broker.session.timeout.ms is \"0\"", false);
    row("topics is an object", fileWith(R"("topics": {})"), "/topics is {}; it must be a list");
    row("topic without name", fileWith(R"("topics": [{"partitions": 1}])"), "/topics/0/topic is missing");
    row("no partitions", fileWith(R"("topics": [{"topic": "t", "partitions": 0}])"), "/topics/0/partitions is 0");
    row("second topic of a name", fileWith(R"("topics": [{"topic": "t"}, {"topic": "t"}])"),
        "/topics/1 is a second topic", false);
    row("too many replicas", fileWith(R"("topics": [{"topic": "t", "replicationFactor": 4}])"),
        "/topics/0/replicationFactor is 4; this lab has only 3 brokers.", false);
    row("producer without topic", fileWith(R"("producers": [{"name": "p"}])"), "/producers/0/topic is missing");
    row("topic not in the file", fileWith(R"("producers": [{"name": "p", "topic": "t"}])"),
        "/producers/0/topic is \"t\", which is not among the topics", false);
    row("acks", fileWith(R"("topics": [{"topic": "t"}], "producers": [{"name": "p", "topic": "t", "acks": "none"}])"),
        "/producers/0/acks is \"none\"");
    row("same name twice", fileWith(R"("topics": [{"topic": "t"}], "producers": [{"name": "p", "topic": "t"}],
        "consumers": [{"name": "p", "topic": "t"}])"),
        "/consumers/0/name is \"p\"", false);
    row("command without time", fileWith(R"("commands": [{"command": "killBroker", "broker": 1}])"),
        "/commands/0/at is missing");
    row("unknown command", fileWith(R"("commands": [{"at": "1 s", "command": "explode"}])"),
        "/commands/0/command is \"explode\"");
    row("unknown in command", fileWith(R"("commands": [{"at": "1 s", "command": "killBroker", "broker": 1, "x": 1}])"),
        "/commands/0/x is unknown");
    row("second command wrong", fileWith(R"("commands": [{"at": "1 s", "command": "killBroker", "broker": 1},
        {"at": "1 s", "command": "startBroker", "broker": "all"}])"),
        "/commands/1/broker is \"all\"");
  }
  void brokenFilesAreRefused() {
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    QFETCH(bool, schemaSees);
    const base::Result<LabDescription> lab = parseLabFile(text.toStdString());
    QVERIFY(!lab.has_value());
    QVERIFY2(QString::fromStdString(lab.error().message).contains(sentence), lab.error().message.c_str());
    QCOMPARE(!schemaTrouble(text.toStdString()).empty(), schemaSees);
  }

  void brokenJsonIsToldByLineAndColumn() {
    const auto lab = parseLabFile("{\"streamscopeLab\": 1,\n  \"name\": oops}");
    QVERIFY(!lab.has_value());
    QVERIFY2(lab.error().message.find("line 2, column ") != std::string::npos, lab.error().message.c_str());
  }

  /// Never a crash, always a sentence.
  void everyPrefixOfAFileIsRefused() {
    const std::string text = readAll(lessons("01-first-light/takeover.lab.json"));
    const std::string whole = text.substr(0, text.find_last_of('}'));
    for (size_t length = 0; length <= whole.size(); ++length) {
      const auto lab = parseLabFile(std::string_view(whole).substr(0, length));
      QVERIFY(!lab.has_value());
      QVERIFY(!lab.error().message.empty());
    }
  }
};

STREAMSCOPE_TEST(LabFileTest);
#include "lab_file_test.moc"
