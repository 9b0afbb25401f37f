#include "log/log_cleaner.h"

namespace streamscope::log {

base::Error LogCleaner::noteUncleanable(const base::TopicPartition& partition, const base::Error& error) {
  if (error.code != base::ErrorCode::KAFKA_STORAGE_ERROR) m_uncleanable.insert_or_assign(partition, error);
  return error;
}

base::Result<std::optional<LogToClean>> LogCleaner::findFilthiest(base::TimestampMs nowMs) {
  std::erase_if(m_uncleanable, [this](const auto& entry) { return m_directory.find(entry.first) == nullptr; });
  std::optional<LogToClean> filthiest;
  for (const base::TopicPartition& name : m_directory.partitions()) {
    const PartitionLog& log = *m_directory.find(name);
    if (!log.config().cleanupCompact || m_uncleanable.contains(name) || m_paused.contains(name)) continue;
    const auto range = log.examineForCleaning(m_directory.cleanerOffset(name), nowMs);
    if (!range) {
      const base::Error error = noteUncleanable(name, range.error());
      if (error.code == base::ErrorCode::KAFKA_STORAGE_ERROR) return base::fail(error);
      continue;
    }
    if (range->isCheckpointInvalid)
      if (auto status = m_directory.writeCleanerOffset(name, range->firstDirtyOffset); !status)
        return base::fail(std::move(status).error());
    const bool isDirtyEnough = range->cleanableRatio() > log.config().minCleanableDirtyRatio ||
                               (range->needsCompactionNow && range->cleanableBytes > 0);
    if (isDirtyEnough && (!filthiest || range->cleanableRatio() > filthiest->cleanableRatio())) filthiest = *range;
  }
  return filthiest;
}

base::Result<CleanerStats> LogCleaner::clean(const LogToClean& range, base::TimestampMs nowMs) {
  PartitionLog* const log = m_directory.find(range.partition);
  if (log == nullptr)
    return base::fail(base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                      range.partition.toString() + " is not in this log directory; there is nothing to clean.");
  auto stats = log->clean(range, m_config, nowMs);
  if (!stats) return base::fail(noteUncleanable(range.partition, stats.error()));
  if (auto status = m_directory.writeCleanerOffset(range.partition, stats->endOffset); !status)
    return base::fail(std::move(status).error());
  return stats;
}

}  // namespace streamscope::log
