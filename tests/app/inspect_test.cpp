#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "log/record_batch.h"
#include "program.h"
#include "protocol/coordinator_record_codec.h"
#include "protocol/record_codec.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::app;

namespace {

constexpr base::TimestampMs kTime = 1'700'000'000'000;
const QString kSegment = "/00000000000000000000.log";

base::Bytes batch(log::RecordBatchBuilder::Options options, const std::optional<base::Bytes>& key,
                  const std::optional<base::Bytes>& value, const std::vector<log::RecordHeader>& headers = {}) {
  log::RecordBatchBuilder builder(options);
  const auto view = [](const auto& bytes) {
    return bytes ? std::optional<base::ByteView>(*bytes) : std::optional<base::ByteView>();
  };
  builder.append(kTime, view(key), view(value), headers);
  return builder.build();
}

base::Bytes bytesOf(std::string_view text) {
  const base::ByteView view = base::asBytes(text);
  return base::Bytes(view.begin(), view.end());
}

QJsonObject jsonOf(const QStringList& arguments) {
  QStringList all{"inspect", "--json"};
  return QJsonDocument::fromJson(runProgram(all + arguments).output.toUtf8()).object();
}

/// Record `record` of batch `batch` of the only file.
QJsonObject recordAt(const QJsonObject& document, qsizetype batch, qsizetype record = 0) {
  return document["files"]
      .toArray()[0]
      .toObject()["batches"]
      .toArray()[batch]
      .toObject()["records"]
      .toArray()[record]
      .toObject();
}

}  // namespace

/// What `streamscope inspect` says: its JSON is a promise to whoever reads it.
class InspectTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { m_directory = std::make_unique<QTemporaryDir>(); }

  void batchesAndRecordsAreData() {
    const base::Bytes binary{0xff, 0x00, 0x41};
    log::RecordBatchBuilder::Options options;
    options.producerId = INT64_MAX - 7;
    options.producerEpoch = 2;
    options.baseSequence = 5;
    options.partitionLeaderEpoch = 3;
    options.isTransactional = true;
    write("orders-0" + kSegment,
          {batch(options, bytesOf("k\n\"1\""), binary, {{"h", std::nullopt}, {"h", bytesOf("x")}})});
    const QJsonObject document = jsonOf({path("orders-0" + kSegment), "--fields"});
    QCOMPARE(document["streamscopeInspect"].toInt(), 1);
    QCOMPARE(document["problemCount"].toInt(), 0);
    const QJsonObject file = document["files"].toArray()[0].toObject();
    QCOMPARE(file["kind"].toString(), QString("segment"));
    QCOMPARE(file["state"].toString(), QString("in use"));
    QCOMPARE(file["replica"].toObject()["topic"].toString(), QString("orders"));
    const QJsonObject header = file["batches"].toArray()[0].toObject();
    QCOMPARE(header["producerId"].toInteger(), qint64{INT64_MAX - 7});
    QCOMPARE(header["lastSequence"].toInt(), 5);
    QCOMPARE(header["timestampType"].toString(), QString("CreateTime"));
    QVERIFY(header["deleteHorizonMs"].isNull() && header["isTransactional"].toBool());
    QCOMPARE(header["recordFieldsIn"].toString(), QString("file"));
    QCOMPARE(header["fields"].toArray()[1], QJsonValue(QJsonArray{"batchLength", 8, 12}));
    const QJsonObject record = recordAt(document, 0);
    QCOMPARE(record["key"].toString(), QString("k\n\"1\""));
    QCOMPARE(record["value"].toObject()["base64"].toString(), QString("/wBB"));
    QCOMPARE(record["valueSize"].toInt(), 3);
    QVERIFY(record["headers"].toArray()[0].toObject()["value"].isNull());
    QCOMPARE(record["fields"].toArray()[0].toArray()[1].toInt(), 61);
    const QJsonObject bare = recordAt(jsonOf({path("orders-0" + kSegment), "--skip-record-metadata"}), 0);
    QCOMPARE(bare.keys(), QStringList({"key", "value"}));
  }

  void internalTopicsAreDecodedByTheirNames() {
    protocol::OffsetCommitValue value;
    value.offset = 12;
    const base::Bytes key = protocol::encodeCoordinatorKey(protocol::OffsetCommitKey{"g", "t", 4});
    const base::Bytes bytes = protocol::encodeCoordinatorValue(value, 3);
    write("__consumer_offsets-7" + kSegment, {batch({}, key, bytes), batch({.baseOffset = 1}, key, std::nullopt),
                                              batch({.baseOffset = 2}, base::Bytes{0, 99}, bytes)});
    const QString file = path("__consumer_offsets-7" + kSegment);
    const QJsonObject document = jsonOf({file});
    const QJsonObject decoded = recordAt(document, 0)["decoded"].toObject();
    QCOMPARE(decoded["key"].toObject()["name"].toString(), QString("OffsetCommitKey"));
    QCOMPARE(decoded["value"].toObject()["data"].toObject()["offset"].toInt(), 12);
    QVERIFY(recordAt(document, 1)["decoded"].toObject()["value"].isNull());
    QVERIFY(recordAt(document, 2)["decodeProblem"].toString().contains("type 99"));
    QVERIFY(!recordAt(jsonOf({file, "--raw"}), 0).contains("decoded"));
    // The same bytes where the name does not say what they are.
    QVERIFY(QFile::copy(file, path("copy.log")));
    QVERIFY(!recordAt(jsonOf({path("copy.log")}), 0).contains("decoded"));
    QVERIFY(recordAt(jsonOf({path("copy.log"), "--offsets-decoder"}), 0).contains("decoded"));
    QVERIFY(recordAt(jsonOf({path("copy.log"), "--transaction-log-decoder"}), 0).contains("decodeProblem"));
  }

  void controlRecordsAreDecodedEverywhere() {
    const auto marker = protocol::encodeControlRecord(protocol::EndTxnMarker{true, 0, 9});
    write("orders-0" + kSegment,
          {batch({.isControl = true}, marker.key, marker.value),
           batch({.baseOffset = 1, .isControl = true}, base::Bytes{0, 0, 0, 77}, base::Bytes{})});
    const QJsonObject document = jsonOf({path("orders-0" + kSegment)});
    const QJsonObject control = recordAt(document, 0)["control"].toObject();
    QCOMPARE(control["type"].toString(), QString("COMMIT"));
    QCOMPARE(control["data"].toObject()["coordinatorEpoch"].toInt(), 9);
    QCOMPARE(recordAt(document, 1)["control"].toObject()["typeId"].toInt(), 77);
    QVERIFY(runProgram({"inspect", path("orders-0" + kSegment)}).output.contains("\"COMMIT\""));
  }

  void problemsAreToldFirstAndEndWithOne() {
    base::Bytes damaged = batch({}, bytesOf("k"), bytesOf("v"));
    damaged.back() ^= 1;
    write("orders-0" + kSegment, {damaged, batch({.baseOffset = 1}, bytesOf("k"), bytesOf("v")), bytesOf("torn")});
    write("orders-0/leader-epoch-checkpoint", {bytesOf("0\n1\n0 0\n")});
    const ProgramOutcome text = runProgram({"inspect", path("")});
    QCOMPARE(text.exitCode, 1);
    const QStringList lines = text.output.split('\n');
    QVERIFY2(lines[0].contains("replica of orders, partition 0"), qPrintable(lines[0]));
    QVERIFY2(lines[1].contains("DAMAGED at byte 0"), qPrintable(lines[1]));
    QVERIFY2(lines[2].contains("TORN TAIL at byte"), qPrintable(lines[2]));
    QVERIFY2(text.output.trimmed().endsWith("2 files, 2 problems"), qPrintable(text.output));
    QCOMPARE(runProgram({"inspect", path(""), "--summary"}).output.count("batch at"), 0);
    const ProgramOutcome json = runProgram({"inspect", path(""), "--json", "--summary"});
    QCOMPARE(json.exitCode, 1);
    const QJsonObject file = QJsonDocument::fromJson(json.output.toUtf8()).object()["files"].toArray()[0].toObject();
    QVERIFY(!file.contains("batches"));
    const QJsonArray problems = file["problems"].toArray();
    QCOMPARE(problems[0].toObject()["kind"].toString(), QString("damage"));
    QCOMPARE(problems[1].toObject()["kind"].toString(), QString("torn tail"));
  }

  void lifeCyclesAreNamed() {
    write("orders-0." + QString(32, 'a') + "-delete" + kSegment + ".deleted", {batch({}, bytesOf("k"), bytesOf("v"))});
    const QJsonObject file = jsonOf({path("")})["files"].toArray()[0].toObject();
    QCOMPARE(file["state"].toString(), QString("deleted"));
    QCOMPARE(file["replica"].toObject()["state"].toString(), QString("deleted"));
    const QString text = runProgram({"inspect", path("")}).output;
    QVERIFY2(text.contains("partition 0 (deleted)") && text.contains("segment (deleted)"), qPrintable(text));
  }

  void aLogDirectoryIsNoReplicaWhateverItsName() {
    write("broker-1/meta.properties", {bytesOf("version=1\ncluster.id=abc\nnode.id=1\n")});
    write("broker-1/orders-0/leader-epoch-checkpoint", {bytesOf("0\n1\n0 0\n")});
    const QJsonArray files = jsonOf({path("")})["files"].toArray();
    QVERIFY(!files[0].toObject().contains("replica"));
    QCOMPARE(files[1].toObject()["replica"].toObject()["topic"].toString(), QString("orders"));
    QVERIFY(!runProgram({"inspect", path("")}).output.contains("replica of broker"));
  }

  void lessIsShownOnRequest() {
    write("orders-0" + kSegment,
          {batch({}, bytesOf("k"), bytesOf("v")), batch({.baseOffset = 1}, bytesOf("k"), bytesOf("v"))});
    write("orders-0/00000000000000000000.index", {base::Bytes{0, 0, 0, 1, 0, 0, 0, 70}});
    const QJsonArray files =
        jsonOf({path(""), "--no-records", "--max-bytes", "1", "--verify-index-only"})["files"].toArray();
    QVERIFY(!files[0].toObject().contains("entries") && files[0].toObject()["entryCount"].toInt() == 1);
    const QJsonArray batches = files[1].toObject()["batches"].toArray();
    QCOMPARE(batches.size(), 1);
    QVERIFY(!batches[0].toObject().contains("records"));
    QCOMPARE(runProgram({"inspect", path(""), "--max-bytes", "many"}).exitCode, 2);
  }

  void whatIsNoFileOfALogIsRefused() {
    write("noise", {bytesOf("x")});
    const ProgramOutcome outcome = runProgram({"inspect", path("noise")});
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY2(outcome.errors.contains("is no file of a log directory"), qPrintable(outcome.errors));
  }

  /// Text that would move a terminal's cursor is shown as bytes.
  void textForPeopleIsHarmless() {
    write("orders-0" + kSegment, {batch({}, bytesOf("\x1b[2J"), bytesOf("two\nlines"))});
    const QString text = runProgram({"inspect", path("orders-0" + kSegment)}).output;
    QVERIFY(!text.contains('\x1b'));
    QVERIFY2(text.contains("0x1b5b324a") && text.contains("two\\nlines"), qPrintable(text));
  }

 private:
  QString path(const QString& name) const { return m_directory->filePath(name); }

  void write(const QString& name, const std::vector<base::Bytes>& parts) {
    QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (const base::Bytes& part : parts)
      QCOMPARE(file.write(reinterpret_cast<const char*>(part.data()), static_cast<qint64>(part.size())),
               static_cast<qint64>(part.size()));
  }

  std::unique_ptr<QTemporaryDir> m_directory;
};

STREAMSCOPE_TEST(InspectTest);
#include "inspect_test.moc"
