#include "record_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QStringDecoder>

#include "protocol/describe.h"

namespace streamscope::app {
namespace {

/// Longer values are cut in text, never in JSON.
constexpr qsizetype kShownCharactersMax = 120;

QString codecName(log::Compression compression) {
  switch (compression) {
    case log::Compression::None:
      return "none";
    case log::Compression::Gzip:
      return "gzip";
    case log::Compression::Snappy:
      return "snappy";
    case log::Compression::Lz4:
      return "lz4";
    case log::Compression::Zstd:
      return "zstd";
  }
  return {};
}

/// Set when the bytes are text.
std::optional<QString> asText(const base::Bytes& bytes) {
  QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
  const QString text =
      decoder(QByteArrayView(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())));
  if (decoder.hasError()) return std::nullopt;
  for (const QChar character : text) {
    if (character.category() == QChar::Other_Control && character != '\n' && character != '\t') return std::nullopt;
  }
  return text;
}

QString shown(const std::optional<base::Bytes>& bytes) {
  if (!bytes) return "null";
  QString text = asText(*bytes) ? '"' + asText(*bytes)->replace('\n', "\\n") + '"'
                                : "0x" + QString::fromStdString(base::toHex(*bytes));
  if (text.size() <= kShownCharactersMax) return text;
  text.truncate(kShownCharactersMax);
  return text + QString("... (%1 bytes)").arg(bytes->size());
}

void put(QJsonObject& object, const QString& name, const std::optional<base::Bytes>& bytes) {
  if (!bytes)
    object[name] = QJsonValue::Null;
  else if (const auto text = asText(*bytes))
    object[name] = *text;
  else
    object[name + "Hex"] = QString::fromStdString(base::toHex(*bytes));
}

/// What a record of the quorum's log says; empty when it is none.
std::string describedForQuorum(const log::DumpedRecord& record, bool isControl) {
  if (!record.value) return {};
  const base::SharedBytes value(*record.value);
  if (isControl) {
    const auto control = protocol::decodeControlRecord(base::SharedBytes(record.key.value_or(base::Bytes{})), value);
    return control ? protocol::describe(*control) : std::string();
  }
  const auto metadata = protocol::decodeMetadataRecord(value);
  // The record's version is the third number of the value: frame version, type, version, each in one byte.
  return metadata && value.size() > 2 ? protocol::describe(*metadata, value.data()[2]) : std::string();
}

}  // namespace

QString textOf(const log::DumpedBatch& batch) {
  const log::BatchHeader& header = batch.header;
  QString text = QString("  batch at %1: offsets [%2..%3], %4 records, leader epoch %5, %6, %7 bytes, crc %8")
                     .arg(batch.position)
                     .arg(header.baseOffset)
                     .arg(header.lastOffset())
                     .arg(header.recordCount)
                     .arg(header.partitionLeaderEpoch)
                     .arg(codecName(header.compression()))
                     .arg(header.sizeInBytes)
                     .arg(batch.isChecksumValid ? "ok" : "WRONG");
  if (header.producerId >= 0)
    text += QString(", producer %1 epoch %2 sequence %3")
                .arg(header.producerId)
                .arg(header.producerEpoch)
                .arg(header.baseSequence);
  if (header.isTransactional()) text += ", transactional";
  if (header.isControl()) text += ", control";
  if (batch.recordProblem) text += "\n    records cannot be read: " + QString::fromStdString(*batch.recordProblem);
  return text;
}

QJsonObject jsonOf(const log::DumpedBatch& batch) {
  const log::BatchHeader& header = batch.header;
  QJsonObject object{{"position", static_cast<qint64>(batch.position)},
                     {"baseOffset", static_cast<qint64>(header.baseOffset)},
                     {"lastOffset", static_cast<qint64>(header.lastOffset())},
                     {"recordCount", header.recordCount},
                     {"partitionLeaderEpoch", header.partitionLeaderEpoch},
                     {"compression", codecName(header.compression())},
                     {"sizeInBytes", static_cast<qint64>(header.sizeInBytes)},
                     {"isChecksumValid", batch.isChecksumValid},
                     {"baseTimestamp", static_cast<qint64>(header.baseTimestamp)},
                     {"maxTimestamp", static_cast<qint64>(header.maxTimestamp)},
                     {"producerId", static_cast<qint64>(header.producerId)},
                     {"producerEpoch", header.producerEpoch},
                     {"baseSequence", header.baseSequence},
                     {"isTransactional", header.isTransactional()},
                     {"isControl", header.isControl()}};
  if (batch.recordProblem) object["recordProblem"] = QString::fromStdString(*batch.recordProblem);
  return object;
}

QString textOf(const log::DumpedRecord& record, bool isControl, bool isMetadataLog) {
  QString text = QString("    offset %1, time %2").arg(record.offset).arg(record.timestamp);
  if (const std::string described = isMetadataLog ? describedForQuorum(record, isControl) : std::string();
      !described.empty())
    return text + ", " + QString::fromStdString(described);
  text += ", key " + shown(record.key) + ", value " + shown(record.value);
  for (const log::RecordHeader& header : record.headers)
    text += ", header " + QString::fromStdString(header.key) + " = " + shown(header.value);
  return text;
}

QJsonObject jsonOf(const log::DumpedRecord& record, bool isControl, bool isMetadataLog) {
  QJsonObject object{{"offset", static_cast<qint64>(record.offset)},
                     {"timestamp", static_cast<qint64>(record.timestamp)},
                     {"sequence", record.sequence},
                     {"sizeInBytes", static_cast<qint64>(record.sizeInBytes)}};
  if (const std::string described = isMetadataLog ? describedForQuorum(record, isControl) : std::string();
      !described.empty()) {
    object["payload"] = QJsonDocument::fromJson(QByteArray::fromStdString(described)).object();
    return object;
  }
  put(object, "key", record.key);
  put(object, "value", record.value);
  QJsonArray headers;
  for (const log::RecordHeader& header : record.headers) {
    QJsonObject one{{"key", QString::fromStdString(header.key)}};
    put(one, "value", header.value);
    headers.append(one);
  }
  object["headers"] = headers;
  return object;
}

}  // namespace streamscope::app
