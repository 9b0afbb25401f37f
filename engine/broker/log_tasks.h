#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "base/topic_partition.h"
#include "broker/broker_config.h"
#include "log/log_directory.h"
#include "world/node.h"

namespace streamscope::broker {

/// What a broker does with the logs of one directory from time to time, whoever leads them: retention, flushing,
/// checkpoints, expiry of producer ids, unlinking deleted files. Kafka: LogManager's scheduled tasks. One timer for
/// each task, whatever the number of partitions.
class LogTasks {
 public:
  LogTasks(world::NodeContext& context, const BrokerConfig& config, log::LogDirectory& logDirectory,
           std::function<void(const base::Error&)> onStorageFailure);
  ~LogTasks();

  /// The first round comes after log.initial.task.delay.ms.
  void start();
  /// Retention of one log, told in the trace.
  void deleteOldSegments(log::PartitionLog& log);

 private:
  using Task = void (LogTasks::*)();

  void every(base::Duration first, base::Duration interval, Task task);
  void deleteOldSegments();
  void flushDirtyLogs();
  /// In an event of its own (Kafka: the task "flush-log").
  void awaitFlush(const base::TopicPartition& partition);
  void writeRecoveryPoints();
  void writeLogStartOffsets();
  void removeExpiredProducers();

  void awaitRemoval(base::TimestampMs removeAtMs);
  void removeDeletedFiles();

  /// False when it failed; the broker is about to halt then.
  bool check(const base::Status& status);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  log::LogDirectory& m_logDirectory;
  std::function<void(const base::Error&)> m_onStorageFailure;

  /// When the pending timer of `removeDeletedFiles` rings; INT64_MAX without one.
  base::TimestampMs m_removalDueMs = INT64_MAX;
  world::TimerId m_removalTimer = 0;
  /// The event by which each log last lost a segment: the cause of its files' removal.
  std::map<base::TopicPartition, world::EventId> m_lastDeletions;
};

}  // namespace streamscope::broker
