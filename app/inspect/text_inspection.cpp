#include "inspect/text_inspection.h"

#include <algorithm>

#include "inspect/batch_names.h"
#include "inspect/text_columns.h"

namespace streamscope::app {
namespace {

std::string_view shownKind(log::ProblemKind kind) {
  switch (kind) {
    case log::ProblemKind::TornTail:
      return "TORN TAIL";
    case log::ProblemKind::Damage:
      return "DAMAGED";
    case log::ProblemKind::Mismatch:
      return "MISMATCH";
  }
  return {};
}

std::string shown(const log::DumpProblem& problem) {
  return std::string(shownKind(problem.kind)) + " at byte " + std::to_string(problem.atByte) + ": " + problem.reason;
}

std::string range(int64_t first, int64_t last) {
  return std::to_string(first) + ".." + std::to_string(last);
}

/// What is special about a batch, each with a comma before it.
std::string shownSpecials(const log::DumpedBatch& batch) {
  const log::BatchHeader& header = batch.header;
  std::string text;
  if (header.isLogAppendTime()) text += ", log append time";
  if (header.producerId >= 0)
    text += ", producer " + std::to_string(header.producerId) + " epoch " + std::to_string(header.producerEpoch);
  if (header.baseSequence >= 0) text += " sequences " + range(header.baseSequence, header.lastSequence());
  if (header.isTransactional()) text += ", transactional";
  if (header.isControl()) text += ", control";
  if (header.hasDeleteHorizon()) text += ", delete horizon " + shownTime(header.baseTimestamp);
  return text;
}

std::string shownState(const log::DumpedFileName& name) {
  return name.state == log::FileState::InUse ? std::string() : " (" + std::string(log::fileStateName(name.state)) + ')';
}

std::string titleOf(const std::filesystem::path& directory, const std::vector<FileSummary>& files) {
  std::string title = directory.generic_string();
  if (files.empty() || !files.front().file.replica) return title;
  const log::DumpedDirectoryName& replica = *files.front().file.replica;
  title += ": replica of " + replica.partition.topic + ", partition " + std::to_string(replica.partition.partition);
  return replica.state.empty() ? title : title + " (" + std::string(replica.state) + ')';
}

}  // namespace

void TextInspection::line(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), m_out);
  std::fputc('\n', m_out);
}

void TextInspection::addDirectory(const std::filesystem::path& directory, const std::vector<FileSummary>& files) {
  line((std::exchange(m_isFirst, false) ? "" : "\n") + titleOf(directory, files));
  for (const FileSummary& file : files) {
    for (const log::DumpProblem& problem : file.problems)
      line("  " + file.file.path.filename().string() + ": " + shown(problem));
  }
  TextColumns columns;
  for (const FileSummary& file : files) {
    const std::string kind = std::string(log::fileKindName(file.file.name.kind)) + shownState(file.file.name);
    columns.addRow(
        {"  " + file.file.path.filename().string(), kind, std::to_string(file.bytes), "bytes", file.contents});
  }
  for (const std::string& text : columns.lines()) line(text);
}

void TextInspection::beginFile(const InspectedFile& file) {
  if (!m_options.withContents) return;
  std::string title =
      file.path.generic_string() + ": " + std::string(log::fileKindName(file.name.kind)) + shownState(file.name);
  if (file.decoder) title += ", records of " + std::string(protocol::nameOf(*file.decoder));
  line((std::exchange(m_isFirst, false) ? "" : "\n") + title);
}

void TextInspection::addBatch(const InspectedFile& file, const log::DumpedBatch& batch) {
  if (!m_options.withContents) return;
  const log::BatchHeader& header = batch.header;
  line("  batch at " + std::to_string(batch.position) + ": offsets " + range(header.baseOffset, header.lastOffset()) +
       ", " + std::to_string(header.recordCount) + (header.recordCount == 1 ? " record" : " records") +
       ", leader epoch " + std::to_string(header.partitionLeaderEpoch) + ", " +
       std::string(codecName(header.compression())) + ", " + std::to_string(header.sizeInBytes) + " bytes, " +
       shownTime(header.maxTimestamp) + ", crc " + (batch.isChecksumValid ? "ok" : "WRONG") + shownSpecials(batch));
  if (batch.recordProblem) line("    records cannot be read: " + *batch.recordProblem);
  for (const log::DumpedRecord& record : batch.records) addRecord(file, batch, record);
}

void TextInspection::addRecord(const InspectedFile& file, const log::DumpedBatch& batch,
                               const log::DumpedRecord& record) {
  std::string text = "    ";
  if (m_options.withRecordMetadata) {
    text += std::to_string(record.offset) + "  " + shownTime(record.timestamp) + "  ";
    if (record.sequence >= 0) text += "seq " + std::to_string(record.sequence) + "  ";
  }
  if (batch.header.isControl()) return line(text + decodeControl(record));
  const DecodedRecord decoded = decodeRecord(file, batch, record);
  if (!decoded.value.empty()) return line(text + (decoded.key.empty() ? "" : decoded.key + " -> ") + decoded.value);
  text += shownBytes(record.key) + " -> " + shownBytes(record.value);
  if (m_options.withRecordMetadata) {
    for (const log::RecordHeader& header : record.headers) {
      const base::ByteView key = base::asBytes(header.key);
      text += "  [" + shownBytes(base::Bytes(key.begin(), key.end())) + ": " + shownBytes(header.value) + ']';
    }
  }
  if (!decoded.problem.empty()) text += "  (not decoded: " + decoded.problem + ')';
  line(text);
}

void TextInspection::finishSegment(const log::SegmentDump& dump) {
  if (m_options.withContents) line("  " + std::to_string(dump.bytes) + " bytes, " + contentsOf(dump));
}

void TextInspection::addOffsetIndex(const log::OffsetIndexDump& dump) {
  if (!m_options.withContents) return;
  TextColumns columns;
  if (hasEntries()) {
    for (const log::OffsetIndexDump::Entry& entry : dump.entries)
      columns.addRow({"  offset", std::to_string(entry.offset), "position", std::to_string(entry.position)});
  }
  for (const std::string& text : columns.lines()) line(text);
  line("  " + contentsOf(dump));
}

void TextInspection::addTimeIndex(const log::TimeIndexDump& dump) {
  if (!m_options.withContents) return;
  TextColumns columns;
  if (hasEntries()) {
    for (const log::TimeIndexDump::Entry& entry : dump.entries)
      columns.addRow(
          {"  " + shownTime(entry.timestamp), std::to_string(entry.timestamp), "offset", std::to_string(entry.offset)});
  }
  for (const std::string& text : columns.lines()) line(text);
  line("  " + contentsOf(dump));
}

void TextInspection::addTransactionIndex(const log::TransactionIndexDump& dump) {
  if (!m_options.withContents) return;
  TextColumns columns;
  if (hasEntries()) {
    for (const log::AbortedTransaction& entry : dump.entries)
      columns.addRow({"  producer", std::to_string(entry.producerId), "aborted offsets",
                      range(entry.firstOffset, entry.lastOffset), "last stable offset",
                      std::to_string(entry.lastStableOffset)});
  }
  for (const std::string& text : columns.lines()) line(text);
  line("  " + contentsOf(dump));
}

void TextInspection::addTable(const log::TableDump& dump) {
  if (!m_options.withContents || dump.rows.empty()) return;
  TextColumns columns;
  std::vector<std::string> heading = dump.columns;
  heading.front().insert(0, "  ");
  const bool hasHeading = dump.columns.size() > 2 || dump.columns.front() != "key";
  if (hasHeading) columns.addRow(heading);
  for (const auto& row : dump.rows) {
    std::vector<std::string> cells;
    for (const log::TableDump::Cell& cell : row) {
      const auto* number = std::get_if<int64_t>(&cell);
      cells.push_back(number != nullptr ? std::to_string(*number) : std::get<std::string>(cell));
    }
    cells.front().insert(0, "  ");
    columns.addRow(std::move(cells));
  }
  for (const std::string& text : columns.lines()) line(text);
}

void TextInspection::endFile(const std::vector<log::DumpProblem>& problems) {
  if (!m_options.withContents) return;
  for (const log::DumpProblem& problem : problems) line("  " + shown(problem));
}

void TextInspection::end(uint64_t fileCount, uint64_t problemCount) {
  line("\n" + std::to_string(fileCount) + (fileCount == 1 ? " file, " : " files, ") +
       (problemCount == 0 ? std::string("no problems")
                          : std::to_string(problemCount) + (problemCount == 1 ? " problem" : " problems")));
  std::fflush(m_out);
}

}  // namespace streamscope::app
