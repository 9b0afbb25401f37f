#pragma once

#include <map>

#include "invariant.h"
#include "world/address.h"

namespace streamscope::lab {

/// In one epoch of the quorum at most one controller is active, and epochs only grow.
class OneActiveController final : public Invariant {
 public:
  std::string_view promise() const override { return "One controller is active in one epoch."; }

 private:
  void onEvent(const world::TraceEvent& event) override;

  std::map<int32_t, world::Address> m_active;
};

}  // namespace streamscope::lab
