#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "inspect/inspected_file.h"
#include "log/dump.h"
#include "storage/storage.h"

namespace streamscope::app {

/// One file in a line.
struct FileSummary {
  InspectedFile file;
  uint64_t bytes = 0;
  /// "3 batches, 10 records, offsets 0 to 9".
  std::string contents;
  std::vector<log::DumpProblem> problems;
};

/// Reads the file whole, records too when these are asked for.
base::Result<FileSummary> summarize(storage::Storage& storage, const InspectedFile& file,
                                    const InspectOptions& options);

std::string contentsOf(const log::SegmentDump& dump);
std::string contentsOf(const log::OffsetIndexDump& dump);
std::string contentsOf(const log::TimeIndexDump& dump);
std::string contentsOf(const log::TransactionIndexDump& dump);
std::string contentsOf(const log::TableDump& dump);

}  // namespace streamscope::app
