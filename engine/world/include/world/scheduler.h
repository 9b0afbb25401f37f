#pragma once

#include <cstdint>
#include <vector>

#include "base/virtual_time.h"
#include "world/callback.h"

namespace streamscope::world {

/// The queue of a world and its clock: events ordered by (due time, order of scheduling). A 4-ary heap of 16-byte keys
/// over a slab of callbacks, because moving keys is what a queue mostly does. A cancelled event gives its callback back
/// at once and leaves its key behind; keys without a callback are swept out when they outnumber the others.
class Scheduler {
 public:
  /// Identifies a scheduled event, never used twice; 0 is none.
  using EventHandle = uint64_t;

  base::VirtualTime now() const { return m_now; }
  /// Events run since the beginning; cancelled ones do not count.
  uint64_t eventsRun() const { return m_eventsRun; }
  size_t pending() const { return m_heap.size() - m_cancelled; }

  /// `due` must not lie in the past.
  EventHandle schedule(base::VirtualTime due, Callback callback);
  /// False when it already ran or was cancelled.
  bool cancel(EventHandle handle);

  /// kVirtualTimeMax when nothing is pending.
  base::VirtualTime nextDue();
  /// Sets the clock to the next event and runs it; false when there is none.
  bool runNext();
  /// The event that is being run.
  EventHandle runningEvent() const { return m_runningEvent; }
  /// Only the clock; no event may be due before `time`.
  void advanceTo(base::VirtualTime time);
  /// An event that is run by its caller now, such as bytes that arrive from outside.
  void countEvent() { ++m_eventsRun; }

 private:
  /// 24 bits say where the callback is, 40 bits in what order it came.
  static constexpr int kSlotBits = 24;
  static constexpr uint64_t kSlotMask = (uint64_t{1} << kSlotBits) - 1;

  struct Key {
    base::VirtualTime due;
    EventHandle handle;
    bool isBefore(const Key& other) const { return due != other.due ? due < other.due : handle < other.handle; }
  };
  struct Slot {
    EventHandle handle = 0;
    Callback callback;
  };

  bool isCancelled(const Key& key) const { return m_slots[key.handle & kSlotMask].handle != key.handle; }
  void dropCancelledFront();
  void removeFront();
  void siftUp(size_t position);
  void siftDown(size_t position);
  void sweepCancelled();

  base::VirtualTime m_now{};
  uint64_t m_eventsRun = 0;
  EventHandle m_runningEvent = 0;
  uint64_t m_sequence = 0;
  std::vector<Key> m_heap;
  std::vector<Slot> m_slots;
  std::vector<uint32_t> m_freeSlots;
  /// Keys in the heap whose callback is gone.
  size_t m_cancelled = 0;
};

}  // namespace streamscope::world
