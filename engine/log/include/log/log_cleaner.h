#pragma once

#include <map>
#include <optional>
#include <set>

#include "base/result.h"
#include "base/topic_partition.h"
#include "log/cleaner_config.h"
#include "log/log_directory.h"
#include "log/log_to_clean.h"

namespace streamscope::log {

/// Chooses which log of a directory is cleaned next, and cleans it; when, is the broker's business. One log at a time,
/// as with log.cleaner.threads=1, and each as a whole: nothing else happens to a log meanwhile, so that there is no
/// cleaning to abort. Kafka: LogCleaner with LogCleanerManager.
class LogCleaner {
 public:
  /// `directory` must outlive this object.
  LogCleaner(LogDirectory& directory, const CleanerConfig& config) : m_directory(directory), m_config(config) {}

  /// The compacted log with the highest ratio above its min.cleanable.dirty.ratio, or with records that
  /// max.compaction.lag.ms no longer lets wait; none when no log is dirty enough. KAFKA_STORAGE_ERROR.
  base::Result<std::optional<LogToClean>> findFilthiest(base::TimestampMs nowMs);

  /// Cleans what `findFilthiest` found, at once, and notes how far it came in cleaner-offset-checkpoint. When something
  /// in the log cannot be read the partition counts as uncleanable until the broker starts again, and the error says
  /// why; KAFKA_STORAGE_ERROR is the directory's failure.
  base::Result<CleanerStats> clean(const LogToClean& range, base::TimestampMs nowMs);

  /// Passed over until it is resumed. Kafka: LogManager.abortAndPauseCleaning.
  void pause(const base::TopicPartition& partition) { m_paused.insert(partition); }
  void resume(const base::TopicPartition& partition) { m_paused.erase(partition); }

  /// Partitions that are passed over, and why (Kafka's metric uncleanable-partitions-count).
  const std::map<base::TopicPartition, base::Error>& uncleanable() const { return m_uncleanable; }

 private:
  base::Error noteUncleanable(const base::TopicPartition& partition, const base::Error& error);

  LogDirectory& m_directory;
  CleanerConfig m_config;
  std::map<base::TopicPartition, base::Error> m_uncleanable;
  std::set<base::TopicPartition> m_paused;
};

}  // namespace streamscope::log
