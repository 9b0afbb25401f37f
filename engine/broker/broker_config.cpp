#include "broker/broker_config.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "config_value.h"

namespace streamscope::broker {
namespace {

using Assign = void (*)(BrokerConfig&, int64_t);

struct IntegerConfig {
  std::string_view key;
  int64_t low, high;
  Assign assign;
};

constexpr int64_t kInt16Max = INT16_MAX;
constexpr int64_t kInt32Max = INT32_MAX;
/// Kafka 4.0 asks for 1 MiB segments at least (KIP-1030); this is the bound from before, because a lesson shows rolling
/// with segments of a few kilobytes.
constexpr int64_t kSegmentBytesLow = 14;

base::Duration milliseconds(int64_t count) {
  return std::chrono::milliseconds(count);
}
int32_t asInt32(int64_t value) {
  return static_cast<int32_t>(value);
}
int16_t asInt16(int64_t value) {
  return static_cast<int16_t>(value);
}
/// A retention of `value` times `unitMs`, where any negative value means for ever.
int64_t unlimitedOr(int64_t value, int64_t unitMs) {
  return value < 0 ? -1 : value * unitMs;
}

/// Sorted, which is also how a lab file's configs are set: of log.retention.hours, minutes and ms the last one given
/// wins, as in Kafka. Durations end below 2^31-1 ms so that no sum of them leaves the virtual clock's range.
constexpr std::array kIntegerConfigs{
    IntegerConfig{"broker.heartbeat.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.brokerHeartbeatInterval = milliseconds(v); }},
    IntegerConfig{"compression.gzip.level", -1, 9,
                  [](BrokerConfig& c, int64_t v) { c.log.compressionGzipLevel = asInt32(v); }},
    IntegerConfig{"compression.lz4.level", 1, 17,
                  [](BrokerConfig& c, int64_t v) { c.log.compressionLz4Level = asInt32(v); }},
    IntegerConfig{"compression.zstd.level", -131072, 22,
                  [](BrokerConfig& c, int64_t v) { c.log.compressionZstdLevel = asInt32(v); }},
    IntegerConfig{"default.replication.factor", 1, kInt16Max,
                  [](BrokerConfig& c, int64_t v) { c.defaultReplicationFactor = asInt16(v); }},
    IntegerConfig{"fetch.max.bytes", 1024, kInt32Max, [](BrokerConfig& c, int64_t v) { c.fetchMaxBytes = asInt32(v); }},
    IntegerConfig{"follower.replication.throttled.rate", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.followerReplicationThrottledRate = v; }},
    IntegerConfig{"group.consumer.heartbeat.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.consumerHeartbeatInterval = milliseconds(v); }},
    IntegerConfig{"group.consumer.max.size", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.consumerMaxSize = asInt32(v); }},
    IntegerConfig{"group.consumer.session.timeout.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.consumerSessionTimeout = milliseconds(v); }},
    IntegerConfig{"group.initial.rebalance.delay.ms", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.initialRebalanceDelay = milliseconds(v); }},
    IntegerConfig{"group.max.session.timeout.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.maxSessionTimeout = milliseconds(v); }},
    IntegerConfig{"group.max.size", 1, kInt32Max, [](BrokerConfig& c, int64_t v) { c.group.maxSize = asInt32(v); }},
    IntegerConfig{"group.min.session.timeout.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.minSessionTimeout = milliseconds(v); }},
    IntegerConfig{"leader.replication.throttled.rate", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.leaderReplicationThrottledRate = v; }},
    IntegerConfig{"log.cleaner.backoff.ms", 1, kInt32Max, [](BrokerConfig& c, int64_t v) { c.cleaner.backoffMs = v; }},
    IntegerConfig{"log.cleaner.dedupe.buffer.size", 24, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.cleaner.dedupeBufferSize = v; }},
    IntegerConfig{"log.cleaner.delete.retention.ms", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.deleteRetentionMs = v; }},
    IntegerConfig{"log.cleaner.io.buffer.size", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.cleaner.ioBufferSize = asInt32(v); }},
    IntegerConfig{"log.cleaner.max.compaction.lag.ms", 1, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.maxCompactionLagMs = v; }},
    IntegerConfig{"log.cleaner.min.compaction.lag.ms", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.minCompactionLagMs = v; }},
    IntegerConfig{"log.dir.failure.timeout.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.logDirFailureTimeout = milliseconds(v); }},
    IntegerConfig{"log.flush.interval.messages", 1, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.flushMessages = v; }},
    IntegerConfig{"log.flush.interval.ms", 0, INT64_MAX, [](BrokerConfig& c, int64_t v) { c.log.flushMs = v; }},
    IntegerConfig{"log.flush.offset.checkpoint.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.logFlushOffsetCheckpointInterval = milliseconds(v); }},
    IntegerConfig{"log.flush.scheduler.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.logFlushSchedulerInterval = milliseconds(v); }},
    IntegerConfig{"log.flush.start.offset.checkpoint.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.logFlushStartOffsetCheckpointInterval = milliseconds(v); }},
    IntegerConfig{"log.index.interval.bytes", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.indexIntervalBytes = asInt32(v); }},
    IntegerConfig{"log.index.size.max.bytes", 4, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.segmentIndexBytes = asInt32(v); }},
    IntegerConfig{"log.initial.task.delay.ms", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.logInitialTaskDelay = milliseconds(v); }},
    IntegerConfig{"log.message.timestamp.after.max.ms", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.messageTimestampAfterMaxMs = v; }},
    IntegerConfig{"log.message.timestamp.before.max.ms", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.messageTimestampBeforeMaxMs = v; }},
    IntegerConfig{"log.retention.bytes", -1, INT64_MAX, [](BrokerConfig& c, int64_t v) { c.log.retentionBytes = v; }},
    IntegerConfig{"log.retention.check.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.logRetentionCheckInterval = milliseconds(v); }},
    IntegerConfig{"log.retention.hours", -1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.retentionMs = unlimitedOr(v, 3'600'000); }},
    IntegerConfig{"log.retention.minutes", -1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.retentionMs = unlimitedOr(v, 60'000); }},
    IntegerConfig{"log.retention.ms", -1, INT64_MAX, [](BrokerConfig& c, int64_t v) { c.log.retentionMs = v; }},
    IntegerConfig{"log.roll.hours", 1, kInt32Max, [](BrokerConfig& c, int64_t v) { c.log.segmentMs = v * 3'600'000; }},
    IntegerConfig{"log.roll.jitter.hours", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.segmentJitterMs = v * 3'600'000; }},
    IntegerConfig{"log.roll.jitter.ms", 0, INT64_MAX, [](BrokerConfig& c, int64_t v) { c.log.segmentJitterMs = v; }},
    IntegerConfig{"log.roll.ms", 1, INT64_MAX, [](BrokerConfig& c, int64_t v) { c.log.segmentMs = v; }},
    IntegerConfig{"log.segment.bytes", kSegmentBytesLow, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.segmentBytes = asInt32(v); }},
    IntegerConfig{"log.segment.delete.delay.ms", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.fileDeleteDelayMs = v; }},
    IntegerConfig{"message.max.bytes", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.maxMessageBytes = asInt32(v); }},
    IntegerConfig{"min.insync.replicas", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.minInsyncReplicas = asInt32(v); }},
    IntegerConfig{"num.partitions", 1, kInt32Max, [](BrokerConfig& c, int64_t v) { c.numPartitions = asInt32(v); }},
    IntegerConfig{"offset.metadata.max.bytes", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.offsetMetadataMaxBytes = asInt32(v); }},
    IntegerConfig{"offsets.commit.timeout.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.offsetsCommitTimeout = milliseconds(v); }},
    IntegerConfig{"offsets.load.buffer.size", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.offsetsLoadBufferSize = asInt32(v); }},
    IntegerConfig{"offsets.retention.check.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.offsetsRetentionCheckInterval = milliseconds(v); }},
    IntegerConfig{"offsets.retention.minutes", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.group.offsetsRetention = std::chrono::minutes(v); }},
    IntegerConfig{"offsets.topic.num.partitions", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.offsetsTopicNumPartitions = asInt32(v); }},
    IntegerConfig{"offsets.topic.replication.factor", 1, kInt16Max,
                  [](BrokerConfig& c, int64_t v) { c.offsetsTopicReplicationFactor = asInt16(v); }},
    IntegerConfig{"offsets.topic.segment.bytes", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.offsetsTopicSegmentBytes = asInt32(v); }},
    IntegerConfig{"producer.id.expiration.check.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.producerIdExpirationCheckInterval = milliseconds(v); }},
    IntegerConfig{"producer.id.expiration.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.producerIdExpirationMs = v; }},
    // Kafka takes 0 for this and for replica.fetch.min.bytes; over links without latency a follower would then fetch
    // for ever without time passing.
    IntegerConfig{"replica.alter.log.dirs.io.max.bytes.per.second", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.alterLogDirsIoMaxBytesPerSecond = v; }},
    IntegerConfig{"replica.fetch.backoff.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicaFetchBackoff = milliseconds(v); }},
    IntegerConfig{"replica.fetch.max.bytes", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicaFetchMaxBytes = asInt32(v); }},
    IntegerConfig{"replica.fetch.min.bytes", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicaFetchMinBytes = asInt32(v); }},
    IntegerConfig{"replica.fetch.response.max.bytes", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicaFetchResponseMaxBytes = asInt32(v); }},
    IntegerConfig{"replica.fetch.wait.max.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicaFetchWaitMax = milliseconds(v); }},
    IntegerConfig{"replica.high.watermark.checkpoint.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicaHighWatermarkCheckpointInterval = milliseconds(v); }},
    IntegerConfig{"replica.lag.time.max.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicaLagTimeMax = milliseconds(v); }},
    IntegerConfig{"replication.quota.window.num", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.replicationQuotaWindowNum = asInt32(v); }},
    IntegerConfig{"replication.quota.window.size.seconds", 1, 1'000'000,
                  [](BrokerConfig& c, int64_t v) { c.replicationQuotaWindowSize = std::chrono::seconds(v); }},
    IntegerConfig{"request.timeout.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.requestTimeout = milliseconds(v); }},
};

base::Result<ReplicaSelector> parseReplicaSelector(std::string_view key, const std::string& value) {
  if (value.empty()) return ReplicaSelector::None;
  if (value == "org.apache.kafka.common.replica.LeaderSelector") return ReplicaSelector::Leader;
  if (value == "org.apache.kafka.common.replica.RackAwareReplicaSelector") return ReplicaSelector::RackAware;
  return base::fail(base::ErrorCode::INVALID_CONFIG,
                    "Config " + std::string(key) + " is \"" + value +
                        "\"; it must be org.apache.kafka.common.replica.RackAwareReplicaSelector, "
                        "org.apache.kafka.common.replica.LeaderSelector or empty.");
}

template <class T>
base::Status assignTo(T& target, const base::Result<T>& value) {
  if (!value) return base::fail(value.error());
  target = *value;
  return {};
}

struct OtherConfig {
  std::string_view key;
  base::Status (*set)(BrokerConfig&, std::string_view key, const std::string& value);
};

/// Those whose values are no whole numbers.
constexpr std::array kOtherConfigs{
    OtherConfig{"auto.create.topics.enable",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.autoCreateTopicsEnable, parseBoolean(key, value));
                }},
    OtherConfig{"compression.type",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.log.compressionType, parseCompressionType(key, value));
                }},
    OtherConfig{"log.cleaner.enable",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.cleaner.enable, parseBoolean(key, value));
                }},
    OtherConfig{"log.cleaner.io.buffer.load.factor",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.cleaner.ioBufferLoadFactor, parseDouble(key, value, 0.01, 1));
                }},
    OtherConfig{"log.cleaner.io.max.bytes.per.second",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.cleaner.ioMaxBytesPerSecond,
                                  parseDouble(key, value, 1, std::numeric_limits<double>::max()));
                }},
    OtherConfig{"log.cleaner.min.cleanable.ratio",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.log.minCleanableDirtyRatio, parseDouble(key, value, 0, 1));
                }},
    OtherConfig{"log.cleanup.policy",
                [](BrokerConfig& c, std::string_view key, const std::string& value) -> base::Status {
                  const auto policy = parseCleanupPolicy(key, value);
                  if (!policy) return base::fail(policy.error());
                  c.log.cleanupDelete = policy->deletes;
                  c.log.cleanupCompact = policy->compacts;
                  return {};
                }},
    OtherConfig{"log.message.timestamp.type",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.log.logAppendTime, parseTimestampType(key, value));
                }},
    OtherConfig{"replica.selector.class",
                [](BrokerConfig& c, std::string_view key, const std::string& value) {
                  return assignTo(c.replicaSelector, parseReplicaSelector(key, value));
                }},
};

}  // namespace

base::Status BrokerConfig::set(const std::string& key, const std::string& value) {
  for (const IntegerConfig& config : kIntegerConfigs) {
    if (config.key != key) continue;
    const auto number = parseInteger(key, value, config.low, config.high);
    if (!number) return base::fail(number.error());
    config.assign(*this, *number);
    return {};
  }
  for (const OtherConfig& config : kOtherConfigs)
    if (config.key == key) return config.set(*this, key, value);
  return base::fail(base::ErrorCode::INVALID_CONFIG, "Config '" + key +
                                                         "' is not one this broker obeys; remove it, or use one of the "
                                                         "supported broker configs.");
}

std::vector<std::string> BrokerConfig::supportedKeys() {
  std::vector<std::string> keys;
  for (const IntegerConfig& config : kIntegerConfigs) keys.emplace_back(config.key);
  for (const OtherConfig& config : kOtherConfigs) keys.emplace_back(config.key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace streamscope::broker
