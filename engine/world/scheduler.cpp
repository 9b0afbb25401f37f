#include "world/scheduler.h"

#include <algorithm>

#include "base/assert.h"

namespace streamscope::world {
namespace {

constexpr size_t kChildren = 4;
/// Below this many a sweep is not worth it.
constexpr size_t kSweepMin = 64;

}  // namespace

Scheduler::EventHandle Scheduler::schedule(base::VirtualTime due, Callback callback) {
  STREAMSCOPE_ASSERT(due >= m_now);
  uint32_t position;
  if (m_freeSlots.empty()) {
    STREAMSCOPE_ASSERT(m_slots.size() <= kSlotMask);
    position = static_cast<uint32_t>(m_slots.size());
    m_slots.emplace_back();
  } else {
    position = m_freeSlots.back();
    m_freeSlots.pop_back();
  }
  const EventHandle handle = (++m_sequence << kSlotBits) | position;
  m_slots[position].handle = handle;
  m_slots[position].callback = std::move(callback);
  m_heap.push_back({due, handle});
  siftUp(m_heap.size() - 1);
  return handle;
}

bool Scheduler::cancel(EventHandle handle) {
  const auto position = static_cast<uint32_t>(handle & kSlotMask);
  if (handle == 0 || position >= m_slots.size() || m_slots[position].handle != handle) return false;
  m_slots[position].handle = 0;
  m_freeSlots.push_back(position);
  ++m_cancelled;
  // Its destructor may come back here, so the books are closed first.
  Callback callback = std::move(m_slots[position].callback);
  if (m_cancelled > kSweepMin && m_cancelled > m_heap.size() / 2) sweepCancelled();
  return true;
}

base::VirtualTime Scheduler::nextDue() {
  dropCancelledFront();
  return m_heap.empty() ? base::kVirtualTimeMax : m_heap.front().due;
}

bool Scheduler::runNext() {
  dropCancelledFront();
  if (m_heap.empty()) return false;
  const Key key = m_heap.front();
  const auto position = static_cast<uint32_t>(key.handle & kSlotMask);
  Callback callback = std::move(m_slots[position].callback);
  m_slots[position].handle = 0;
  m_freeSlots.push_back(position);
  removeFront();
  m_now = key.due;
  m_runningEvent = key.handle;
  ++m_eventsRun;
  callback();
  return true;
}

void Scheduler::advanceTo(base::VirtualTime time) {
  STREAMSCOPE_ASSERT(time >= m_now);
  STREAMSCOPE_ASSERT(time <= nextDue());
  m_now = time;
}

void Scheduler::dropCancelledFront() {
  while (m_cancelled > 0 && !m_heap.empty() && isCancelled(m_heap.front())) {
    removeFront();
    --m_cancelled;
  }
}

void Scheduler::removeFront() {
  m_heap.front() = m_heap.back();
  m_heap.pop_back();
  if (!m_heap.empty()) siftDown(0);
}

void Scheduler::siftUp(size_t position) {
  const Key key = m_heap[position];
  while (position > 0) {
    const size_t parent = (position - 1) / kChildren;
    if (!key.isBefore(m_heap[parent])) break;
    m_heap[position] = m_heap[parent];
    position = parent;
  }
  m_heap[position] = key;
}

void Scheduler::siftDown(size_t position) {
  const Key key = m_heap[position];
  const size_t count = m_heap.size();
  for (;;) {
    const size_t firstChild = position * kChildren + 1;
    if (firstChild >= count) break;
    const size_t end = std::min(firstChild + kChildren, count);
    size_t smallest = firstChild;
    for (size_t child = firstChild + 1; child < end; ++child)
      if (m_heap[child].isBefore(m_heap[smallest])) smallest = child;
    if (!m_heap[smallest].isBefore(key)) break;
    m_heap[position] = m_heap[smallest];
    position = smallest;
  }
  m_heap[position] = key;
}

void Scheduler::sweepCancelled() {
  std::erase_if(m_heap, [this](const Key& key) { return isCancelled(key); });
  m_cancelled = 0;
  for (size_t position = m_heap.size() / kChildren + 1; position-- > 0;)
    if (position < m_heap.size()) siftDown(position);
}

}  // namespace streamscope::world
