#include "one_leader_per_epoch.h"

namespace streamscope::lab {

void OneLeaderPerEpoch::onEvent(const world::TraceEvent& event) {
  if (const auto* changed = std::get_if<world::LeadershipChanged>(&event.payload)) {
    if (changed->isLeader) onLeader(changed->partition, changed->leaderEpoch, changed->node.id);
  } else if (std::holds_alternative<world::QuorumRoleChanged>(event.payload)) {
    m_isQuorum = true;
  } else if (const auto* decided = std::get_if<world::PartitionChanged>(&event.payload)) {
    if (m_isQuorum) return;
    const auto known = m_decided.find(decided->partition);
    if (known != m_decided.end() && decided->leaderEpoch < known->second)
      broken("the controller went back from epoch " + std::to_string(known->second) + " of " +
             decided->partition.toString() + " to " + std::to_string(decided->leaderEpoch));
    m_decided[decided->partition] = decided->leaderEpoch;
    if (decided->leader != base::kNoBroker) onLeader(decided->partition, decided->leaderEpoch, decided->leader);
  } else if (const auto* deleted = std::get_if<world::TopicDeleted>(&event.payload)) {
    std::erase_if(m_leaders, [&](const auto& entry) { return entry.first.first.topic == deleted->topic; });
    std::erase_if(m_decided, [&](const auto& entry) { return entry.first.topic == deleted->topic; });
  }
}

void OneLeaderPerEpoch::onLeader(const base::TopicPartition& partition, base::LeaderEpoch epoch,
                                 base::BrokerId leader) {
  const auto [known, isNew] = m_leaders.try_emplace({partition, epoch}, leader);
  if (!isNew && known->second != leader)
    broken("brokers " + std::to_string(known->second) + " and " + std::to_string(leader) + " both lead " +
           partition.toString() + " in epoch " + std::to_string(epoch));
}

}  // namespace streamscope::lab
