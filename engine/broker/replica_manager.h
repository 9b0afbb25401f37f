#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alter_partition_channel.h"
#include "assignments_manager.h"
#include "base/topic_partition.h"
#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "delayed_delete_records.h"
#include "delayed_produce.h"
#include "fetch_in_progress.h"
#include "log_cleaner_task.h"
#include "log_directories.h"
#include "log_tasks.h"
#include "metadata_delta.h"
#include "partition.h"
#include "purgatory.h"
#include "replica_alter_log_dirs_manager.h"
#include "replica_fetcher.h"
#include "replication_listener.h"

namespace streamscope::broker {

/// All replicas of a broker: takes up leaderships and followings as the metadata log says, serves produce and fetch,
/// lets what must wait wait, and keeps the checkpoints. Kafka: ReplicaManager.
class ReplicaManager : public PartitionListener {
 public:
  struct Surroundings {
    world::NodeContext& context;
    const BrokerConfig& config;
    const controller::MetadataImage& image;
    AlterPartitionChannel& alterPartition;
    AssignmentsManager& assignments;
    LogDirectories& logDirectories;
    std::function<int64_t()> brokerEpoch;
    std::function<void(const base::Error&)> onStorageFailure;
  };
  explicit ReplicaManager(Surroundings surroundings);
  ~ReplicaManager() override;

  // The metadata log (replica_manager_metadata.cpp).

  /// The image is known for the first time and the logs are loaded: takes up the replicas and begins the periodic
  /// tasks.
  void startUp();
  void applyMetadata(const MetadataDelta& delta);

  // Finding a partition: one map look-up, then an index.

  std::shared_ptr<Partition> find(const std::string& topic, base::PartitionId partition) const;
  std::shared_ptr<Partition> find(const base::Uuid& topicId, base::PartitionId partition) const;
  /// Why `find` gave nothing: KAFKA_STORAGE_ERROR when its log directory is offline, NOT_LEADER_OR_FOLLOWER when other
  /// brokers have it, else UNKNOWN_TOPIC_OR_PARTITION.
  base::ErrorCode whyNotHere(const std::string& topic, base::PartitionId partition) const;
  /// Sorted by topic and partition.
  std::vector<const Partition*> partitions() const;

  // Log directories (replica_manager_directories.cpp).

  const LogDirectories& logDirectories() const { return m_surroundings.logDirectories; }
  /// The directory has failed: its replicas are served no more. Returns how many there were.
  int32_t takeOffline(size_t directory);
  std::vector<base::TopicPartition> offlineReplicas() const;
  /// Begins to move the replica to the directory of this path; NONE also where it is there or on its way already.
  /// LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR, INVALID_TOPIC_EXCEPTION; REPLICA_NOT_AVAILABLE where there is none (yet):
  /// one that comes later is created there.
  base::ErrorCode alterLogDir(const base::TopicPartition& name, const std::string& path);

  // Produce and fetch.

  struct PartitionAppend {
    std::shared_ptr<Partition> partition;
    base::SharedBytes records;
    /// Its place in the response.
    size_t topicIndex = 0, partitionIndex = 0;
  };
  struct Append {
    world::ReplyHandle reply;
    int16_t acks = -1;
    base::Duration timeout{0};
    std::vector<PartitionAppend> partitions;
    /// With the places of all partitions, those refused already filled in.
    protocol::ProduceResponse response;
  };
  /// Appends and answers: now, when every replica in sync has the records (acks=all), or never (acks=0).
  void append(Append append);
  /// One batch of a coordinator's own, with acks=all; whether it is replicated its caller finds out.
  base::Result<log::AppendInfo> appendForCoordinator(Partition& partition, const base::SharedBytes& batch);
  /// Answers now, or when there is enough to read.
  void fetch(FetchInProgress fetch);

  struct DeleteRecords {
    world::ReplyHandle reply;
    base::Duration timeout{0};
    /// `requiredOffset` is what the client wrote.
    std::vector<DelayedDeleteRecords::WaitingPartition> partitions;
    /// With the places of all partitions, those refused already filled in.
    protocol::DeleteRecordsResponse response;
  };
  /// Moves log start offsets and answers when all live replicas have followed.
  void deleteRecords(DeleteRecords deletion);

  /// At most one; it outlives its last call.
  void setReplicationListener(ReplicationListener* listener) { m_replicationListener = listener; }

  // Ends.

  /// Of the replicas in one log directory.
  std::map<base::TopicPartition, base::Offset> highWatermarks(size_t directory) const;
  void abandonWaiting(const std::string& reason);

  void onHighWatermarkMoved(Partition& partition) override;
  void onLowWatermarkMoved(Partition& partition) override;
  void onStorageFailure(const base::Error& error) override { m_surroundings.onStorageFailure(error); }

 private:
  struct HostedTopic {
    std::string name;
    base::Uuid id;
    /// By partition number; null where this broker has no replica.
    std::vector<std::shared_ptr<Partition>> partitions;
  };

  // The metadata log.
  /// What a topic's replicas obey: its own configs over those of the broker.
  void applyConfigs(const MetadataDelta& delta);
  void applyPartition(const controller::TopicImage& topic, base::PartitionId id,
                      const controller::PartitionRegistration& registration);
  void followLeader(const std::shared_ptr<Partition>& partition, bool isNewEpoch);
  ReplicaFetcher& fetcherFor(base::BrokerId leader);
  std::shared_ptr<Partition> getOrCreate(const controller::TopicImage& topic, base::PartitionId id,
                                         const controller::PartitionRegistration& registration);
  void removePartition(HostedTopic& topic, base::PartitionId id);
  void removeTopic(const base::Uuid& id);
  void stopFollowing(const Partition& partition);
  /// The replica is offline: whoever waits for it must not wait on.
  void giveUp(Partition& partition);

  // Log directories.
  /// Where the replica's log is or goes; none when it may be in a directory that is offline.
  std::optional<size_t> directoryFor(const base::TopicPartition& name, const base::Uuid& assigned) const;
  /// The directory that the controller has for this broker's replica.
  base::Uuid assignedDirectory(const controller::PartitionRegistration& registration) const;
  void tellDirectory(const Partition& partition, const controller::PartitionRegistration& registration);
  void onMoved(const std::shared_ptr<Partition>& partition);

  // Produce.
  /// Whether the log took it.
  bool appendTo(Append& append, PartitionAppend& one, std::vector<DelayedProduce::WaitingPartition>& waiting);
  void answerAppend(Append& append, std::vector<DelayedProduce::WaitingPartition> waiting);

  // Periodic tasks.
  void every(base::Duration interval, void (ReplicaManager::*task)());
  void shrinkIsrs();
  void checkpointHighWatermarks();

  Surroundings m_surroundings;
  world::NodeContext& m_context;
  PartitionContext m_partitionContext;
  ReplicationQuota m_leaderQuota;
  ReplicationQuota m_followerQuota;
  const FetchSurroundings m_fetchSurroundings;
  /// Owned by name; the second index is by id.
  std::map<std::string, std::unique_ptr<HostedTopic>, std::less<>> m_topics;
  std::map<base::Uuid, HostedTopic*> m_topicsById;
  std::map<base::BrokerId, std::unique_ptr<ReplicaFetcher>> m_fetchers;
  Purgatory m_producePurgatory;
  Purgatory m_fetchPurgatory;
  Purgatory m_deleteRecordsPurgatory;
  /// By place of the log directory; null where it was offline from the start.
  std::vector<std::unique_ptr<LogTasks>> m_logTasks;
  std::vector<std::unique_ptr<LogCleanerTask>> m_logCleanerTasks;
  ReplicaAlterLogDirsManager m_alterLogDirs;
  /// Where a replica that is not here yet was asked to be. Kafka: LogManager.preferredLogDirs.
  std::map<base::TopicPartition, size_t> m_preferredDirectories;
  /// Replicas in directories that are offline, and their topics.
  std::map<base::TopicPartition, base::Uuid> m_offlineReplicas;
  WatchKey m_nextKey = 0;
  ReplicationListener* m_replicationListener = nullptr;
};

}  // namespace streamscope::broker
