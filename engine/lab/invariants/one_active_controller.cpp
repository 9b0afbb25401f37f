#include "one_active_controller.h"

namespace streamscope::lab {

void OneActiveController::onEvent(const world::TraceEvent& event) {
  const auto* elected = std::get_if<world::ControllerElected>(&event.payload);
  if (elected == nullptr) return;
  const auto [known, isNew] = m_active.try_emplace(elected->epoch, elected->controller);
  if (!isNew && known->second != elected->controller)
    broken(known->second.toString() + " and " + elected->controller.toString() + " are both active in epoch " +
           std::to_string(elected->epoch));
  if (isNew && std::next(known) != m_active.end())
    broken(elected->controller.toString() + " became active in epoch " + std::to_string(elected->epoch) +
           ", after epoch " + std::to_string(m_active.rbegin()->first));
}

}  // namespace streamscope::lab
