#include <utility>

#include "base/assert.h"
#include "log_directory_impl.h"
#include "replica_directory_name.h"

// Copies of replicas on their way to this directory from another one of the same broker. Source: KIP-113; Kafka's
// LogManager (futureLogs, replaceCurrentWithFutureLog).

namespace streamscope::log {

PartitionLog* LogDirectory::findFuture(const base::TopicPartition& partition) const {
  return m_impl->find(partition, true);
}

std::vector<base::TopicPartition> LogDirectory::futurePartitions() const {
  return m_impl->partitions(true);
}

base::Result<PartitionLog*> LogDirectory::createFuture(const base::TopicPartition& partition, const base::Uuid& topicId,
                                                       const base::Uuid& uniqueId, const LogConfig& config,
                                                       base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  STREAMSCOPE_ASSERT(!impl.logs.contains(partition));
  if (impl.state->failure) return base::fail(*impl.state->failure);
  const auto name = futureDirectoryName(partition, uniqueId);
  if (!name) return base::fail(name.error());
  if (auto status = impl.forgetOffsets(partition); !status) return base::fail(std::move(status).error());
  PartitionLog::OpenOptions options = impl.openOptions(partition, config, nowMs);
  options.topicId = topicId;
  RecoveryReport report;
  auto log = PartitionLog::open(impl.storage, *name, options, report);
  if (!log) return base::fail(std::move(log).error());
  impl.futures.insert(partition);
  return impl.logs.emplace(partition, std::move(*log)).first->second.get();
}

base::Result<PartitionLog*> LogDirectory::promoteFuture(const base::TopicPartition& partition,
                                                        base::Offset highWatermark, base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  STREAMSCOPE_ASSERT(findFuture(partition) != nullptr);
  if (impl.state->failure) return base::fail(*impl.state->failure);
  const auto future = impl.logs.find(partition);
  const LogConfig config = future->second->config();
  const std::filesystem::path directory = future->second->directory();
  // Closed, because not every system renames a directory with open files in it.
  if (auto status = future->second->close(); !status) return base::fail(std::move(status).error());
  PartitionLog::OpenOptions options = impl.openOptions(partition, config, nowMs);
  options.cleanShutdown = true;
  options.recoveryPoint = future->second->logEndOffset();
  options.logStartOffset = future->second->logStartOffset();
  impl.logs.erase(future);
  impl.futures.erase(partition);
  const std::string name = partition.toString();
  if (auto status = impl.statusOf(impl.storage.rename(directory, name)); !status) return base::fail(status.error());
  if (auto status = impl.statusOf(impl.storage.syncDirectory("")); !status) return base::fail(status.error());
  RecoveryReport report;
  auto log = PartitionLog::open(impl.storage, name, options, report);
  if (!log) return base::fail(std::move(log).error());
  PartitionLog& replica = *impl.logs.emplace(partition, std::move(*log)).first->second;
  replica.setHighWatermark(highWatermark);
  if (auto status = impl.writeOffsetCheckpoints(); !status) return base::fail(std::move(status).error());
  return &replica;
}

base::Status LogDirectory::removeFuture(const base::TopicPartition& partition, base::TimestampMs nowMs) {
  return findFuture(partition) == nullptr ? base::Status{} : m_impl->doom(partition, nowMs);
}

}  // namespace streamscope::log
