#pragma once

#include <vector>

#include "lab/snapshot.h"
#include "lab_cluster.h"

namespace streamscope::lab {

/// The groups of all coordinators that run, sorted by id.
std::vector<GroupState> groupStatesOf(const LabCluster& cluster);

}  // namespace streamscope::lab
