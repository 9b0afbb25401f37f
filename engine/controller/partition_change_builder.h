#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "controller/metadata_image.h"
#include "partition_reassignment.h"

namespace streamscope::controller {

/// Which brokers a new leader may come from.
enum class Election : uint8_t {
  /// The ISR; the present leader stays while it can.
  Online,
  /// The ISR; the preferred replica (the first of the assignment) before the present leader.
  Preferred,
  /// The ISR, and if nobody there can lead, any replica: records may be lost (unclean.leader.election.enable).
  Unclean,
};

/// Decides what becomes of one partition when its ISR or the brokers' states change, and says it in one record.
///
/// Candidates are tried in the order of the assignment, then the eligible leader replicas that a log of Kafka's names
/// when its ISR was left empty (KIP-966; here they only come back, none are made). With no candidate the partition has
/// no leader (-1) and keeps its last ISR, so that only a member of it can come back as a clean leader. A leader in the
/// record starts a new leader epoch; every record starts a new partition epoch; an ISR change alone does not touch the
/// leader epoch (since metadata.version 3.6-IV0). A change that lets a reassignment be complete completes it. Source:
/// Kafka's PartitionChangeBuilder.
class PartitionChangeBuilder {
 public:
  /// `isAcceptableLeader`: registered, unfenced, not shutting down, log directory online.
  PartitionChangeBuilder(const PartitionRegistration& partition, const base::Uuid& topicId,
                         base::PartitionId partitionId, std::function<bool(base::BrokerId)> isAcceptableLeader);

  PartitionChangeBuilder& setElection(Election election);
  PartitionChangeBuilder& setTargetIsr(std::vector<base::BrokerId> isr);
  /// All replicas in their new order, with those of `reassignment` that come and go.
  PartitionChangeBuilder& setTargetReassignment(PartitionReassignment reassignment);
  /// The log directory of a replica that is new; a replica that stays keeps its own.
  PartitionChangeBuilder& setDefaultDirectory(std::function<base::Uuid(base::BrokerId)> defaultDirectory);
  PartitionChangeBuilder& setTargetLeaderRecoveryState(LeaderRecoveryState state);

  /// Nothing when nothing changes.
  std::optional<protocol::PartitionChangeRecord> build();

 private:
  struct Elected {
    base::BrokerId leader = base::kNoBroker;
    bool fromOutsideIsr = false;
    bool unclean = false;
  };

  Elected electLeader() const;
  bool isCleanCandidate(base::BrokerId broker) const;
  void setAssignment(protocol::PartitionChangeRecord& record) const;

  const PartitionRegistration& m_partition;
  base::Uuid m_topicId;
  base::PartitionId m_partitionId;
  std::function<bool(base::BrokerId)> m_isAcceptableLeader;
  Election m_election = Election::Online;
  std::vector<base::BrokerId> m_targetIsr;
  PartitionReassignment m_targetReassignment;
  std::function<base::Uuid(base::BrokerId)> m_defaultDirectory;
  LeaderRecoveryState m_targetLeaderRecoveryState;
};

}  // namespace streamscope::controller
