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
      m_targetReassignment(reassignmentOf(partition)),
      m_targetLeaderRecoveryState(partition.leaderRecoveryState) {}

PartitionChangeBuilder& PartitionChangeBuilder::setElection(Election election) {
  m_election = election;
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::setTargetIsr(std::vector<base::BrokerId> isr) {
  m_targetIsr = std::move(isr);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::setTargetReassignment(PartitionReassignment reassignment) {
  m_targetReassignment = std::move(reassignment);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::setDefaultDirectory(
    std::function<base::Uuid(base::BrokerId)> defaultDirectory) {
  m_defaultDirectory = std::move(defaultDirectory);
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
  const auto& replicas = m_targetReassignment.replicas;
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

void PartitionChangeBuilder::setAssignment(protocol::PartitionChangeRecord& record) const {
  const PartitionReassignment& target = m_targetReassignment;
  if (target.removing != m_partition.removingReplicas) record.removingReplicas = target.removing;
  if (target.adding != m_partition.addingReplicas) record.addingReplicas = target.adding;
  if (target.replicas == m_partition.replicas) return;
  record.replicas = target.replicas;
  std::vector<base::Uuid> directories;
  for (const base::BrokerId broker : target.replicas) {
    const auto before = std::find(m_partition.replicas.begin(), m_partition.replicas.end(), broker);
    const auto index = static_cast<size_t>(before - m_partition.replicas.begin());
    if (index < m_partition.directories.size())
      directories.push_back(m_partition.directories[index]);
    else if (m_defaultDirectory)
      directories.push_back(m_defaultDirectory(broker));
  }
  // A log older than metadata.version 3.7-IV2 knows no directories.
  if (directories.size() == target.replicas.size() && directories != m_partition.directories)
    record.directories = std::move(directories);
}

std::optional<protocol::PartitionChangeRecord> PartitionChangeBuilder::build() {
  protocol::PartitionChangeRecord record;
  record.topicId = m_topicId;
  record.partitionId = m_partitionId;
  const protocol::PartitionChangeRecord unchanged = record;

  if (const auto completed = completedReassignment(m_targetReassignment, m_targetIsr)) {
    m_targetReassignment = {completed->replicas, {}, {}};
    m_targetIsr = completed->isr;
  }
  const Elected elected = electLeader();
  if (elected.leader != m_partition.leader) record.leader = elected.leader;
  // A replica that leaves for good is fenced off by a new leader epoch, though the leader stays.
  const bool leavesOne = std::any_of(m_partition.replicas.begin(), m_partition.replicas.end(), [this](auto broker) {
    const auto& target = m_targetReassignment.replicas;
    return std::find(target.begin(), target.end(), broker) == target.end();
  });
  if (leavesOne && record.leader == kNoLeaderChange) record.leader = m_partition.leader;

  LeaderRecoveryState recoveryState = m_targetLeaderRecoveryState;
  if (elected.fromOutsideIsr && elected.leader != m_partition.leader) {
    record.isr = {{elected.leader}};
    if (elected.unclean) recoveryState = LeaderRecoveryState::Recovering;
  } else if (!m_targetIsr.empty() && m_targetIsr != m_partition.isr) {
    // An ISR never becomes empty (without eligible leader replicas, KIP-966): its last member stays in it.
    record.isr = m_targetIsr;
  }
  setAssignment(record);
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
