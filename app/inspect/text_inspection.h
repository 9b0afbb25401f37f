#pragma once

#include <cstdio>
#include <string>

#include "inspect/inspection_form.h"

namespace streamscope::app {

/// For people: every directory begins with what is wrong in it and what its files are, then the files follow.
class TextInspection : public InspectionForm {
 public:
  TextInspection(const InspectOptions& options, std::FILE* out) : m_options(options), m_out(out) {}

  void begin() override {}
  void beginFile(const InspectedFile& file) override;
  void addBatch(const InspectedFile& file, const log::DumpedBatch& batch) override;
  void finishSegment(const log::SegmentDump& dump) override;
  void addOffsetIndex(const log::OffsetIndexDump& dump) override;
  void addTimeIndex(const log::TimeIndexDump& dump) override;
  void addTransactionIndex(const log::TransactionIndexDump& dump) override;
  void addTable(const log::TableDump& dump) override;
  void endFile(const std::vector<log::DumpProblem>& problems) override;
  void end(uint64_t fileCount, uint64_t problemCount) override;
  bool wantsSummaries() const override { return true; }
  void addDirectory(const std::filesystem::path& directory, const std::vector<FileSummary>& files) override;

 private:
  void addRecord(const InspectedFile& file, const log::DumpedBatch& batch, const log::DumpedRecord& record);
  void line(const std::string& text);
  bool hasEntries() const { return m_options.withContents && m_options.withIndexEntries; }

  const InspectOptions& m_options;
  std::FILE* m_out;
  bool m_isFirst = true;
};

}  // namespace streamscope::app
