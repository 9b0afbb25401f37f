#include "replication_quota.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace streamscope::broker {
namespace {

constexpr const char* kLeaderReplicas = "leader.replication.throttled.replicas";
constexpr const char* kFollowerReplicas = "follower.replication.throttled.replicas";

std::optional<int32_t> numberIn(std::string_view text) {
  int32_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The partitions in "partition:broker,..." whose replica on this broker is named. The controller has checked the form.
std::vector<base::PartitionId> partitionsOf(std::string_view list, base::BrokerId broker) {
  std::vector<base::PartitionId> partitions;
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    const std::string_view one = trimmed(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    const size_t colon = one.find(':');
    if (colon == std::string_view::npos || numberIn(one.substr(colon + 1)) != broker) continue;
    if (const auto partition = numberIn(one.substr(0, colon))) partitions.push_back(*partition);
  }
  return partitions;
}

}  // namespace

ReplicationQuota::ReplicationQuota(world::NodeContext& context, const BrokerConfig& config, Role role)
    : m_context(context),
      m_self(config.nodeId),
      m_role(role),
      m_bytesPerSecondMax(role == Role::Leader ? config.leaderReplicationThrottledRate
                                               : config.followerReplicationThrottledRate),
      m_rate(config.replicationQuotaWindowNum, config.replicationQuotaWindowSize) {}

void ReplicationQuota::setTopicConfigs(const std::string& topic, const std::map<std::string, std::string>& configs) {
  forget(topic);
  const auto set = configs.find(m_role == Role::Leader ? kLeaderReplicas : kFollowerReplicas);
  if (set == configs.end()) return;
  if (trimmed(set->second) == "*") {
    m_throttled.emplace(topic, std::nullopt);
    return;
  }
  std::vector<base::PartitionId> partitions = partitionsOf(set->second, m_self);
  if (!partitions.empty()) m_throttled.emplace(topic, std::move(partitions));
}

bool ReplicationQuota::isThrottled(const base::TopicPartition& partition) const {
  const auto found = m_throttled.find(partition.topic);
  if (found == m_throttled.end()) return false;
  return !found->second || std::ranges::find(*found->second, partition.partition) != found->second->end();
}

bool ReplicationQuota::isExceeded() {
  const double rate = m_rate.perSecond(m_context.clock.now());
  const bool isExceeded = rate > static_cast<double>(m_bytesPerSecondMax);
  if (isExceeded != m_wasExceeded)
    m_context.trace.record(world::ReplicationThrottled{m_context.self, m_role == Role::Leader, isExceeded,
                                                       static_cast<int64_t>(rate), m_bytesPerSecondMax});
  m_wasExceeded = isExceeded;
  return isExceeded;
}

}  // namespace streamscope::broker
