#include "subscription_state.h"

#include "base/assert.h"

namespace streamscope::client {

void SubscriptionState::updateLeaders(const ClusterMetadata& metadata) {
  for (auto& [partition, position] : m_positions) {
    const ClusterMetadata::Leader leader = metadata.leader(partition);
    if (leader == position.leader) continue;
    const bool isNewEpoch = leader.epoch != position.leader.epoch;
    position.leader = leader;
    if (!isNewEpoch) continue;
    position.retryAt = {};
    position.failures = 0;
    if (position.state == FetchState::Fetching && position.fetchEpoch != base::kNoEpoch)
      position.state = FetchState::AwaitValidation;
  }
}

void SubscriptionState::requestReset(Position& position) const {
  position.state = FetchState::AwaitReset;
  position.fetchEpoch = base::kNoEpoch;
  ++position.jumps;
}

void SubscriptionState::seek(Position& position, base::Offset offset, base::LeaderEpoch epoch) const {
  STREAMSCOPE_ASSERT(offset >= 0);
  position.state = FetchState::Fetching;
  position.position = offset;
  position.fetchOffset = offset;
  position.fetchEpoch = epoch;
  position.retryAt = {};
  position.failures = 0;
  ++position.jumps;
}

void SubscriptionState::completeValidation(Position& position) const {
  STREAMSCOPE_ASSERT(position.state == FetchState::AwaitValidation);
  position.state = FetchState::Fetching;
  position.retryAt = {};
  position.failures = 0;
}

}  // namespace streamscope::client
