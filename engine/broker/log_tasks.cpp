#include "log_tasks.h"

#include <algorithm>
#include <utility>

#include "retention_reasons.h"
#include "world/cause_scope.h"

namespace streamscope::broker {

LogTasks::LogTasks(world::NodeContext& context, const BrokerConfig& config, log::LogDirectory& logDirectory,
                   std::function<void(const base::Error&)> onStorageFailure)
    : m_context(context),
      m_config(config),
      m_logDirectory(logDirectory),
      m_onStorageFailure(std::move(onStorageFailure)) {}

LogTasks::~LogTasks() {
  m_logDirectory.onAwaitingFlush({});
  m_logDirectory.onAwaitingRemoval({});
}

void LogTasks::start() {
  const base::Duration first = m_config.logInitialTaskDelay;
  every(first, m_config.logRetentionCheckInterval, &LogTasks::deleteOldSegments);
  if (m_config.logFlushSchedulerInterval) every(first, *m_config.logFlushSchedulerInterval, &LogTasks::flushDirtyLogs);
  every(first, m_config.logFlushOffsetCheckpointInterval, &LogTasks::writeRecoveryPoints);
  every(first, m_config.logFlushStartOffsetCheckpointInterval, &LogTasks::writeLogStartOffsets);
  every(m_config.producerIdExpirationCheckInterval, m_config.producerIdExpirationCheckInterval,
        &LogTasks::removeExpiredProducers);
  m_logDirectory.onAwaitingFlush([this](const base::TopicPartition& partition) { awaitFlush(partition); });
  for (const base::TopicPartition& partition : m_logDirectory.partitions())
    if (m_logDirectory.find(partition)->hasEndedSegmentsToFlush()) awaitFlush(partition);
  m_logDirectory.onAwaitingRemoval([this](base::TimestampMs removeAtMs) { awaitRemoval(removeAtMs); });
  if (const auto due = m_logDirectory.nextRemoval()) awaitRemoval(*due);
}

void LogTasks::every(base::Duration first, base::Duration interval, Task task) {
  m_context.timers.after(first, [this, interval, task] {
    if (m_logDirectory.failure()) return;
    (this->*task)();
    every(interval, interval, task);
  });
}

bool LogTasks::check(const base::Status& status) {
  if (!status) m_onStorageFailure(status.error());
  return status.has_value();
}

// Retention.

void LogTasks::deleteOldSegments() {
  for (const base::TopicPartition& name : m_logDirectory.partitions()) deleteOldSegments(*m_logDirectory.find(name));
}

void LogTasks::deleteOldSegments(log::PartitionLog& log) {
  const base::TimestampMs nowMs = m_context.clock.wallClockMs();
  const base::Offset startBefore = log.logStartOffset();
  const auto outcome = log.deleteOldSegments(nowMs);
  if (!outcome) return m_onStorageFailure(outcome.error());
  if (outcome->deleted.empty()) return;
  world::Trace& trace = m_context.trace;
  if (outcome->rolledTo != base::kNoOffset)
    trace.record(world::SegmentRolled{m_context.self, log.partition(), outcome->rolledTo,
                                      whyRolled(log::RollReason::Retention, log.config())});
  if (log.logStartOffset() != startBefore)
    trace.record(world::LogStartOffsetMoved{m_context.self, log.partition(), startBefore, log.logStartOffset(),
                                            "segment deletion"});
  for (const log::DeletedSegment& segment : outcome->deleted)
    m_lastDeletions[log.partition()] =
        trace.record(world::SegmentDeleted{m_context.self, log.partition(), segment.baseOffset, segment.endOffset,
                                           segment.bytes, whyDeleted(segment, log.config(), startBefore, nowMs)});
}

// Stable storage.

void LogTasks::flushDirtyLogs() {
  const base::TimestampMs nowMs = m_context.clock.wallClockMs();
  for (const base::TopicPartition& name : m_logDirectory.partitions())
    if (!check(m_logDirectory.find(name)->flushIfDue(nowMs))) return;
  for (const base::TopicPartition& name : m_logDirectory.futurePartitions())
    if (!check(m_logDirectory.findFuture(name)->flushIfDue(nowMs))) return;
}

void LogTasks::awaitFlush(const base::TopicPartition& partition) {
  m_context.timers.after(base::Duration::zero(), [this, partition] {
    log::PartitionLog* log = m_logDirectory.find(partition);
    if (log == nullptr) log = m_logDirectory.findFuture(partition);
    if (log != nullptr) check(log->flushEndedSegments());
  });
}

void LogTasks::writeRecoveryPoints() {
  check(m_logDirectory.writeRecoveryPoints());
}

void LogTasks::writeLogStartOffsets() {
  check(m_logDirectory.writeLogStartOffsets());
}

void LogTasks::removeExpiredProducers() {
  const base::TimestampMs nowMs = m_context.clock.wallClockMs();
  for (const base::TopicPartition& name : m_logDirectory.partitions())
    m_logDirectory.find(name)->removeExpiredProducers(nowMs);
}

// Deleted files.

void LogTasks::awaitRemoval(base::TimestampMs removeAtMs) {
  if (removeAtMs >= m_removalDueMs) return;
  m_context.timers.cancel(m_removalTimer);
  m_removalDueMs = removeAtMs;
  const base::TimestampMs waitMs = std::max<base::TimestampMs>(0, removeAtMs - m_context.clock.wallClockMs());
  m_removalTimer = m_context.timers.after(std::chrono::milliseconds(waitMs), [this] {
    m_removalTimer = 0;
    m_removalDueMs = INT64_MAX;
    removeDeletedFiles();
  });
}

void LogTasks::removeDeletedFiles() {
  const auto removals = m_logDirectory.removeDue(m_context.clock.wallClockMs());
  if (!removals) return m_onStorageFailure(removals.error());
  for (const log::LogDirectory::Removal& removal : *removals) {
    const auto deletion = m_lastDeletions.find(removal.partition);
    const world::CauseScope because(
        m_context.trace, deletion == m_lastDeletions.end() ? m_context.trace.currentCause() : deletion->second);
    m_context.trace.record(world::DeletedFilesRemoved{m_context.self, removal.partition, removal.names.front(),
                                                      static_cast<int32_t>(removal.names.size())});
    if (removal.isDirectory) m_lastDeletions.erase(removal.partition);
  }
  if (const auto due = m_logDirectory.nextRemoval()) awaitRemoval(*due);
}

}  // namespace streamscope::broker
