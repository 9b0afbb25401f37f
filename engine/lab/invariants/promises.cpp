#include "promises.h"

#include <algorithm>
#include <map>

#include "client/producer_node.h"

namespace streamscope::lab {
namespace {

constexpr const char* kUncleanKey = "unclean.leader.election.enable";
constexpr int16_t kAcksAll = -1;
/// request.timeout.ms, and a little.
constexpr base::Duration kAnswersTakeAtMost = std::chrono::seconds(35);

std::string valueOr(const std::map<std::string, std::string>& configs, const char* key, const std::string& otherwise) {
  const auto found = configs.find(key);
  return found == configs.end() ? otherwise : found->second;
}

}  // namespace

Promises::Promises(const world::World& world, const ReplicaReader& replicas, const LabDescription& description,
                   InvariantChecker::Claims claims)
    : m_world(world),
      m_replicas(replicas),
      m_isEverythingClaimed(claims == InvariantChecker::Claims::EveryAcknowledgement),
      m_isAcksOneClaimed(m_isEverythingClaimed || description.bugs.has(base::KnownBug::AcksOneCountsAsPromise)),
      m_uncleanByDefault(valueOr(description.brokerConfigs, kUncleanKey, "false")),
      m_cleanupPolicyByDefault(valueOr(description.brokerConfigs, "log.cleanup.policy", "delete")) {}

void Promises::onEvent(const world::TraceEvent& event) {
  m_lossAllowedNow.reset();
  if (const auto* moved = std::get_if<world::HighWatermarkMoved>(&event.payload)) {
    base::Offset& highest = m_highWatermarks[moved->partition];
    highest = std::max(highest, moved->to);
  } else if (const auto* leader = std::get_if<world::LeadershipChanged>(&event.payload)) {
    if (leader->isLeader) onLeader(*leader, event);
  } else if (const auto* changed = std::get_if<world::PartitionChanged>(&event.payload)) {
    // Who comes into the ISR has everything again.
    for (const base::BrokerId broker : changed->isr)
      if (std::ranges::find(changed->isrBefore, broker) == changed->isrBefore.end())
        m_wholeSince[{changed->partition, broker}] = event.id;
  } else if (const auto* lost = std::get_if<world::UnsyncedChangesLost>(&event.payload)) {
    if (lost->names != 0 || lost->files != 0) onDiskLost(lost->node, event.id);
  } else if (const auto* replaced = std::get_if<world::DiskReplaced>(&event.payload)) {
    onDiskLost(replaced->node, event.id);
  } else if (const auto* disk = std::get_if<world::DiskConditionsChanged>(&event.payload)) {
    m_isDiskToBlame = m_isDiskToBlame || disk->losesSyncs;
  } else if (std::holds_alternative<world::BitFlipped>(event.payload)) {
    m_isDiskToBlame = true;
  }
}

void Promises::onDiskLost(world::Address node, world::EventId event) {
  if (node.kind == world::NodeKind::Broker) m_lostAt[node.id] = event;
}

void Promises::onLeader(const world::LeadershipChanged& leader, const world::TraceEvent& event) {
  const auto lost = m_lostAt.find(leader.node.id);
  if (lost == m_lostAt.end()) return;
  world::EventId& wholeSince = m_wholeSince[{leader.partition, leader.node.id}];
  if (lost->second < wholeSince) return;
  wholeSince = event.id;
  const log::PartitionLog* const log = m_replicas.log(leader.node.id, leader.partition);
  const base::Offset end = log == nullptr ? 0 : log->logEndOffset();
  if (end >= m_highWatermarks[leader.partition]) return;
  m_broken[leader.partition] = event.time;
  if (!m_isEverythingClaimed) m_lossAllowedNow = {leader.partition, end};
}

bool Promises::isElectedCleanly(const std::string& topic) const {
  if (m_isEverythingClaimed) return true;
  if (m_isDiskToBlame) return false;
  const controller::MetadataImage* image = m_replicas.image();
  if (image == nullptr) return false;
  return valueOr(image->topicConfigs(topic), kUncleanKey, m_uncleanByDefault) == "false";
}

bool Promises::isHistoryKept(const base::TopicPartition& partition) const {
  return m_isEverythingClaimed || (isElectedCleanly(partition.topic) && !hasLostHistory(partition));
}

bool Promises::isCompacted(const std::string& topic) const {
  const controller::MetadataImage* image = m_replicas.image();
  const std::string policy = image == nullptr
                                 ? m_cleanupPolicyByDefault
                                 : valueOr(image->topicConfigs(topic), "cleanup.policy", m_cleanupPolicyByDefault);
  return policy.find("compact") != std::string::npos;
}

bool Promises::coversAcknowledgement(world::Address producer, const base::TopicPartition& partition,
                                     base::VirtualTime now) const {
  if (!isElectedCleanly(partition.topic)) return false;
  const auto broken = m_broken.find(partition);
  if (broken != m_broken.end() && now - broken->second < kAnswersTakeAtMost && !m_isEverythingClaimed) return false;
  if (m_isAcksOneClaimed) return true;
  const auto* node = static_cast<const client::ProducerNode*>(m_world.node(producer));
  return node != nullptr && node->config().acks == kAcksAll;
}

}  // namespace streamscope::lab
