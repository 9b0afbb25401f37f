#include "inspect/inspection.h"

namespace streamscope::app {

InspectedFile Inspection::described(const std::filesystem::path& path) const {
  return describeFile(path, (m_storage.root() / path).lexically_normal(), m_options);
}

base::Status Inspection::show(const std::vector<std::filesystem::path>& files, bool isDirectory) {
  m_form.begin();
  for (size_t i = 0; i < files.size(); ++i) {
    const bool beginsDirectory = i == 0 || files[i].parent_path() != files[i - 1].parent_path();
    if ((isDirectory || !m_options.withContents) && beginsDirectory && m_form.wantsSummaries()) {
      if (const auto shown = showSummaries(files, i); !shown) return shown;
    }
    if (const auto shown = showFile(described(files[i])); !shown) return shown;
  }
  m_form.end(files.size(), m_problemCount);
  return {};
}

base::Status Inspection::showSummaries(const std::vector<std::filesystem::path>& files, size_t first) {
  const std::filesystem::path directory = files[first].parent_path();
  std::vector<FileSummary> summaries;
  for (size_t i = first; i < files.size() && files[i].parent_path() == directory; ++i) {
    auto summary = summarize(m_storage, described(files[i]), m_options);
    if (!summary) return base::fail(summary.error());
    summaries.push_back(std::move(*summary));
  }
  m_form.addDirectory(directory.empty() ? "." : directory, summaries);
  return {};
}

void Inspection::endFile(const std::vector<log::DumpProblem>& problems) {
  m_problemCount += problems.size();
  m_form.endFile(problems);
}

base::Status Inspection::showSegment(const InspectedFile& file) {
  log::SegmentDumpOptions options;
  options.withRecords = m_options.withRecords;
  options.withRecordFields = m_options.withFields;
  options.bytesMax = m_options.bytesMax;
  const auto dump = log::dumpSegment(m_storage, file.path, options, [&](const log::DumpedBatch& batch) {
    m_form.addBatch(file, batch);
    return true;
  });
  if (!dump) return base::fail(dump.error());
  m_form.finishSegment(*dump);
  endFile(dump->problems);
  return {};
}

base::Status Inspection::showFile(const InspectedFile& file) {
  m_form.beginFile(file);
  if (log::hasBatches(file.name.kind)) return showSegment(file);
  const auto showIndex = [&](const auto& dump, auto add) -> base::Status {
    if (!dump) return base::fail(dump.error());
    (m_form.*add)(*dump);
    endFile(dump->problems);
    return {};
  };
  switch (file.name.kind) {
    case log::FileKind::OffsetIndex:
      return showIndex(log::dumpOffsetIndex(m_storage, file.path), &InspectionForm::addOffsetIndex);
    case log::FileKind::TimeIndex:
      return showIndex(log::dumpTimeIndex(m_storage, file.path), &InspectionForm::addTimeIndex);
    case log::FileKind::TransactionIndex:
      return showIndex(log::dumpTransactionIndex(m_storage, file.path), &InspectionForm::addTransactionIndex);
    default:
      break;
  }
  const auto dump = log::dumpTable(m_storage, file.path);
  if (!dump) return base::fail(dump.error());
  m_form.addTable(*dump);
  endFile(dump->problem ? std::vector{*dump->problem} : std::vector<log::DumpProblem>{});
  return {};
}

}  // namespace streamscope::app
