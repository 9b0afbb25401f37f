#include "subscription_state.h"

#include "base/assert.h"

namespace streamscope::client {

void SubscriptionState::assign(const PartitionKey& key) {
  const auto [place, isNew] = m_positions.try_emplace(key);
  if (isNew) place->second.jumps = ++m_lastJump;
}

void SubscriptionState::assignFromGroup(const std::set<PartitionKey>& keys) {
  std::erase_if(m_positions, [&](const auto& each) { return !keys.contains(each.first); });
  for (const PartitionKey& key : keys) {
    const auto [place, isNew] = m_positions.try_emplace(key);
    Position& position = place->second;
    position.isRevocationPending = false;
    if (!isNew) continue;
    position.state = FetchState::Initializing;
    position.jumps = ++m_lastJump;
  }
}

std::set<PartitionKey> SubscriptionState::assigned() const {
  std::set<PartitionKey> keys;
  for (const auto& [key, position] : m_positions) keys.insert(keys.end(), key);
  return keys;
}

SubscriptionState::Position* SubscriptionState::find(const PartitionKey& key) {
  const auto found = m_positions.find(key);
  return found == m_positions.end() ? nullptr : &found->second;
}

SubscriptionState::Position* SubscriptionState::find(const PartitionKey& key, uint64_t jumps) {
  Position* position = find(key);
  return position != nullptr && position->jumps == jumps ? position : nullptr;
}

void SubscriptionState::updateLeaders(const ClusterMetadata& metadata) {
  for (auto& [key, position] : m_positions) {
    const ClusterMetadata::Leader leader = metadata.leader(key);
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

void SubscriptionState::requestReset(Position& position) {
  position.state = FetchState::AwaitReset;
  position.fetchEpoch = base::kNoEpoch;
  position.isNothingYoungEnough = false;
  position.isOffsetRequestInFlight = false;
  position.jumps = ++m_lastJump;
}

void SubscriptionState::seek(Position& position, base::Offset offset, base::LeaderEpoch epoch) {
  STREAMSCOPE_ASSERT(offset >= 0);
  position.state = FetchState::Fetching;
  position.position = offset;
  position.fetchOffset = offset;
  position.fetchEpoch = epoch;
  position.retryAt = {};
  position.failures = 0;
  position.isOffsetRequestInFlight = false;
  position.jumps = ++m_lastJump;
}

void SubscriptionState::seekToCommitted(Position& position, base::Offset offset, base::LeaderEpoch epoch) {
  seek(position, offset, epoch);
  position.committed = offset;
  if (epoch != base::kNoEpoch && position.leader.epoch > epoch) position.state = FetchState::AwaitValidation;
}

void SubscriptionState::completeValidation(Position& position) const {
  STREAMSCOPE_ASSERT(position.state == FetchState::AwaitValidation);
  position.state = FetchState::Fetching;
  position.retryAt = {};
  position.failures = 0;
}

}  // namespace streamscope::client
