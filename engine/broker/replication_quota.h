#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "broker/broker_config.h"
#include "sampled_rate.h"
#include "world/node.h"

namespace streamscope::broker {

/// How many bytes of throttled replicas may pass in a second, in one role of a broker, and which replicas those are
/// (KIP-73). Whoever replicates asks before and records after; what is in sync is never held back, so that no ISR
/// shrinks for a quota. Kafka: ReplicationQuotaManager.
class ReplicationQuota {
 public:
  enum class Role : uint8_t { Leader, Follower };

  ReplicationQuota(world::NodeContext& context, const BrokerConfig& config, Role role);

  void setBytesPerSecondMax(int64_t bytes) { m_bytesPerSecondMax = bytes; }
  /// The topic's configs, of which leader. or follower.replication.throttled.replicas counts: "*" for all replicas, or
  /// "partition:broker,...".
  void setTopicConfigs(const std::string& topic, const std::map<std::string, std::string>& configs);
  void forget(const std::string& topic) { m_throttled.erase(topic); }

  bool isThrottled(const base::TopicPartition& partition) const;
  /// Tells the trace when that changes.
  bool isExceeded();
  void record(uint64_t bytes) { m_rate.record(m_context.clock.now(), static_cast<int64_t>(bytes)); }

 private:
  world::NodeContext& m_context;
  const base::BrokerId m_self;
  const Role m_role;
  int64_t m_bytesPerSecondMax;
  SampledRate m_rate;
  bool m_wasExceeded = false;
  /// Topics with throttled partitions here; no list: all.
  std::map<std::string, std::optional<std::vector<base::PartitionId>>> m_throttled;
};

}  // namespace streamscope::broker
