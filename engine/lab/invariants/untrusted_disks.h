#pragma once

#include <algorithm>
#include <set>

#include "world/address.h"
#include "world/trace.h"

namespace streamscope::lab {

/// Nodes whose disk does not keep what was synced: a bit turned over, a sync did nothing, or it was replaced.
class UntrustedDisks {
 public:
  void onEvent(const world::TraceEvent& event) {
    if (const auto* flipped = std::get_if<world::BitFlipped>(&event.payload))
      m_nodes.insert(flipped->node);
    else if (const auto* replaced = std::get_if<world::DiskReplaced>(&event.payload))
      m_nodes.insert(replaced->node);
    else if (const auto* disk = std::get_if<world::DiskConditionsChanged>(&event.payload); disk && disk->losesSyncs)
      m_nodes.insert(disk->node);
  }
  bool contains(world::Address node) const { return m_nodes.contains(node); }
  bool isAnyOf(world::NodeKind kind) const {
    return std::ranges::any_of(m_nodes, [kind](world::Address node) { return node.kind == kind; });
  }

 private:
  std::set<world::Address> m_nodes;
};

}  // namespace streamscope::lab
