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
    TopicKey{"index.interval.bytes", INT32_MAX,
             [](TopicConfig& c, int64_t v) { c.log.indexIntervalBytes = asInt32(v); }},
    TopicKey{"max.message.bytes", INT32_MAX, [](TopicConfig& c, int64_t v) { c.log.maxMessageBytes = asInt32(v); }},
    TopicKey{"message.timestamp.after.max.ms", INT64_MAX,
             [](TopicConfig& c, int64_t v) { c.log.messageTimestampAfterMaxMs = v; }},
    TopicKey{"message.timestamp.before.max.ms", INT64_MAX,
             [](TopicConfig& c, int64_t v) { c.log.messageTimestampBeforeMaxMs = v; }},
    TopicKey{"min.insync.replicas", INT32_MAX, [](TopicConfig& c, int64_t v) { c.minInsyncReplicas = asInt32(v); }},
    TopicKey{"segment.bytes", INT32_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentBytes = asInt32(v); }},
    TopicKey{"segment.index.bytes", INT32_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentIndexBytes = asInt32(v); }},
    TopicKey{"segment.ms", INT64_MAX, [](TopicConfig& c, int64_t v) { c.log.segmentMs = v; }},
};

}  // namespace

TopicConfig topicConfigOf(const BrokerConfig& broker, const std::map<std::string, std::string>& topicConfigs) {
  TopicConfig config{broker.log, broker.minInsyncReplicas};
  for (const auto& [key, value] : topicConfigs) {
    if (key == "message.timestamp.type") {
      if (const auto isLogAppendTime = parseTimestampType(key, value)) config.log.logAppendTime = *isLogAppendTime;
      continue;
    }
    for (const TopicKey& known : kTopicKeys) {
      if (known.key != key) continue;
      if (const auto number = parseInteger(key, value, 0, known.high)) known.assign(config, *number);
    }
  }
  return config;
}

}  // namespace streamscope::broker
