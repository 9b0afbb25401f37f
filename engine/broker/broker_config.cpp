#include "broker/broker_config.h"

#include <algorithm>
#include <array>
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

/// Durations end below 2^31-1 ms so that no sum of them leaves the virtual clock's range.
constexpr std::array kIntegerConfigs{
    IntegerConfig{"broker.heartbeat.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.brokerHeartbeatInterval = milliseconds(v); }},
    IntegerConfig{"default.replication.factor", 1, kInt16Max,
                  [](BrokerConfig& c, int64_t v) { c.defaultReplicationFactor = asInt16(v); }},
    IntegerConfig{"fetch.max.bytes", 1024, kInt32Max, [](BrokerConfig& c, int64_t v) { c.fetchMaxBytes = asInt32(v); }},
    IntegerConfig{"log.flush.offset.checkpoint.interval.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.logFlushOffsetCheckpointInterval = milliseconds(v); }},
    IntegerConfig{"log.index.interval.bytes", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.indexIntervalBytes = asInt32(v); }},
    IntegerConfig{"log.index.size.max.bytes", 4, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.segmentIndexBytes = asInt32(v); }},
    IntegerConfig{"log.message.timestamp.after.max.ms", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.messageTimestampAfterMaxMs = v; }},
    IntegerConfig{"log.message.timestamp.before.max.ms", 0, INT64_MAX,
                  [](BrokerConfig& c, int64_t v) { c.log.messageTimestampBeforeMaxMs = v; }},
    IntegerConfig{"log.roll.hours", 1, kInt32Max, [](BrokerConfig& c, int64_t v) { c.log.segmentMs = v * 3'600'000; }},
    IntegerConfig{"log.roll.ms", 1, INT64_MAX, [](BrokerConfig& c, int64_t v) { c.log.segmentMs = v; }},
    IntegerConfig{"log.segment.bytes", kSegmentBytesLow, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.segmentBytes = asInt32(v); }},
    IntegerConfig{"message.max.bytes", 0, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.maxMessageBytes = asInt32(v); }},
    IntegerConfig{"min.insync.replicas", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.minInsyncReplicas = asInt32(v); }},
    IntegerConfig{"num.partitions", 1, kInt32Max, [](BrokerConfig& c, int64_t v) { c.numPartitions = asInt32(v); }},
    IntegerConfig{"offsets.topic.num.partitions", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.offsetsTopicNumPartitions = asInt32(v); }},
    IntegerConfig{"offsets.topic.replication.factor", 1, kInt16Max,
                  [](BrokerConfig& c, int64_t v) { c.offsetsTopicReplicationFactor = asInt16(v); }},
    IntegerConfig{"producer.id.expiration.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.log.producerIdExpirationMs = v; }},
    // Kafka takes 0 for this and for replica.fetch.min.bytes; over links without latency a follower would then fetch
    // for ever without time passing.
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
    IntegerConfig{"request.timeout.ms", 1, kInt32Max,
                  [](BrokerConfig& c, int64_t v) { c.requestTimeout = milliseconds(v); }},
};

constexpr std::string_view kAutoCreateTopicsEnable = "auto.create.topics.enable";
constexpr std::string_view kTimestampType = "log.message.timestamp.type";

base::Status assignTo(bool& target, const base::Result<bool>& value) {
  if (!value) return base::fail(value.error());
  target = *value;
  return {};
}

}  // namespace

base::Status BrokerConfig::set(const std::string& key, const std::string& value) {
  for (const IntegerConfig& config : kIntegerConfigs) {
    if (config.key != key) continue;
    const auto number = parseInteger(key, value, config.low, config.high);
    if (!number) return base::fail(number.error());
    config.assign(*this, *number);
    return {};
  }
  if (key == kAutoCreateTopicsEnable) return assignTo(autoCreateTopicsEnable, parseBoolean(key, value));
  if (key == kTimestampType) return assignTo(log.logAppendTime, parseTimestampType(key, value));
  return base::fail(base::ErrorCode::INVALID_CONFIG, "Config '" + key +
                                                         "' is not one this broker obeys; remove it, or use one of the "
                                                         "supported broker configs.");
}

std::vector<std::string> BrokerConfig::supportedKeys() {
  std::vector<std::string> keys{std::string(kAutoCreateTopicsEnable)};
  for (const IntegerConfig& config : kIntegerConfigs) keys.emplace_back(config.key);
  keys.emplace_back(kTimestampType);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace streamscope::broker
