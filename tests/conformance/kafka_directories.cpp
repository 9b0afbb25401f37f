#include "kafka_directories.h"

#include <QTest>
#include <filesystem>

namespace streamscope::conformance {

QString KafkaDirectory::path() const {
  return qEnvironmentVariable("STREAMSCOPE_KAFKA_DIRECTORIES") + '/' + name;
}

void oneRowForEachKafkaDirectory() {
  QTest::addColumn<QString>("name");
  for (const char* name : {"clean", "unclean"}) QTest::newRow(name) << QString(name);
}

bool copyDirectory(const QString& from, const QString& to) {
  std::error_code error;
  std::filesystem::copy(from.toStdString(), to.toStdString(), std::filesystem::copy_options::recursive, error);
  if (error) qWarning("cannot copy %s: %s", qPrintable(from), error.message().c_str());
  return !error;
}

}  // namespace streamscope::conformance
