#include "node_table.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace streamscope::world {
namespace {

/// Ids index a table; a larger one is a mistake, not a cluster.
constexpr int32_t kNodeIdMax = 1'000'000;

}  // namespace

NodePlace* NodeTable::find(Address address) const {
  const auto kind = static_cast<size_t>(address.kind);
  if (kind >= m_byKindAndId.size() || address.id < 0) return nullptr;
  const auto& byId = m_byKindAndId[kind];
  const auto id = static_cast<size_t>(address.id);
  return id < byId.size() ? byId[id] : nullptr;
}

NodePlace& NodeTable::place(Address address) {
  if (NodePlace* found = find(address)) return *found;
  const auto kind = static_cast<size_t>(address.kind);
  STREAMSCOPE_ASSERT(kind < m_byKindAndId.size(), address.toString());
  STREAMSCOPE_ASSERT(address.id >= 0 && address.id <= kNodeIdMax, address.toString());
  auto& byId = m_byKindAndId[kind];
  const auto id = static_cast<size_t>(address.id);
  if (id >= byId.size()) byId.resize(id + 1);
  auto made = std::make_unique<NodePlace>();
  made->address = address;
  made->name = address.toString();
  made->index = static_cast<uint32_t>(m_places.size());
  byId[id] = made.get();
  m_places.push_back(std::move(made));
  return *m_places.back();
}

void NodeTable::give(NodePlace& place, Callback work, TimerId timer) {
  STREAMSCOPE_ASSERT(place.isUp(), place.name);
  if (place.isHeld()) {
    place.waiting.push_back({timer, std::move(work)});
  } else if (isBusy(place)) {
    place.waiting.push_back({timer, std::move(work)});
    scheduleWaiting(place);
  } else {
    run(place, std::move(work));
  }
}

void NodeTable::pause(NodePlace& place) {
  STREAMSCOPE_ASSERT(place.isUp() && !place.isPaused, place.name);
  place.isPaused = true;
}

void NodeTable::resume(NodePlace& place) {
  STREAMSCOPE_ASSERT(place.isPaused, place.name);
  place.isPaused = false;
  if (!place.waiting.empty()) scheduleWaiting(place);
}

void NodeTable::occupy(NodePlace& place, base::Duration duration) {
  if (m_running != &place && !place.isBeingMade) return;
  place.busyUntil = std::max(place.busyUntil, m_scheduler.now()) + duration;
}

void NodeTable::cancelWaiting(NodePlace& place, TimerId timer) {
  // Its place in the queue stays, since an event is on its way for it.
  for (WaitingWork& waiting : place.waiting)
    if (waiting.timer == timer) waiting.work.reset();
}

void NodeTable::run(NodePlace& place, Callback work) {
  const NodePlace* before = std::exchange(m_running, &place);
  work();
  // What the work held goes while the node still counts as running.
  work.reset();
  m_running = before;
}

void NodeTable::scheduleWaiting(NodePlace& place) {
  const base::VirtualTime due = std::max(m_scheduler.now(), place.busyUntil);
  m_scheduler.schedule(due, [this, &place, life = place.life] {
    if (place.life == life) runWaiting(place);
  });
}

void NodeTable::runWaiting(NodePlace& place) {
  // Paused again, or worked off by a second chain after a quick pause and resume.
  if (place.isPaused || place.waiting.empty()) return;
  // What was done last took longer than it looked when this was scheduled.
  if (isBusy(place)) return scheduleWaiting(place);
  WaitingWork next = std::move(place.waiting.front());
  place.waiting.pop_front();
  // The next one first, so that nothing this one causes can come between.
  if (!place.waiting.empty()) scheduleWaiting(place);
  if (next.work) run(place, std::move(next.work));
}

}  // namespace streamscope::world
