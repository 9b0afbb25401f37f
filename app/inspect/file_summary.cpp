#include "inspect/file_summary.h"

namespace streamscope::app {
namespace {

std::string counted(uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string entriesAndPadding(size_t entries, uint64_t paddingBytes) {
  std::string text = counted(entries, "entry", "entries");
  if (paddingBytes > 0) text += ", " + std::to_string(paddingBytes) + " bytes of zeros behind them";
  return text;
}

template <class Dump>
base::Status takeIn(const base::Result<Dump>& dump, FileSummary& summary) {
  if (!dump) return base::fail(dump.error());
  summary.contents = contentsOf(*dump);
  if constexpr (requires { dump->problems; })
    summary.problems = dump->problems;
  else if (dump->problem)
    summary.problems = {*dump->problem};
  return {};
}

base::Status takeIn(storage::Storage& storage, const InspectOptions& options, FileSummary& summary) {
  const std::filesystem::path& path = summary.file.path;
  if (log::hasBatches(summary.file.name.kind)) {
    log::SegmentDumpOptions segmentOptions;
    segmentOptions.withRecords = options.withRecords;
    segmentOptions.bytesMax = options.bytesMax;
    return takeIn(log::dumpSegment(storage, path, segmentOptions, [](const log::DumpedBatch&) { return true; }),
                  summary);
  }
  switch (summary.file.name.kind) {
    case log::FileKind::OffsetIndex:
      return takeIn(log::dumpOffsetIndex(storage, path), summary);
    case log::FileKind::TimeIndex:
      return takeIn(log::dumpTimeIndex(storage, path), summary);
    case log::FileKind::TransactionIndex:
      return takeIn(log::dumpTransactionIndex(storage, path), summary);
    default:
      return takeIn(log::dumpTable(storage, path), summary);
  }
}

}  // namespace

std::string contentsOf(const log::SegmentDump& dump) {
  std::string text =
      counted(dump.batchCount, "batch", "batches") + ", " + counted(dump.recordCount, "record", "records");
  if (dump.firstOffset != base::kNoOffset)
    text += ", offsets " + std::to_string(dump.firstOffset) + " to " + std::to_string(dump.endOffset - 1);
  if (dump.offsetGapCount > 0) text += ", " + counted(dump.offsetGapCount, "gap", "gaps") + " in them";
  if (dump.paddingBytes > 0) text += ", " + std::to_string(dump.paddingBytes) + " bytes of zeros behind the last batch";
  return text;
}

std::string contentsOf(const log::OffsetIndexDump& dump) {
  return entriesAndPadding(dump.entries.size(), dump.paddingBytes);
}

std::string contentsOf(const log::TimeIndexDump& dump) {
  return entriesAndPadding(dump.entries.size(), dump.paddingBytes);
}

std::string contentsOf(const log::TransactionIndexDump& dump) {
  return counted(dump.entries.size(), "aborted transaction", "aborted transactions");
}

std::string contentsOf(const log::TableDump& dump) {
  return counted(dump.rows.size(), "line", "lines");
}

base::Result<FileSummary> summarize(storage::Storage& storage, const InspectedFile& file,
                                    const InspectOptions& options) {
  FileSummary summary;
  summary.file = file;
  const auto opened = storage.open(file.path, storage::OpenMode::ReadOnly);
  if (!opened) return base::fail(storage::toError(opened.error()));
  summary.bytes = (*opened)->size();
  if (const auto read = takeIn(storage, options, summary); !read) return base::fail(read.error());
  return summary;
}

}  // namespace streamscope::app
