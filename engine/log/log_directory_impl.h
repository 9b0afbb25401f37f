#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checkpoint_file.h"
#include "directory_state.h"
#include "log/log_directory.h"

namespace streamscope::log {

/// What the parts of LogDirectory share (log_directory.cpp, log_directory_future.cpp).
struct LogDirectory::Impl {
  using RetiredDirectoryName = std::string(const base::TopicPartition&, const base::Uuid& uniqueId);

  Impl(storage::Storage& withStorage, const DirectoryIdentity& withIdentity, int64_t withDeleteDelayMs)
      : storage(withStorage), identity(withIdentity), deleteDelayMs(withDeleteDelayMs) {}

  storage::Storage& storage;
  DirectoryIdentity identity;
  std::shared_ptr<DirectoryState> state = std::make_shared<DirectoryState>();
  /// Replicas and copies on their way here: of one partition there is only one of the two.
  std::map<base::TopicPartition, std::unique_ptr<PartitionLog>> logs;
  /// Which of them are the copies.
  std::set<base::TopicPartition> futures;
  int64_t previousBrokerEpoch = -1;
  bool isLoaded = false;

  /// A replica's directory that waits to be removed, by its name.
  struct Doomed {
    base::TopicPartition partition;
    base::TimestampMs removeAtMs = 0;
  };
  std::map<std::string, Doomed> doomed;
  /// The broker's log.segment.delete.delay.ms.
  int64_t deleteDelayMs;

  /// The four files as they stand on disk.
  CheckpointedOffsets recoveryPoints;
  CheckpointedOffsets highWatermarks;
  CheckpointedOffsets logStartOffsets;
  CheckpointedOffsets cleanerOffsets;

  base::Status statusOf(const storage::StorageStatus& status);
  base::Status openIdentity(OpenReport& report);
  base::Status readPreviousBrokerEpoch();
  base::Status takeCleanShutdownMarker(OpenReport& report);
  base::Status readCheckpoints(OpenReport& report);
  base::Result<CheckpointedOffsets> readCheckpoint(const char* name, OpenReport& report);
  base::Status loadLogs(const Assignments& assignments, base::TimestampMs nowMs, OpenReport& report);
  base::Status loadLog(const std::string& name, const base::TopicPartition& partition, const Assignments& assignments,
                       base::TimestampMs nowMs, OpenReport& report);
  base::Status setStraysAside(const Assignments& assignments);
  void listenToLogs();
  PartitionLog::OpenOptions openOptions(const base::TopicPartition& partition, const LogConfig& config,
                                        base::TimestampMs nowMs) const;
  base::Status writeCheckpoint(const char* name, CheckpointedOffsets& current, CheckpointedOffsets next);
  base::Status writeRecoveryPoints();
  base::Status writeLogStartOffsets();
  base::Status writeOffsetCheckpoints();
  base::Status lowerCheckpoints(const PartitionLog& log);
  /// Takes a replica that is no more out of the checkpoints.
  base::Status forgetOffsets(const base::TopicPartition& partition);
  base::Status writeCleanerOffset(const base::TopicPartition& partition, std::optional<base::Offset> offset);
  PartitionLog* find(const base::TopicPartition& partition, bool isFuture) const;
  std::vector<base::TopicPartition> partitions(bool areFuture) const;
  /// Renames what is here to `-delete`, to be unlinked later.
  base::Status doom(const base::TopicPartition& partition, base::TimestampMs nowMs);
  /// Forgets what is here and gives its directory another name, which it returns.
  base::Result<std::string> retire(const base::TopicPartition& partition, RetiredDirectoryName* nameOf);
};

}  // namespace streamscope::log
