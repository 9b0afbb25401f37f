#include "file_inspection.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <cstdio>

#include "record_text.h"

namespace streamscope::app {
namespace {

constexpr const char* kMetadataLogDirectory = "__cluster_metadata-0";

QString kindName(log::FileKind kind) {
  switch (kind) {
    case log::FileKind::Segment:
      return "segment";
    case log::FileKind::OffsetIndex:
      return "offset index";
    case log::FileKind::TimeIndex:
      return "time index";
    case log::FileKind::ProducerSnapshot:
      return "producer snapshot";
    case log::FileKind::OffsetCheckpoint:
      return "offset checkpoint";
    case log::FileKind::EpochCheckpoint:
      return "leader epoch checkpoint";
    case log::FileKind::MetaProperties:
      return "meta.properties";
    case log::FileKind::PartitionMetadata:
      return "partition.metadata";
    case log::FileKind::CleanShutdownMarker:
      return "clean shutdown marker";
    case log::FileKind::Unknown:
      return "unknown";
  }
  return {};
}

QString compact(const QJsonObject& object) {
  return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QString compact(const QJsonArray& array) {
  return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QString quoted(const std::filesystem::path& path) {
  const QString array = compact(QJsonArray{QString::fromStdString(path.generic_string())});
  return array.mid(1, array.size() - 2);
}

/// Control batches, snapshots and bootstrap.checkpoint are the quorum's too.
bool isMetadataLog(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (name.ends_with(".checkpoint")) return true;
  return file.string().find(kMetadataLogDirectory) != std::string::npos;
}

QString shownCell(const log::TableDump::Cell& cell) {
  if (const auto* number = std::get_if<int64_t>(&cell)) return QString::number(*number);
  return QString::fromStdString(std::get<std::string>(cell));
}

QJsonValue jsonCell(const log::TableDump::Cell& cell) {
  if (const auto* number = std::get_if<int64_t>(&cell)) return static_cast<qint64>(*number);
  return QString::fromStdString(std::get<std::string>(cell));
}

}  // namespace

void FileInspection::write(const QString& text) {
  const QByteArray bytes = text.toUtf8();
  std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout);
}

void FileInspection::begin() {
  if (isJson()) write("{\"files\":[");
}

void FileInspection::end() {
  if (isJson()) write("\n]}\n");
  std::fflush(stdout);
}

base::Status FileInspection::show(const std::filesystem::path& file) {
  const log::FileKind kind = log::fileKindOf(file);
  const bool isFirst = std::exchange(m_isFirstFile, false);
  if (isJson())
    write((isFirst ? "\n" : ",\n") + QString("{\"file\":%1,\"kind\":\"%2\"").arg(quoted(file), kindName(kind)));
  else
    write((isFirst ? "" : "\n") + QString::fromStdString(file.generic_string()) + ": " + kindName(kind) + '\n');
  base::Status shown;
  switch (kind) {
    case log::FileKind::Segment:
      shown = showSegment(file);
      break;
    case log::FileKind::OffsetIndex:
      shown = showOffsetIndex(file);
      break;
    case log::FileKind::TimeIndex:
      shown = showTimeIndex(file);
      break;
    case log::FileKind::ProducerSnapshot:
    case log::FileKind::OffsetCheckpoint:
    case log::FileKind::EpochCheckpoint:
    case log::FileKind::MetaProperties:
    case log::FileKind::PartitionMetadata:
    case log::FileKind::CleanShutdownMarker:
      shown = showTable(file);
      break;
    case log::FileKind::Unknown:
      if (!isJson()) write("  a file of this name is not known in a log directory\n");
      break;
  }
  if (isJson()) write("}");
  return shown;
}

base::Status FileInspection::showSegment(const std::filesystem::path& file) {
  const bool isQuorums = isMetadataLog(m_storage.root() / file);
  bool isFirst = true;
  if (isJson()) write(",\"batches\":[");
  const auto dump = log::dumpSegment(m_storage, file, m_withRecords, [&](const log::DumpedBatch& batch) {
    if (!batch.isChecksumValid || batch.recordProblem) m_foundDamage = true;
    showBatch(batch, isQuorums, std::exchange(isFirst, false));
    return true;
  });
  if (isJson()) write("]");
  if (!dump) return base::fail(dump.error());
  if (isJson()) {
    const QString totals = compact(QJsonObject{{"bytes", static_cast<qint64>(dump->bytes)},
                                               {"batchCount", static_cast<qint64>(dump->batchCount)},
                                               {"recordCount", static_cast<qint64>(dump->recordCount)},
                                               {"firstOffset", static_cast<qint64>(dump->firstOffset)},
                                               {"endOffset", static_cast<qint64>(dump->endOffset)}});
    write(",\"totals\":" + totals);
  } else {
    const QString offsets = dump->batchCount == 0
                                ? QString("empty")
                                : QString("%1 batches, %2 records, offsets from %3 to before %4")
                                      .arg(QString::number(dump->batchCount), QString::number(dump->recordCount),
                                           QString::number(dump->firstOffset), QString::number(dump->endOffset));
    write(QString("  %1 bytes, %2\n").arg(QString::number(dump->bytes), offsets));
  }
  showProblems(dump->problems);
  return {};
}

void FileInspection::showBatch(const log::DumpedBatch& batch, bool isQuorums, bool isFirst) {
  const bool isControl = batch.header.isControl();
  if (!isJson()) {
    write(textOf(batch) + '\n');
    for (const log::DumpedRecord& record : batch.records) write(textOf(record, isControl, isQuorums) + '\n');
    return;
  }
  QJsonObject object = jsonOf(batch);
  if (m_withRecords) {
    QJsonArray records;
    for (const log::DumpedRecord& record : batch.records) records.append(jsonOf(record, isControl, isQuorums));
    object["records"] = records;
  }
  write((isFirst ? "\n" : ",\n") + compact(object));
}

base::Status FileInspection::showOffsetIndex(const std::filesystem::path& file) {
  const auto dump = log::dumpOffsetIndex(m_storage, file);
  if (!dump) return base::fail(dump.error());
  QJsonArray entries;
  for (const log::OffsetIndexDump::Entry& entry : dump->entries) {
    if (isJson())
      entries.append(QJsonObject{{"offset", static_cast<qint64>(entry.offset)},
                                 {"position", static_cast<qint64>(entry.position)}});
    else
      write(QString("  offset %1 at %2\n").arg(entry.offset).arg(entry.position));
  }
  if (isJson()) write(",\"entries\":" + compact(entries));
  showProblems(dump->problems);
  return {};
}

base::Status FileInspection::showTimeIndex(const std::filesystem::path& file) {
  const auto dump = log::dumpTimeIndex(m_storage, file);
  if (!dump) return base::fail(dump.error());
  QJsonArray entries;
  for (const log::TimeIndexDump::Entry& entry : dump->entries) {
    if (isJson())
      entries.append(QJsonObject{{"timestamp", static_cast<qint64>(entry.timestamp)},
                                 {"offset", static_cast<qint64>(entry.offset)}});
    else
      write(QString("  time %1 at offset %2\n").arg(entry.timestamp).arg(entry.offset));
  }
  if (isJson()) write(",\"entries\":" + compact(entries));
  showProblems(dump->problems);
  return {};
}

base::Status FileInspection::showTable(const std::filesystem::path& file) {
  const auto dump = log::dumpTable(m_storage, file);
  if (!dump) return base::fail(dump.error());
  QJsonArray rows;
  for (const auto& row : dump->rows) {
    QJsonObject object;
    QStringList cells;
    for (size_t i = 0; i < row.size() && i < dump->columns.size(); ++i) {
      const QString column = QString::fromStdString(dump->columns[i]);
      object[column] = jsonCell(row[i]);
      cells << column + ' ' + shownCell(row[i]);
    }
    rows.append(object);
    if (!isJson()) write("  " + cells.join(", ") + '\n');
  }
  if (isJson()) write(",\"rows\":" + compact(rows));
  showProblems(dump->problem ? std::vector{*dump->problem} : std::vector<log::DumpProblem>{});
  return {};
}

void FileInspection::showProblems(const std::vector<log::DumpProblem>& problems) {
  m_foundDamage = m_foundDamage || !problems.empty();
  QJsonArray array;
  for (const log::DumpProblem& problem : problems) {
    const QString reason = QString::fromStdString(problem.reason);
    if (isJson())
      array.append(QJsonObject{{"atByte", static_cast<qint64>(problem.atByte)}, {"reason", reason}});
    else
      write(QString("  DAMAGED at byte %1: %2\n").arg(problem.atByte).arg(reason));
  }
  if (isJson()) write(",\"problems\":" + compact(array));
}

}  // namespace streamscope::app
