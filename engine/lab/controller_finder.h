#pragma once

#include <cstdint>
#include <vector>

#include "controller/controller_node.h"
#include "world/world.h"

namespace streamscope::lab {

/// The controller whose picture of the cluster counts: the active one of the highest epoch, else the one that has read
/// most of the metadata log; null when all are down.
const controller::ControllerNode* findLeadingController(const world::World& world,
                                                        const std::vector<int32_t>& controllerIds);

}  // namespace streamscope::lab
