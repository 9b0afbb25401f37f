#include "log_cleaner_task.h"

#include <cmath>

#include "world/cause_scope.h"

namespace streamscope::broker {
namespace {

std::string percent(double ratio) {
  return std::to_string(std::lround(ratio * 100)) + " %";
}

std::string whyNow(const log::LogToClean& range, const log::LogConfig& config) {
  if (range.cleanableRatio() > config.minCleanableDirtyRatio)
    return percent(range.cleanableRatio()) + " of its bytes are dirty, min.cleanable.dirty.ratio is " +
           percent(config.minCleanableDirtyRatio);
  return "it has records older than max.compaction.lag.ms, " + std::to_string(config.maxCompactionLagMs);
}

}  // namespace

LogCleanerTask::LogCleanerTask(world::NodeContext& context, const BrokerConfig& config, log::LogDirectory& logDirectory,
                               std::function<void(const base::Error&)> onStorageFailure)
    : m_context(context),
      m_config(config),
      m_logDirectory(logDirectory),
      m_cleaner(logDirectory, config.cleaner),
      m_onStorageFailure(std::move(onStorageFailure)) {}

void LogCleanerTask::start() {
  if (m_config.cleaner.enable) wait(base::Duration::zero());
}

void LogCleanerTask::pause(const base::TopicPartition& partition, bool isPaused) {
  isPaused ? m_cleaner.pause(partition) : m_cleaner.resume(partition);
}

void LogCleanerTask::wait(base::Duration duration) {
  m_context.timers.after(duration, [this] { work(); });
}

void LogCleanerTask::work() {
  if (m_logDirectory.failure()) return;
  const base::Duration backoff = std::chrono::milliseconds(m_config.cleaner.backoffMs);
  const base::TimestampMs nowMs = m_context.clock.wallClockMs();
  const auto found = m_cleaner.findFilthiest(nowMs);
  if (!found) return m_onStorageFailure(found.error());
  tellUncleanable();
  wait(*found ? clean(**found, nowMs) : backoff);
}

base::Duration LogCleanerTask::clean(const log::LogToClean& range, base::TimestampMs nowMs) {
  const log::LogConfig& config = m_logDirectory.find(range.partition)->config();
  const world::CauseScope because(
      m_context.trace, m_context.trace.record(world::LogCleaningStarted{
                           m_context.self, range.partition, range.firstDirtyOffset, range.firstUncleanableOffset,
                           range.cleanBytes, range.cleanableBytes, whyNow(range, config)}));
  const auto stats = m_cleaner.clean(range, nowMs);
  if (!stats) {
    tellUncleanable();
    if (stats.error().code == base::ErrorCode::KAFKA_STORAGE_ERROR) m_onStorageFailure(stats.error());
    return std::chrono::milliseconds(m_config.cleaner.backoffMs);
  }
  m_context.trace.record(world::LogCleaned{m_context.self, range.partition, range.firstDirtyOffset, stats->endOffset,
                                           stats->messagesRead, stats->messagesWritten, stats->bytesRead,
                                           stats->bytesWritten, stats->keys, stats->segmentsBefore,
                                           stats->segmentsAfter});
  const auto bytes = static_cast<double>(stats->mapBytesRead + stats->bytesRead + stats->bytesWritten);
  const double waitMs = bytes * 1000 / m_config.cleaner.ioMaxBytesPerSecond;
  return std::chrono::milliseconds(std::llround(waitMs));
}

void LogCleanerTask::tellUncleanable() {
  const auto& uncleanable = m_cleaner.uncleanable();
  std::erase_if(m_toldUncleanable, [&](const base::TopicPartition& name) { return !uncleanable.contains(name); });
  for (const auto& [name, error] : uncleanable)
    if (m_toldUncleanable.insert(name).second)
      m_context.trace.record(world::LogCleaningFailed{m_context.self, name, error.message});
}

}  // namespace streamscope::broker
