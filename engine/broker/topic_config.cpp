#include "topic_config.h"

#include <array>
#include <string_view>

#include "config_value.h"

namespace streamscope::broker {
namespace {

struct TopicKey {
  std::string_view key;
  int64_t high;
  void (*assign)(TopicConfig&, int64_t);
};

int32_t asInt32(int64_t value) {
  return static_cast<int32_t>(value);
}

constexpr std::array kTopicKeys{
    TopicKey{"compression.gzip.level", INT32_MAX,
             [](TopicConfig& c, int64_t v) { c.log.compressionGzipLevel = asInt32(v); }},
    TopicKey{"compression.lz4.level", INT32_MAX,
             [](TopicConfig& c, int64_t v) { c.log.compressionLz4Level = asInt32(v); }},
    TopicKey{"compression.zstd.level", INT32_MAX,
             [](TopicConfig& c, int64_t v) { c.log.compressionZstdLevel = asInt32(v); }},
    TopicKey{"delete.retention.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.deleteRetentionMs = v; }},
    TopicKey{"file.delete.delay.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.fileDeleteDelayMs = v; }},
    TopicKey{"flush.messages", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.flushMessages = v; }},
    TopicKey{"flush.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.flushMs = v; }},
    TopicKey{"index.interval.bytes", INT32_MAX,
             [](TopicConfig& c, int64_t v) { c.log.indexIntervalBytes = asInt32(v); }},
    TopicKey{"max.compaction.lag.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.maxCompactionLagMs = v; }},
    TopicKey{"max.message.bytes", INT32_MAX, [](TopicConfig& c, int64_t v) { c.log.maxMessageBytes = asInt32(v); }},
    TopicKey{"message.timestamp.after.max.ms", INT64_MAX,
             [](TopicConfig& c, int64_t v) { c.log.messageTimestampAfterMaxMs = v; }},
    TopicKey{"message.timestamp.before.max.ms", INT64_MAX,
             [](TopicConfig& c, int64_t v) { c.log.messageTimestampBeforeMaxMs = v; }},
    TopicKey{"min.compaction.lag.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.minCompactionLagMs = v; }},
    TopicKey{"min.insync.replicas", INT32_MAX, [](TopicConfig& c, int64_t v) { c.minInsyncReplicas = asInt32(v); }},
    TopicKey{"retention.bytes", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.retentionBytes = v; }},
    TopicKey{"retention.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.retentionMs = v; }},
    TopicKey{"segment.bytes", INT32_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentBytes = asInt32(v); }},
    // Behind segment.bytes, which it overrides.
    TopicKey{"internal.segment.bytes", INT32_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentBytes = asInt32(v); }},
    TopicKey{"segment.index.bytes", INT32_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentIndexBytes = asInt32(v); }},
    TopicKey{"segment.jitter.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentJitterMs = v; }},
    TopicKey{"segment.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentMs = v; }},
};

/// Keys whose values are no whole numbers. The controller has checked them, so what cannot be read changes nothing.
void assignOther(log::LogConfig& config, const std::string& key, const std::string& value) {
  if (key == "cleanup.policy") {
    const auto policy = parseCleanupPolicy(key, value);
    if (!policy) return;
    config.cleanupDelete = policy->deletes;
    config.cleanupCompact = policy->compacts;
  } else if (key == "compression.type") {
    if (const auto type = parseCompressionType(key, value)) config.compressionType = *type;
  } else if (key == "message.timestamp.type") {
    if (const auto isLogAppendTime = parseTimestampType(key, value)) config.logAppendTime = *isLogAppendTime;
  } else if (key == "min.cleanable.dirty.ratio") {
    if (const auto ratio = parseDouble(key, value, 0, 1)) config.minCleanableDirtyRatio = *ratio;
  }
}

}  // namespace

TopicConfig topicConfigOf(const BrokerConfig& broker, const std::map<std::string, std::string>& topicConfigs) {
  TopicConfig config{broker.log, broker.minInsyncReplicas};
  for (const TopicKey& known : kTopicKeys) {
    const auto set = topicConfigs.find(std::string(known.key));
    if (set == topicConfigs.end()) continue;
    if (const auto number = parseInteger(set->first, set->second, INT64_MIN, known.high)) known.assign(config, *number);
  }
  for (const auto& [key, value] : topicConfigs) assignOther(config.log, key, value);
  return config;
}

}  // namespace streamscope::broker
