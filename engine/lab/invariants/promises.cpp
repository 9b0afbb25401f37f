#include "promises.h"

#include "client/producer_node.h"

namespace streamscope::lab {
namespace {

constexpr const char* kUncleanKey = "unclean.leader.election.enable";
constexpr int16_t kAcksAll = -1;

std::string uncleanByDefault(const LabDescription& description) {
  const auto found = description.brokerConfigs.find(kUncleanKey);
  return found == description.brokerConfigs.end() ? "false" : found->second;
}

}  // namespace

Promises::Promises(const world::World& world, const ReplicaReader& replicas, const LabDescription& description,
                   InvariantChecker::Claims claims)
    : m_world(world),
      m_replicas(replicas),
      m_isEverythingClaimed(claims == InvariantChecker::Claims::EveryAcknowledgement),
      m_isAcksOneClaimed(m_isEverythingClaimed || description.bugs.has(base::KnownBug::AcksOneCountsAsPromise)),
      m_uncleanByDefault(uncleanByDefault(description)) {}

bool Promises::isElectedCleanly(const std::string& topic) const {
  if (m_isEverythingClaimed) return true;
  const controller::MetadataImage* image = m_replicas.image();
  if (image == nullptr) return false;
  const auto& configs = image->topicConfigs(topic);
  const auto found = configs.find(kUncleanKey);
  return (found == configs.end() ? m_uncleanByDefault : found->second) == "false";
}

bool Promises::coversAcknowledgement(world::Address producer, const std::string& topic) const {
  if (!isElectedCleanly(topic)) return false;
  if (m_isAcksOneClaimed) return true;
  const auto* node = static_cast<const client::ProducerNode*>(m_world.node(producer));
  return node != nullptr && node->config().acks == kAcksAll;
}

}  // namespace streamscope::lab
