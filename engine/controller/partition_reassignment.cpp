#include "partition_reassignment.h"

#include <algorithm>

#include "base/assert.h"

namespace streamscope::controller {

namespace {

using Brokers = std::vector<base::BrokerId>;

bool contains(const Brokers& brokers, base::BrokerId broker) {
  return std::find(brokers.begin(), brokers.end(), broker) != brokers.end();
}

/// In the order of `brokers`.
Brokers without(const Brokers& brokers, const Brokers& others) {
  Brokers rest;
  std::copy_if(brokers.begin(), brokers.end(), std::back_inserter(rest),
               [&](base::BrokerId broker) { return !contains(others, broker); });
  return rest;
}

Brokers sorted(Brokers brokers) {
  std::sort(brokers.begin(), brokers.end());
  return brokers;
}

}  // namespace

PartitionReassignment reassignmentOf(const PartitionRegistration& partition) {
  return {partition.replicas, partition.addingReplicas, partition.removingReplicas};
}

PartitionReassignment reassignmentTo(const PartitionRegistration& partition, const Brokers& target) {
  PartitionReassignment reassignment;
  reassignment.removing = sorted(without(partition.replicas, target));
  reassignment.adding = sorted(without(target, partition.replicas));
  reassignment.replicas = target;
  reassignment.replicas.insert(reassignment.replicas.end(), reassignment.removing.begin(), reassignment.removing.end());
  return reassignment;
}

std::optional<CompletedReassignment> completedReassignment(const PartitionReassignment& reassignment,
                                                           const Brokers& isr) {
  if (!reassignment.isInProgress()) return std::nullopt;
  CompletedReassignment completed{without(reassignment.replicas, reassignment.removing),
                                  without(isr, reassignment.removing)};
  if (completed.isr.empty() || completed.replicas.empty()) return std::nullopt;
  const bool areInSync = std::all_of(completed.replicas.begin(), completed.replicas.end(),
                                     [&](base::BrokerId broker) { return contains(completed.isr, broker); });
  return areInSync ? std::optional(std::move(completed)) : std::nullopt;
}

RevertedReassignment revertedReassignment(const PartitionRegistration& partition) {
  RevertedReassignment reverted;
  reverted.replicas = without(partition.replicas, partition.addingReplicas);
  reverted.isr = without(partition.isr, partition.addingReplicas);
  STREAMSCOPE_ASSERT(!reverted.replicas.empty());
  if (!reverted.isr.empty()) return reverted;
  reverted.isr = {reverted.replicas.front()};
  reverted.isUnclean = true;
  return reverted;
}

}  // namespace streamscope::controller
