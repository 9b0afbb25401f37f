#include "partition_change_builder.h"

#include <algorithm>
#include <utility>

namespace streamscope::controller {

PartitionChangeBuilder::PartitionChangeBuilder(const PartitionRegistration& partition, const base::Uuid& topicId,
                                               base::PartitionId partitionId,
                                               std::function<bool(base::BrokerId)> isAcceptableLeader)
    : m_partition(partition),
      m_topicId(topicId),
      m_partitionId(partitionId),
      m_isAcceptableLeader(std::move(isAcceptableLeader)),
      m_targetIsr(partition.isr),
      m_targetLeaderRecoveryState(partition.leaderRecoveryState) {}

PartitionChangeBuilder& PartitionChangeBuilder::setElection(Election election) {
  m_election = election;
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::setTargetIsr(std::vector<base::BrokerId> isr) {
  m_targetIsr = std::move(isr);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::setTargetLeaderRecoveryState(LeaderRecoveryState state) {
  m_targetLeaderRecoveryState = state;
  return *this;
}

bool PartitionChangeBuilder::isCleanCandidate(base::BrokerId broker) const {
  return std::find(m_targetIsr.begin(), m_targetIsr.end(), broker) != m_targetIsr.end() && m_isAcceptableLeader(broker);
}

PartitionChangeBuilder::Elected PartitionChangeBuilder::electLeader() const {
  const auto& replicas = m_partition.replicas;
  if (m_election == Election::Preferred && isCleanCandidate(replicas.front())) return {replicas.front()};
  if (isCleanCandidate(m_partition.leader)) return {m_partition.leader};
  const auto clean =
      std::find_if(replicas.begin(), replicas.end(), [this](base::BrokerId each) { return isCleanCandidate(each); });
  if (clean != replicas.end()) return {*clean};
  // It had every committed record when it left the ISR (KIP-966).
  const auto& eligible = m_partition.eligibleLeaderReplicas;
  const auto elr = std::find_if(replicas.begin(), replicas.end(), [&](base::BrokerId each) {
    return std::find(eligible.begin(), eligible.end(), each) != eligible.end() && m_isAcceptableLeader(each);
  });
  if (elr != replicas.end()) return {.leader = *elr, .fromOutsideIsr = true};
  if (m_election == Election::Unclean) {
    const auto alive = std::find_if(replicas.begin(), replicas.end(), m_isAcceptableLeader);
    if (alive != replicas.end()) return {.leader = *alive, .fromOutsideIsr = true, .unclean = true};
  }
  return {};
}

std::optional<protocol::PartitionChangeRecord> PartitionChangeBuilder::build() const {
  protocol::PartitionChangeRecord record;
  record.topicId = m_topicId;
  record.partitionId = m_partitionId;
  const protocol::PartitionChangeRecord unchanged = record;

  const Elected elected = electLeader();
  if (elected.leader != m_partition.leader) record.leader = elected.leader;

  LeaderRecoveryState recoveryState = m_targetLeaderRecoveryState;
  if (elected.fromOutsideIsr && elected.leader != m_partition.leader) {
    record.isr = {{elected.leader}};
    if (elected.unclean) recoveryState = LeaderRecoveryState::Recovering;
  } else if (!m_targetIsr.empty() && m_targetIsr != m_partition.isr) {
    // An ISR never becomes empty (without eligible leader replicas, KIP-966): its last member stays in it.
    record.isr = m_targetIsr;
  }
  if (recoveryState != m_partition.leaderRecoveryState) record.leaderRecoveryState = static_cast<int8_t>(recoveryState);

  if (record == unchanged) return std::nullopt;
  // Nobody here keeps them up to date: with an ISR that has members they are forgotten rather than wrong later.
  const std::vector<base::BrokerId> none;
  if (record.isr || !m_partition.isr.empty()) {
    if (!m_partition.eligibleLeaderReplicas.empty()) record.eligibleLeaderReplicas = none;
    if (!m_partition.lastKnownElr.empty()) record.lastKnownElr = none;
  }
  return record;
}

}  // namespace streamscope::controller
