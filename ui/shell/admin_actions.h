#pragma once

#include <vector>

#include "shell/actions.h"

namespace streamscope::ui {

/// What an administrator asks the cluster for, about the selected replica's partition and topic: an election, another
/// broker or log directory for the replica, more partitions, configs. In groups, for sub menus.
void addAdminActions(std::vector<LabAction>& actions, const ReplicaSelected& selected, const lab::BrokerState& broker,
                     const lab::Snapshot& snapshot);
/// The same for the cluster as a whole.
void addClusterActions(std::vector<LabAction>& actions);

}  // namespace streamscope::ui
