#pragma once

#include <QJsonObject>
#include <QString>
#include <filesystem>

#include "base/result.h"
#include "log/dump.h"
#include "storage/posix_storage.h"

namespace streamscope::app {

/// Writes what is in the files of a log directory to standard output, one file after the other: as text for people, or
/// as one JSON document {"files": [...]}. Large files are never whole in memory.
class FileInspection {
 public:
  enum class Form { Text, Json };

  FileInspection(storage::PosixStorage& storage, Form form, bool withRecords)
      : m_storage(storage), m_form(form), m_withRecords(withRecords) {}

  void begin();
  /// One file of a kind that log::filesIn finds.
  base::Status show(const std::filesystem::path& file);
  void end();
  bool foundDamage() const { return m_foundDamage; }

 private:
  base::Status showSegment(const std::filesystem::path& file);
  base::Status showOffsetIndex(const std::filesystem::path& file);
  base::Status showTimeIndex(const std::filesystem::path& file);
  base::Status showTable(const std::filesystem::path& file);
  void showBatch(const log::DumpedBatch& batch, bool isQuorums, bool isFirst);
  void showProblems(const std::vector<log::DumpProblem>& problems);
  void write(const QString& text);
  bool isJson() const { return m_form == Form::Json; }

  storage::PosixStorage& m_storage;
  const Form m_form;
  const bool m_withRecords;
  bool m_isFirstFile = true;
  bool m_foundDamage = false;
};

}  // namespace streamscope::app
