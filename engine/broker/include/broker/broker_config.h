#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/known_bug.h"
#include "base/result.h"
#include "base/virtual_time.h"
#include "broker/group_coordinator_config.h"
#include "log/cleaner_config.h"
#include "log/log_config.h"

namespace streamscope::broker {

/// replica.selector.class: who may serve a consumer that says where it is (KIP-392).
enum class ReplicaSelector : uint8_t { None, Leader, RackAware };

/// Kafka's broker configs in camelCase with Kafka's defaults, as far as this broker obeys them.
struct BrokerConfig {
  int32_t nodeId = 1;
  std::string clusterId;
  /// controller.quorum.voters: the ids of the controllers.
  std::vector<int32_t> quorumVoters{100};
  /// What Metadata tells clients.
  std::string advertisedHost = "localhost";
  uint16_t advertisedPort = 0;

  /// broker.rack
  std::optional<std::string> rack;
  /// So many log.dirs: one is the node's own directory, several are "logs-1" and following below it.
  int32_t logDirectories = 1;

  int32_t numPartitions = 1;
  int16_t defaultReplicationFactor = 1;
  bool autoCreateTopicsEnable = true;
  int32_t minInsyncReplicas = 1;
  log::LogConfig log;
  log::CleanerConfig cleaner;

  base::Duration brokerHeartbeatInterval = std::chrono::milliseconds(2000);
  base::Duration replicaLagTimeMax = std::chrono::milliseconds(30'000);
  base::Duration replicaFetchWaitMax = std::chrono::milliseconds(500);
  base::Duration replicaFetchBackoff = std::chrono::milliseconds(1000);
  int32_t replicaFetchMinBytes = 1;
  int32_t replicaFetchMaxBytes = 1'048'576;
  int32_t replicaFetchResponseMaxBytes = 10'485'760;
  ReplicaSelector replicaSelector = ReplicaSelector::None;
  /// Bytes in a second that throttled replicas may be sent by this broker as leader and fetched by it as follower
  /// (KIP-73); Kafka's Long.MAX_VALUE is no limit.
  int64_t leaderReplicationThrottledRate = INT64_MAX;
  int64_t followerReplicationThrottledRate = INT64_MAX;
  int64_t alterLogDirsIoMaxBytesPerSecond = INT64_MAX;
  int32_t replicationQuotaWindowNum = 11;
  base::Duration replicationQuotaWindowSize = std::chrono::seconds(1);
  base::Duration logDirFailureTimeout = std::chrono::milliseconds(30'000);
  base::Duration replicaHighWatermarkCheckpointInterval = std::chrono::milliseconds(5000);
  base::Duration logFlushOffsetCheckpointInterval = std::chrono::milliseconds(60'000);
  base::Duration logFlushStartOffsetCheckpointInterval = std::chrono::milliseconds(60'000);
  /// Absent: logs are not flushed by time (Kafka's default for log.flush.scheduler.interval.ms is Long.MAX).
  std::optional<base::Duration> logFlushSchedulerInterval;
  base::Duration logInitialTaskDelay = std::chrono::milliseconds(30'000);
  base::Duration logRetentionCheckInterval = std::chrono::milliseconds(300'000);
  base::Duration producerIdExpirationCheckInterval = std::chrono::milliseconds(600'000);
  base::Duration requestTimeout = std::chrono::milliseconds(30'000);
  int32_t fetchMaxBytes = 57'671'680;
  int32_t offsetsTopicNumPartitions = 50;
  int16_t offsetsTopicReplicationFactor = 3;
  int32_t offsetsTopicSegmentBytes = 104'857'600;
  GroupCoordinatorConfig group;
  /// What was set, as text under Kafka's keys: the properties file the broker was started with.
  std::map<std::string, std::string> given;
  /// Not Kafka's: mistakes that were switched on.
  base::KnownBugs bugs;

  /// Sets one config by Kafka's key ("replica.lag.time.max.ms"). INVALID_CONFIG with a sentence that names the key, the
  /// value and what is allowed. `supportedKeys` lists what it knows.
  base::Status set(const std::string& key, const std::string& value);
  static std::vector<std::string> supportedKeys();
};

}  // namespace streamscope::broker
