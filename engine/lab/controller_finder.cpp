#include "controller_finder.h"

#include <tuple>

namespace streamscope::lab {

const controller::ControllerNode* findLeadingController(const world::World& world,
                                                        const std::vector<int32_t>& controllerIds) {
  const auto rank = [](const controller::ControllerNode& node) {
    return std::tuple(node.isActive(), node.isActive() ? node.epoch() : 0, node.image().offset());
  };
  const controller::ControllerNode* leading = nullptr;
  for (const int32_t id : controllerIds) {
    const auto* node = static_cast<const controller::ControllerNode*>(world.node(world::controllerAddress(id)));
    if (node != nullptr && (leading == nullptr || rank(*node) > rank(*leading))) leading = node;
  }
  return leading;
}

}  // namespace streamscope::lab
