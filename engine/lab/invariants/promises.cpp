#include "promises.h"

#include <map>

#include "client/producer_node.h"

namespace streamscope::lab {
namespace {

constexpr const char* kUncleanKey = "unclean.leader.election.enable";
constexpr int16_t kAcksAll = -1;

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
  const auto* disk = std::get_if<world::DiskConditionsChanged>(&event.payload);
  if ((disk != nullptr && disk->losesSyncs) || std::holds_alternative<world::UnsyncedChangesLost>(event.payload) ||
      std::holds_alternative<world::BitFlipped>(event.payload))
    m_isDiskToBlame = true;
}

bool Promises::isElectedCleanly(const std::string& topic) const {
  if (m_isEverythingClaimed) return true;
  if (m_isDiskToBlame) return false;
  const controller::MetadataImage* image = m_replicas.image();
  if (image == nullptr) return false;
  return valueOr(image->topicConfigs(topic), kUncleanKey, m_uncleanByDefault) == "false";
}

bool Promises::isCompacted(const std::string& topic) const {
  const controller::MetadataImage* image = m_replicas.image();
  const std::string policy = image == nullptr
                                 ? m_cleanupPolicyByDefault
                                 : valueOr(image->topicConfigs(topic), "cleanup.policy", m_cleanupPolicyByDefault);
  return policy.find("compact") != std::string::npos;
}

bool Promises::coversAcknowledgement(world::Address producer, const std::string& topic) const {
  if (!isElectedCleanly(topic)) return false;
  if (m_isAcksOneClaimed) return true;
  const auto* node = static_cast<const client::ProducerNode*>(m_world.node(producer));
  return node != nullptr && node->config().acks == kAcksAll;
}

}  // namespace streamscope::lab
