#include "dump_log_lines.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace streamscope::conformance {
namespace {

QString number(const QJsonValue& value) {
  return QString::number(value.toInteger());
}

QString json(const QJsonObject& object) {
  return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

/// `text` with the JSON that it ends with in one form.
QString inOneForm(const QString& text) {
  const qsizetype begin = text.indexOf('{');
  if (begin < 0) return text;
  const QJsonDocument document = QJsonDocument::fromJson(text.mid(begin).toUtf8());
  return document.isObject() ? text.left(begin) + json(document.object()) : text;
}

// What inspect says.

/// Keys and values: a string, or base64 of what is no text, which dump-log shows with replacement characters.
QString shown(const QJsonValue& bytes) {
  if (bytes.isString()) return bytes.toString();
  return QString::fromUtf8(QByteArray::fromBase64(bytes.toObject()["base64"].toString().toLatin1()));
}

QString optional(const QJsonValue& value) {
  return value.isNull() ? QString("OptionalLong.empty") : "OptionalLong[" + number(value) + ']';
}

QString shown(bool value) {
  return value ? "true" : "false";
}

QString batchLine(const QJsonObject& batch) {
  return "baseOffset: " + number(batch["baseOffset"]) + " lastOffset: " + number(batch["lastOffset"]) +
         " count: " + number(batch["recordCount"]) + " baseSequence: " + number(batch["baseSequence"]) +
         " lastSequence: " + number(batch["lastSequence"]) + " producerId: " + number(batch["producerId"]) +
         " producerEpoch: " + number(batch["producerEpoch"]) +
         " partitionLeaderEpoch: " + number(batch["partitionLeaderEpoch"]) +
         " isTransactional: " + shown(batch["isTransactional"].toBool()) +
         " isControl: " + shown(batch["isControl"].toBool()) +
         " deleteHorizonMs: " + optional(batch["deleteHorizonMs"]) + " position: " + number(batch["position"]) + ' ' +
         batch["timestampType"].toString() + ": " + number(batch["maxTimestamp"]) +
         " size: " + number(batch["sizeInBytes"]) + " magic: " + number(batch["magic"]) +
         " compresscodec: " + batch["compression"].toString() + " crc: " + number(batch["crc"]) +
         " isvalid: " + shown(batch["isChecksumValid"].toBool());
}

QString controlText(const QJsonObject& control) {
  static const QMap<QString, QString> names{{"LEADER_CHANGE", "LeaderChange: "},
                                            {"SNAPSHOT_HEADER", "SnapshotHeader "},
                                            {"SNAPSHOT_FOOTER", "SnapshotFooter "},
                                            {"KRAFT_VERSION", "KRaftVersion "},
                                            {"KRAFT_VOTERS", "KRaftVoters "}};
  const QString type = control["type"].toString();
  const QJsonObject data = control["data"].toObject();
  if (names.contains(type)) return ' ' + names[type] + json(data);
  return " endTxnMarker: " + type + " coordinatorEpoch: " + number(data["coordinatorEpoch"]);
}

/// dump-log shows versions and the types of keys as strings, but those of metadata records as they are.
QJsonObject asDumpLogShows(const QJsonObject& key) {
  QJsonObject shownKey{{"data", key["data"]}};
  for (const char* name : {"type", "version"}) {
    if (key.contains(name)) shownKey[name] = number(key[name]);
  }
  return shownKey;
}

QString decodedText(const QJsonObject& decoded) {
  const QJsonObject value = decoded["value"].toObject();
  if (!decoded.contains("key")) return " payload: " + json(value);
  return " key: " + json(asDumpLogShows(decoded["key"].toObject())) +
         " payload: " + (decoded["value"].isNull() ? QString("<DELETE>") : json(asDumpLogShows(value)));
}

QString recordLine(const QJsonObject& record, const QString& timestampType) {
  QStringList headerKeys;
  for (const QJsonValue& header : record["headers"].toArray()) headerKeys << shown(header.toObject()["key"]);
  QString line = "| offset: " + number(record["offset"]) + ' ' + timestampType + ": " + number(record["timestamp"]) +
                 " keySize: " + number(record["keySize"]) + " valueSize: " + number(record["valueSize"]) +
                 " sequence: " + number(record["sequence"]) + " headerKeys: [" + headerKeys.join(',') + ']';
  if (record.contains("control")) return line + controlText(record["control"].toObject());
  if (record.contains("decoded")) return line + decodedText(record["decoded"].toObject());
  if (!record["key"].isNull()) line += " key: " + shown(record["key"]);
  if (!record["value"].isNull()) line += " payload: " + shown(record["value"]);
  return line;
}

QString producerLine(const QJsonObject& producer) {
  const qint64 firstOfTransaction = producer["currentTxnFirstOffset"].toInteger();
  QString line =
      "producerId: " + number(producer["producerId"]) + " producerEpoch: " + number(producer["producerEpoch"]) +
      " coordinatorEpoch: " + number(producer["coordinatorEpoch"]) +
      " currentTxnFirstOffset: " + optional(firstOfTransaction < 0 ? QJsonValue() : producer["currentTxnFirstOffset"]) +
      " lastTimestamp: " + number(producer["lastTimestamp"]);
  if (producer["lastSequence"].toInteger() < 0) return line;
  return line + " firstSequence: " + number(producer["firstSequence"]) +
         " lastSequence: " + number(producer["lastSequence"]) + " lastOffset: " + number(producer["lastOffset"]) +
         " offsetDelta: " + number(producer["offsetDelta"]) + " timestamp: " + number(producer["lastTimestamp"]);
}

QString entryLine(const QString& kind, const QJsonObject& entry) {
  if (kind == "offset index") return "offset: " + number(entry["offset"]) + " position: " + number(entry["position"]);
  if (kind == "time index") return "timestamp: " + number(entry["timestamp"]) + " offset: " + number(entry["offset"]);
  return "version: " + number(entry["version"]) + " producerId: " + number(entry["producerId"]) +
         " firstOffset: " + number(entry["firstOffset"]) + " lastOffset: " + number(entry["lastOffset"]) +
         " lastStableOffset: " + number(entry["lastStableOffset"]);
}

}  // namespace

LinesOfFile linesOfDumpLog(const QByteArray& output, const QString& directory, bool hasDecoder) {
  static const QRegularExpression newLine(
      "^(Dumping |Log starting|Snapshot end|baseOffset: |\\| offset: |offset: |"
      "timestamp: |version: |producerId: )");
  LinesOfFile lines;
  QStringList* current = nullptr;
  for (const QString& line : QString::fromUtf8(output).split('\n')) {
    if (line.startsWith("Dumping "))
      current = &lines[line.mid(8 + directory.size() + 1)];
    else if (current && (current->isEmpty() || newLine.match(line).hasMatch()))
      *current << line;
    else if (current && !current->isEmpty())
      // A value with a line feed in it.
      current->last() += '\n' + line;
  }
  for (QStringList& ofFile : lines) {
    // The last line of all ends with a line feed too.
    if (!ofFile.isEmpty() && ofFile.last().endsWith('\n')) ofFile.last().chop(1);
    if (ofFile == QStringList{""} || (ofFile.size() == 1 && ofFile.first().endsWith(" is empty."))) ofFile.clear();
    if (!hasDecoder) continue;
    for (QString& line : ofFile) {
      const qsizetype payload = line.indexOf(" payload: ");
      line = payload < 0 ? inOneForm(line) : inOneForm(line.left(payload)) + inOneForm(line.mid(payload));
    }
  }
  return lines;
}

QStringList linesOfInspect(const QJsonObject& file) {
  const QString kind = file["kind"].toString();
  QStringList lines;
  if (kind == "segment") lines << "Log starting offset: " + number(file["baseOffset"]);
  if (kind == "metadata snapshot")
    lines << "Snapshot end offset: " + number(file["endOffset"]) + ", epoch: " + number(file["epoch"]);
  for (const QJsonValue& batch : file["batches"].toArray()) {
    lines << batchLine(batch.toObject());
    for (const QJsonValue& record : batch.toObject()["records"].toArray())
      lines << recordLine(record.toObject(), batch.toObject()["timestampType"].toString());
  }
  // dump-log takes the first of the zeros that preallocate an index for an entry.
  if (kind == "offset index" && file["entryCount"].toInteger() == 0 && file["paddingBytes"].toInteger() > 0)
    lines << "offset: " + number(file["baseOffset"]) + " position: 0";
  for (const QJsonValue& entry : file["entries"].toArray()) lines << entryLine(kind, entry.toObject());
  if (kind == "producer snapshot") {
    for (const QJsonValue& producer : file["rows"].toArray()) lines << producerLine(producer.toObject());
  }
  return lines;
}

}  // namespace streamscope::conformance
