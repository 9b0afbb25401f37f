#include "stage/hit_test.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace streamscope::ui {
namespace {

struct Target {
  Selection selection;
  QRectF rect;
};

/// Everything an arrow key can reach. A broker is reached by its header.
std::vector<Target> targetsOf(const StageLayout& layout) {
  std::vector<Target> targets;
  for (const auto& controller : layout.controllers)
    targets.push_back({ControllerSelected{controller.id}, controller.rect});
  for (const auto& broker : layout.brokers) {
    targets.push_back({BrokerSelected{broker.id}, broker.header});
    for (const auto& lane : broker.lanes) targets.push_back({ReplicaSelected{broker.id, lane.partition}, lane.rect});
  }
  for (const auto& client : layout.clients) targets.push_back({client.selection, client.rect});
  return targets;
}

/// How far `to` is from `from` in that direction; infinite when it is not in that direction.
double costOf(const QRectF& from, const QRectF& to, Direction direction) {
  const QPointF delta = to.center() - from.center();
  const bool horizontal = direction == Direction::Left || direction == Direction::Right;
  const double sign = direction == Direction::Right || direction == Direction::Down ? 1 : -1;
  const double along = sign * (horizontal ? delta.x() : delta.y());
  const double across = std::abs(horizontal ? delta.y() : delta.x());
  if (along < 1) return std::numeric_limits<double>::infinity();
  // Left and right prefer the same row, up and down the same column.
  return along + across * (horizontal ? 3 : 4);
}

}  // namespace

Selection hitTest(const StageLayout& layout, QPointF point) {
  for (const auto& client : layout.clients)
    if (client.rect.contains(point)) return client.selection;
  for (const auto& controller : layout.controllers)
    if (controller.rect.contains(point)) return ControllerSelected{controller.id};
  for (const auto& broker : layout.brokers) {
    if (!broker.rect.contains(point)) continue;
    for (const auto& lane : broker.lanes)
      if (lane.rect.contains(point)) return ReplicaSelected{broker.id, lane.partition};
    return BrokerSelected{broker.id};
  }
  return {};
}

std::vector<Selection> selectablesOf(const StageLayout& layout) {
  std::vector<Selection> selectables;
  for (auto& target : targetsOf(layout)) selectables.push_back(std::move(target.selection));
  return selectables;
}

Selection neighbour(const StageLayout& layout, const Selection& selection, Direction direction) {
  const auto targets = targetsOf(layout);
  const auto current = std::ranges::find(targets, selection, &Target::selection);
  if (current == targets.end()) {
    if (!layout.brokers.empty()) return BrokerSelected{layout.brokers.front().id};
    return targets.empty() ? Selection{} : targets.front().selection;
  }
  const Target* best = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& target : targets) {
    const double cost = costOf(current->rect, target.rect, direction);
    if (cost < least) {
      least = cost;
      best = &target;
    }
  }
  return best ? best->selection : selection;
}

}  // namespace streamscope::ui
