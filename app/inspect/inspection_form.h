#pragma once

#include <vector>

#include "inspect/file_summary.h"
#include "inspect/inspected_file.h"
#include "log/dump.h"

namespace streamscope::app {

/// How an inspection is written: as text or as JSON. A file is begun, gets the calls of its kind, and is ended.
class InspectionForm {
 public:
  virtual ~InspectionForm() = default;

  virtual void begin() = 0;
  virtual void beginFile(const InspectedFile& file) = 0;
  virtual void addBatch(const InspectedFile& file, const log::DumpedBatch& batch) = 0;
  virtual void finishSegment(const log::SegmentDump& dump) = 0;
  virtual void addOffsetIndex(const log::OffsetIndexDump& dump) = 0;
  virtual void addTimeIndex(const log::TimeIndexDump& dump) = 0;
  virtual void addTransactionIndex(const log::TransactionIndexDump& dump) = 0;
  virtual void addTable(const log::TableDump& dump) = 0;
  virtual void endFile(const std::vector<log::DumpProblem>& problems) = 0;
  virtual void end(uint64_t fileCount, uint64_t problemCount) = 0;

  /// Whether addDirectory wants to know what is in the files before they are shown.
  virtual bool wantsSummaries() const { return false; }
  /// Before the files of a directory.
  virtual void addDirectory(const std::filesystem::path&, const std::vector<FileSummary>&) {}
};

}  // namespace streamscope::app
