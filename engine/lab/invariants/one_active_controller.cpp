#include "one_active_controller.h"

#include <algorithm>

namespace streamscope::lab {

void OneActiveController::onEvent(const world::TraceEvent& event) {
  m_untrusted.onEvent(event);
  if (const auto* elected = std::get_if<world::ControllerElected>(&event.payload))
    onEpoch(elected->controller, elected->epoch, true);
  else if (const auto* changed = std::get_if<world::QuorumRoleChanged>(&event.payload))
    onEpoch(changed->node, changed->epoch, changed->to == "Leader");
}

void OneActiveController::onEpoch(world::Address controller, int32_t epoch, bool isLeader) {
  if (m_untrusted.isAnyOf(world::NodeKind::Controller)) return;
  int32_t& known = m_epochs[controller];
  if (epoch < known)
    broken(controller.toString() + " is in epoch " + std::to_string(epoch) + " after it was in epoch " +
           std::to_string(known));
  known = std::max(known, epoch);
  if (!isLeader) return;
  const auto [leader, isNew] = m_leaders.try_emplace(epoch, controller);
  if (!isNew && leader->second != controller)
    broken(leader->second.toString() + " and " + controller.toString() + " both lead epoch " + std::to_string(epoch));
}

}  // namespace streamscope::lab
