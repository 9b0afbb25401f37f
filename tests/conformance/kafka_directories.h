#pragma once

#include <QString>
#include <QStringList>

namespace streamscope::conformance {

/// What a real broker left behind, made once for all tests that read it (fill_kafka_directories.cpp). Tests must not
/// change it: they work on copies.
struct KafkaDirectory {
  /// "clean": stopped by SIGTERM. "unclean": a second life, ended by SIGKILL. "recovered": a third life on that, which
  /// only recovered, stopped by SIGTERM; no consumer read from it.
  QString name;

  QString path() const;
  QString dataPath() const { return path() + "/data"; }
  /// What Kafka's consumer read from the running broker, in the form of ReadTopics.java.
  QString readPath(const QString& isolationLevel) const { return path() + '/' + isolationLevel + ".txt"; }
};

/// Data rows of a test: column `name`, the directories a consumer read from.
void oneRowForEachKafkaDirectory();

/// Copies a directory with everything in it; false when something could not be.
bool copyDirectory(const QString& from, const QString& to);

}  // namespace streamscope::conformance
