#include <algorithm>

#include "partition.h"

// The leader's side of replication: the high watermark and who is in sync. Sources: Kafka's Partition, KIP-497
// (AlterPartition), KIP-841 (fenced replicas stay out), KIP-966 (no advance below min.insync.replicas).

namespace streamscope::broker {
namespace {

bool contains(const std::vector<base::BrokerId>& brokers, base::BrokerId id) {
  return std::ranges::find(brokers, id) != brokers.end();
}

}  // namespace

FollowerState* Partition::findFollower(base::BrokerId id) {
  const auto found = std::ranges::find_if(m_followers, [id](const FollowerState& f) { return f.id() == id; });
  return found == m_followers.end() ? nullptr : &*found;
}

int32_t Partition::effectiveMinIsr() const {
  return std::min(m_config.minInsyncReplicas, static_cast<int32_t>(m_replicas.size()));
}

std::optional<base::ErrorCode> Partition::acksAllOutcome(base::Offset requiredOffset) const {
  if (!isLeader()) return base::ErrorCode::NOT_LEADER_OR_FOLLOWER;
  if (highWatermark() < requiredOffset) return std::nullopt;
  return std::ssize(m_maximalIsr) >= effectiveMinIsr() ? base::ErrorCode::NONE
                                                       : base::ErrorCode::NOT_ENOUGH_REPLICAS_AFTER_APPEND;
}

base::ErrorCode Partition::updateFollower(base::BrokerId id, const PartitionFetch& fetch, int64_t brokerEpoch) {
  FollowerState* follower = findFollower(id);
  if (follower == nullptr) return base::ErrorCode::UNKNOWN_LEADER_EPOCH;
  const controller::BrokerRegistration* registration = m_context.image.findBroker(id);
  if (brokerEpoch != -1 && registration != nullptr && registration->isActive() && brokerEpoch < registration->epoch &&
      !m_context.config.bugs.has(base::KnownBug::FencingOff))
    return base::ErrorCode::NOT_LEADER_OR_FOLLOWER;
  const base::Offset before = follower->logEndOffset();
  const base::Offset startBefore = follower->logStartOffset();
  follower->fetched(m_context.node.clock.now(), fetch.fetchOffset, fetch.logStartOffset, m_log->logEndOffset(),
                    brokerEpoch);
  maybeExpandIsr(*follower);
  if (before != follower->logEndOffset()) maybeIncrementHighWatermark();
  if (startBefore != follower->logStartOffset()) m_context.listener.onLowWatermarkMoved(*this);
  return base::ErrorCode::NONE;
}

bool Partition::maybeIncrementHighWatermark() {
  if (!isLeader() || std::ssize(m_isr) < effectiveMinIsr()) return false;
  const base::VirtualTime now = m_context.node.clock.now();
  const base::Offset leaderEnd = m_log->logEndOffset();
  if (m_context.config.bugs.has(base::KnownBug::HighWatermarkPastIsr)) return followFastestReplica();
  base::Offset candidate = leaderEnd;
  for (const FollowerState& follower : m_followers) {
    if (follower.logEndOffset() >= candidate) continue;
    // A follower outside the ISR that keeps up is waited for, or it could never join.
    const bool mustWait =
        contains(m_maximalIsr, follower.id()) ||
        (follower.isCaughtUp(leaderEnd, now, m_context.config.replicaLagTimeMax) && isEligibleForIsr(follower));
    if (mustWait) candidate = follower.logEndOffset();
  }
  if (candidate <= highWatermark()) return false;
  setHighWatermark(candidate);
  return true;
}

bool Partition::followFastestReplica() {
  const auto fastest = std::ranges::max_element(m_followers, {}, &FollowerState::logEndOffset);
  const base::Offset candidate = fastest == m_followers.end() ? m_log->logEndOffset() : fastest->logEndOffset();
  if (candidate <= highWatermark()) return false;
  setHighWatermark(candidate);
  return true;
}

bool Partition::isEligibleForIsr(const FollowerState& follower) const {
  const controller::BrokerRegistration* registration = m_context.image.findBroker(follower.id());
  if (registration == nullptr || !registration->isActive() || !follower.brokerEpoch()) return false;
  return *follower.brokerEpoch() == -1 || *follower.brokerEpoch() == registration->epoch;
}

void Partition::maybeExpandIsr(const FollowerState& follower) {
  if (m_isProposalInFlight || contains(m_isr, follower.id()) || !isEligibleForIsr(follower)) return;
  if (follower.logEndOffset() < highWatermark() || follower.logEndOffset() < m_leaderEpochStartOffset) return;
  std::vector<base::BrokerId> isr = m_isr;
  isr.push_back(follower.id());
  m_maximalIsr = isr;
  proposeIsr(std::move(isr));
}

void Partition::maybeShrinkIsr() {
  if (!isLeader() || m_isProposalInFlight) return;
  const base::VirtualTime now = m_context.node.clock.now();
  const base::Offset leaderEnd = m_log->logEndOffset();
  std::vector<base::BrokerId> isr;
  for (const base::BrokerId id : m_isr) {
    const FollowerState* follower = findFollower(id);
    if (follower == nullptr || follower->isCaughtUp(leaderEnd, now, m_context.config.replicaLagTimeMax))
      isr.push_back(id);
  }
  if (isr.size() == m_isr.size()) return;
  if (m_context.config.bugs.has(base::KnownBug::ShrinkIsrWithoutController)) commitIsr(isr, m_partitionEpoch);
  proposeIsr(std::move(isr));
}

void Partition::proposeIsr(std::vector<base::BrokerId> isr) {
  m_isProposalInFlight = true;
  m_proposedIsr = std::move(isr);
  sendProposal();
}

void Partition::sendProposal() {
  IsrProposal proposal{m_topicId, m_name.partition, m_leaderEpoch, m_partitionEpoch, {}};
  for (const base::BrokerId id : m_proposedIsr) {
    const FollowerState* follower = findFollower(id);
    int64_t epoch = -1;
    if (follower != nullptr) {
      epoch = follower->brokerEpoch().value_or(-1);
    } else if (const auto* self = m_context.image.findBroker(id)) {
      epoch = self->epoch;
    }
    proposal.isr.push_back({id, epoch});
  }
  const uint64_t number = ++m_proposalNumber;
  m_context.alterPartition.submit(std::move(proposal), [weak = weak_from_this(), number](const auto& decision) {
    if (const auto self = weak.lock()) self->onIsrDecision(decision, number);
  });
}

void Partition::onIsrDecision(const base::Result<IsrDecision, base::ErrorCode>& decision, uint64_t proposal) {
  if (proposal != m_proposalNumber || !m_isProposalInFlight) return;
  if (decision) {
    if (decision->leaderEpoch != m_leaderEpoch || decision->partitionEpoch < m_partitionEpoch) return;
    commitIsr(decision->isr, decision->partitionEpoch);
    return;
  }
  switch (decision.error()) {
    case base::ErrorCode::OPERATION_NOT_ATTEMPTED:
    case base::ErrorCode::INELIGIBLE_REPLICA:
      // Nothing was written: the committed state is still the state.
      commitIsr(m_isr, m_partitionEpoch);
      return;
    case base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION:
    case base::ErrorCode::UNKNOWN_TOPIC_ID:
    case base::ErrorCode::FENCED_LEADER_EPOCH:
    case base::ErrorCode::INVALID_UPDATE_VERSION:
    case base::ErrorCode::INVALID_REQUEST:
    case base::ErrorCode::NEW_LEADER_ELECTED:
      // This leader is behind; the metadata log is about to tell what is true, and ends the proposal.
      return;
    default:
      sendProposal();
  }
}

void Partition::commitIsr(std::vector<base::BrokerId> isr, int32_t partitionEpoch) {
  m_isr = std::move(isr);
  m_maximalIsr = m_isr;
  m_partitionEpoch = partitionEpoch;
  m_isProposalInFlight = false;
  ++m_proposalNumber;
  maybeIncrementHighWatermark();
}

}  // namespace streamscope::broker
