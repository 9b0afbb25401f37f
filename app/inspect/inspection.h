#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "inspect/inspection_form.h"
#include "storage/posix_storage.h"

namespace streamscope::app {

/// Reads files of a log directory one after the other and hands what is in them to a form. Large files are never whole
/// in memory.
class Inspection {
 public:
  Inspection(storage::PosixStorage& storage, InspectionForm& form, const InspectOptions& options)
      : m_storage(storage), m_form(form), m_options(options) {}

  /// Files of kinds that log::filesIn finds, those of one directory behind each other. `isDirectory`: a directory was
  /// asked for, not one file.
  base::Status show(const std::vector<std::filesystem::path>& files, bool isDirectory);
  bool foundProblems() const { return m_problemCount > 0; }

 private:
  InspectedFile described(const std::filesystem::path& path) const;
  base::Status showSummaries(const std::vector<std::filesystem::path>& files, size_t first);
  base::Status showFile(const InspectedFile& file);
  base::Status showSegment(const InspectedFile& file);
  void endFile(const std::vector<log::DumpProblem>& problems);

  storage::PosixStorage& m_storage;
  InspectionForm& m_form;
  const InspectOptions& m_options;
  uint64_t m_problemCount = 0;
};

}  // namespace streamscope::app
