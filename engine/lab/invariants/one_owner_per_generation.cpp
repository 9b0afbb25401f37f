#include "one_owner_per_generation.h"

namespace streamscope::lab {

void OneOwnerPerGeneration::onEvent(const world::TraceEvent& event) {
  const auto* assigned = std::get_if<world::PartitionsAssigned>(&event.payload);
  if (assigned == nullptr) return;
  for (const base::TopicPartition& partition : assigned->assigned) {
    const auto [owner, isNew] =
        m_owners.try_emplace({assigned->group, assigned->generation, partition}, assigned->memberId);
    if (!isNew && owner->second != assigned->memberId)
      broken(partition.toString() + " belongs to " + owner->second + " and to " + assigned->memberId +
             " in generation " + std::to_string(assigned->generation) + " of group " + assigned->group);
  }
}

}  // namespace streamscope::lab
