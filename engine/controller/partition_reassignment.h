#pragma once

#include <optional>
#include <vector>

#include "controller/metadata_image.h"

namespace streamscope::controller {

/// The replicas of a partition, the preferred leader first, and which of them are on their way in or out. With neither,
/// no reassignment is under way. Sources: KIP-455; Kafka's PartitionReassignmentReplicas, PartitionReassignmentRevert.
struct PartitionReassignment {
  std::vector<base::BrokerId> replicas;
  std::vector<base::BrokerId> adding, removing;

  bool isInProgress() const { return !adding.empty() || !removing.empty(); }
};

PartitionReassignment reassignmentOf(const PartitionRegistration& partition);

/// The way from the replicas a partition has now to `target`: who stays behind comes last until the others have caught
/// up.
PartitionReassignment reassignmentTo(const PartitionRegistration& partition, const std::vector<base::BrokerId>& target);

struct CompletedReassignment {
  std::vector<base::BrokerId> replicas, isr;
};
/// Without those that are to be removed, when one is under way and everybody who stays is in `isr`.
std::optional<CompletedReassignment> completedReassignment(const PartitionReassignment& reassignment,
                                                           const std::vector<base::BrokerId>& isr);

struct RevertedReassignment {
  std::vector<base::BrokerId> replicas, isr;
  /// Only replicas on their way in are in sync: going back means a leader without all records.
  bool isUnclean = false;
};
/// What is left when the replicas on their way in are taken out again.
RevertedReassignment revertedReassignment(const PartitionRegistration& partition);

}  // namespace streamscope::controller
