#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/uuid.h"
#include "log/directory_identity.h"
#include "log/partition_log.h"
#include "storage/storage.h"

namespace streamscope::log {

/// One node's log directory (Kafka's LogManager with one entry in log.dirs): identity, `.lock`, clean-shutdown marker,
/// the partition logs in it and their checkpoints. After a storage fault the whole directory is offline.
class LogDirectory {
 public:
  struct OpenReport {
    bool cleanShutdown = false;
    /// It was empty and is formatted only now.
    bool isNew = false;
    /// Per partition, only where recovery cut something.
    std::vector<std::pair<base::TopicPartition, RecoveryReport>> cuts;
    /// The directory's own files that could not be used: checkpoints, the marker.
    std::vector<RecoveryReport::Cut> damagedFiles;
  };

  /// `storage` is the directory: its root holds meta.properties. Takes it for this node: locks it, formats an empty one
  /// with `identity`; refuses one that belongs to another cluster or node (INCONSISTENT_CLUSTER_ID, naming both ids and
  /// the file). A directory id on disk wins over the given one. `fileDeleteDelayMs` is the broker's
  /// log.segment.delete.delay.ms. The clean-shutdown marker is read and stays, and no log is touched before `loadLogs`.
  static base::Result<std::unique_ptr<LogDirectory>> claim(storage::Storage& storage, const DirectoryIdentity& identity,
                                                           int64_t fileDeleteDelayMs, OpenReport& report);

  /// What the cluster knows of the replicas, see `loadLogs`.
  struct Assignments {
    /// A topic's configs over the broker's.
    std::function<LogConfig(const std::string& topic)> configOf;
    /// This node has no such replica (any more). `topicId` is zero when its partition.metadata was lost.
    std::function<bool(const base::TopicPartition&, const base::Uuid& topicId)> isStray;
  };
  /// Deletes the clean-shutdown marker and loads every replica, once. Kafka: LogManager.startup, called for the first
  /// metadata image, because only that knows the configs a log is recovered with. Strays are renamed to
  /// `<topic>-<partition>.<32 hex digits>-stray` and passed over (Kafka: LogManager.addStrayLog). A `-future`
  /// directory is loaded as such; one beside its own replica stays as it is.
  base::Status loadLogs(const Assignments& assignments, base::TimestampMs nowMs, OpenReport& report);

  ~LogDirectory();

  const DirectoryIdentity& identity() const;

  /// Null when there is none.
  PartitionLog* find(const base::TopicPartition& partition) const;
  base::Result<PartitionLog*> getOrCreate(const base::TopicPartition& partition, const base::Uuid& topicId,
                                          const LogConfig& config, base::TimestampMs nowMs);
  /// Renames the replica to `<topic>-<partition>.<32 hex digits>-delete` and forgets it; `removeDue` unlinks the
  /// directory after log.segment.delete.delay.ms (Kafka: LogManager.asyncDelete).
  base::Status remove(const base::TopicPartition& partition, base::TimestampMs nowMs);
  std::vector<base::TopicPartition> partitions() const;

  // Copies on their way here from another directory of the broker (Kafka: future replicas; log_directory_future.cpp).
  // Their logs are flushed and checkpointed as the others are; `find` and `partitions` pass over them.

  PartitionLog* findFuture(const base::TopicPartition& partition) const;
  std::vector<base::TopicPartition> futurePartitions() const;
  /// Creates `<topic>-<partition>.<uniqueId>-future`; there must be neither a replica nor a copy of it here.
  /// INVALID_TOPIC_EXCEPTION when that name would be too long, KAFKA_STORAGE_ERROR.
  base::Result<PartitionLog*> createFuture(const base::TopicPartition& partition, const base::Uuid& topicId,
                                           const base::Uuid& uniqueId, const LogConfig& config,
                                           base::TimestampMs nowMs);
  /// The copy becomes the replica, with this high watermark: flushed, renamed and opened anew.
  base::Result<PartitionLog*> promoteFuture(const base::TopicPartition& partition, base::Offset highWatermark,
                                            base::TimestampMs nowMs);
  /// As `remove`, for the copy.
  base::Status removeFuture(const base::TopicPartition& partition, base::TimestampMs nowMs);

  // What waits to be unlinked: the deleted files of the logs and `-delete` directories, those of an earlier life from
  // the opening on (Kafka: LogManager.deleteLogs).

  struct Removal {
    base::TopicPartition partition;
    /// The files of a log that lives on, or the one directory.
    std::vector<std::string> names;
    bool isDirectory = false;
  };
  /// When `removeDue` has something to do; none when nothing waits.
  std::optional<base::TimestampMs> nextRemoval() const;
  /// Unlinks what is due.
  base::Result<std::vector<Removal>> removeDue(base::TimestampMs nowMs);
  /// Called whenever something new begins to wait, with the time it is due.
  void onAwaitingRemoval(std::function<void(base::TimestampMs removeAtMs)> listener);

  /// Called whenever a log has gone on in a new segment: its `flushEndedSegments` is due then, in an event of its own.
  void onAwaitingFlush(std::function<void(const base::TopicPartition&)> listener);

  /// The high watermark of the last checkpoint, 0 when unknown.
  base::Offset checkpointedHighWatermark(const base::TopicPartition& partition) const;
  /// replication-offset-checkpoint; `highWatermarks` replaces the whole file (Kafka: every 5 s and on shutdown).
  base::Status writeHighWatermarks(const std::map<base::TopicPartition, base::Offset>& highWatermarks);
  /// recovery-point-offset-checkpoint (Kafka: log.flush.offset.checkpoint.interval.ms).
  base::Status writeRecoveryPoints();
  /// log-start-offset-checkpoint (Kafka: log.flush.start.offset.checkpoint.interval.ms).
  base::Status writeLogStartOffsets();
  /// Both, as on shutdown.
  base::Status writeOffsetCheckpoints();

  // Compaction (cleaner-offset-checkpoint).

  /// Up to where the partition's log was cleaned; none when it never was. A truncation lowers it.
  std::optional<base::Offset> cleanerOffset(const base::TopicPartition& partition) const;
  base::Status writeCleanerOffset(const base::TopicPartition& partition, base::Offset offset);

  /// Broker epoch of the last clean shutdown, from the marker; -1 when unclean or unknown.
  int64_t previousBrokerEpoch() const;

  /// Flushes and closes every log, writes the checkpoints and `.kafka_cleanshutdown`; a directory whose logs were not
  /// loaded stays as it is. Not usable afterwards.
  base::Status closeCleanly(const std::map<base::TopicPartition, base::Offset>& highWatermarks, int64_t brokerEpoch);

  /// The first storage fault, once there was one.
  const std::optional<base::Error>& failure() const;

 private:
  struct Impl;
  explicit LogDirectory(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::log
