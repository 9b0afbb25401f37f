#pragma once

#include <array>
#include <memory>
#include <vector>

#include "node_place.h"
#include "world/scheduler.h"

namespace streamscope::world {

/// All places of a world, found by address without a search, and the one door through which a node gets work: at once,
/// or behind what waits for a paused node.
class NodeTable {
 public:
  explicit NodeTable(Scheduler& scheduler) : m_scheduler(scheduler) {}

  /// Null when nobody ever mentioned the address.
  NodePlace* find(Address address) const;
  /// Made, empty, when it is not there yet.
  NodePlace& place(Address address);
  /// In the order they were made.
  const std::vector<std::unique_ptr<NodePlace>>& all() const { return m_places; }

  /// Does the work now, or keeps it for later when the node is paused. The node must be up.
  void give(NodePlace& place, Callback work, TimerId timer = 0);
  void pause(NodePlace& place);
  /// What waits is done in its order, one event each, before anything that comes after.
  void resume(NodePlace& place);
  /// What the node is doing now takes so much longer. Nothing happens unless it is doing something: looking at its disk
  /// from outside costs it nothing.
  void occupy(NodePlace& place, base::Duration duration);
  /// Takes a timer back that rang while its node was paused.
  void cancelWaiting(NodePlace& place, TimerId timer);

  /// The place whose node is being called now, null when none is.
  const NodePlace* running() const { return m_running; }

 private:
  void run(NodePlace& place, Callback work);
  bool isBusy(const NodePlace& place) const { return place.busyUntil > m_scheduler.now(); }
  void scheduleWaiting(NodePlace& place);
  void runWaiting(NodePlace& place);

  Scheduler& m_scheduler;
  std::vector<std::unique_ptr<NodePlace>> m_places;
  std::array<std::vector<NodePlace*>, 3> m_byKindAndId;
  const NodePlace* m_running = nullptr;
};

}  // namespace streamscope::world
