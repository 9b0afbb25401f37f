#include "replica_selector.h"

#include <tuple>

namespace streamscope::broker {
namespace {

bool isWorse(const SelectableReplica& left, const SelectableReplica& right) {
  return std::tuple(left.logEndOffset, -left.sinceCaughtUp, left.id) <
         std::tuple(right.logEndOffset, -right.sinceCaughtUp, right.id);
}

}  // namespace

base::BrokerId selectReadReplica(ReplicaSelector selector, const std::string& rack, const SelectableReplica& leader,
                                 const std::vector<SelectableReplica>& followers) {
  if (selector != ReplicaSelector::RackAware || rack.empty() || leader.rack == rack) return base::kNoBroker;
  const SelectableReplica* best = nullptr;
  for (const SelectableReplica& follower : followers)
    if (follower.rack == rack && (best == nullptr || isWorse(*best, follower))) best = &follower;
  return best == nullptr ? base::kNoBroker : best->id;
}

}  // namespace streamscope::broker
