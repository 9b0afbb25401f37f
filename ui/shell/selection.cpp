#include "shell/selection.h"

#include <utility>

namespace streamscope::ui {

void SelectionState::select(Selection selection) {
  if (selection == m_selection) return;
  m_selection = std::move(selection);
  emit changed();
}

base::BrokerId brokerOf(const Selection& selection) {
  if (const auto* broker = std::get_if<BrokerSelected>(&selection)) return broker->broker;
  if (const auto* replica = std::get_if<ReplicaSelected>(&selection)) return replica->broker;
  return base::kNoBroker;
}

}  // namespace streamscope::ui
