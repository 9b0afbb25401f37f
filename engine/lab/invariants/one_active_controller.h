#pragma once

#include <map>

#include "invariant.h"
#include "untrusted_disks.h"
#include "world/address.h"

namespace streamscope::lab {

/// In one epoch of the quorum at most one controller leads, and no controller goes back to an epoch before the one it
/// was in. A leader may become active after one of a later epoch has: the fetch that made its first record committed
/// was late. Nothing is asked of controllers whose disk cannot be trusted.
class OneActiveController final : public Invariant {
 public:
  std::string_view promise() const override { return "One controller is active in one epoch."; }

 private:
  void onEvent(const world::TraceEvent& event) override;
  void onEpoch(world::Address controller, int32_t epoch, bool isLeader);

  std::map<int32_t, world::Address> m_leaders;
  std::map<world::Address, int32_t> m_epochs;
  UntrustedDisks m_untrusted;
};

}  // namespace streamscope::lab
