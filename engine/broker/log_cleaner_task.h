#pragma once

#include <functional>
#include <set>

#include "base/topic_partition.h"
#include "broker/broker_config.h"
#include "log/log_cleaner.h"
#include "log/log_directory.h"
#include "world/node.h"

namespace streamscope::broker {

/// Lets the log cleaner look for a dirty log, clean it and look again, and wait log.cleaner.backoff.ms when none is
/// dirty enough; what it does is in the trace. A log is cleaned in one moment of virtual time; the bytes it cost then
/// delay the next one, as log.cleaner.io.max.bytes.per.second says. One for each log directory. Kafka:
/// LogCleaner.CleanerThread.
class LogCleanerTask {
 public:
  LogCleanerTask(world::NodeContext& context, const BrokerConfig& config, log::LogDirectory& logDirectory,
                 std::function<void(const base::Error&)> onStorageFailure);

  /// Nothing happens with log.cleaner.enable=false.
  void start();
  /// While the replica is copied to another log directory.
  void pause(const base::TopicPartition& partition, bool isPaused);

 private:
  void wait(base::Duration duration);
  void work();
  /// How long the next one has to wait.
  base::Duration clean(const log::LogToClean& range, base::TimestampMs nowMs);
  void tellUncleanable();

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  log::LogDirectory& m_logDirectory;
  log::LogCleaner m_cleaner;
  std::function<void(const base::Error&)> m_onStorageFailure;
  std::set<base::TopicPartition> m_toldUncleanable;
};

}  // namespace streamscope::broker
