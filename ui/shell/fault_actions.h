#pragma once

#include <vector>

#include "shell/actions.h"

namespace streamscope::ui {

/// What can be done to a broker's links, disk and machine, and what it can be made to answer, beside the few faults
/// that have a key: in groups, for sub menus. `selection` may be one of its replicas, whose files a bit can be flipped
/// in.
void addFaultActions(std::vector<LabAction>& actions, const Selection& selection, const lab::BrokerState& broker,
                     const lab::Snapshot& snapshot);
void addFaultActions(std::vector<LabAction>& actions, const lab::ControllerState& controller,
                     const lab::Snapshot& snapshot);
/// For one that does not run.
LabAction replaceDiskAction(const world::Address& node, const QString& name);

}  // namespace streamscope::ui
