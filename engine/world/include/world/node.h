#pragma once

#include <functional>
#include <memory>

#include "base/random.h"
#include "base/virtual_time.h"
#include "storage/storage.h"
#include "world/network.h"
#include "world/trace.h"

namespace streamscope::world {

/// What a node may know of time.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual base::VirtualTime now() const = 0;
  /// The world's calendar: start of the world + now. What record timestamps are made of.
  virtual base::TimestampMs wallClockMs() const = 0;
};

/// Identifies a pending timer; 0 is none.
using TimerId = uint64_t;

/// A node's alarms. They end with the node's life; a paused node's alarms ring when it is resumed.
class Timers {
 public:
  virtual ~Timers() = default;
  virtual TimerId after(base::Duration delay, std::function<void()> action) = 0;
  /// Nothing happens for a timer that already rang.
  virtual void cancel(TimerId timer) = 0;
};

/// Everything a node gets from its world. References stay valid for the node's life.
struct NodeContext {
  Address self;
  Clock& clock;
  Timers& timers;
  base::Random& random;
  Network& network;
  Trace& trace;
  /// Rooted at the node's own directory. Clients have none: do not use.
  storage::Storage& storage;
};

/// A broker, a controller, or a simulated client: an event-driven state machine. Constructed when its process starts,
/// destroyed when it dies; what must survive is in its Storage. All calls come from the world's thread.
class Node {
 public:
  virtual ~Node() = default;

  /// First call after construction.
  virtual void start() = 0;
  virtual void onRequest(IncomingRequest request) = 0;
  /// SIGTERM: finish cleanly and call `done` (once; at once when there is nothing to do). A kill just destroys.
  virtual void stop(std::function<void()> done) { done(); }
};

using NodeFactory = std::function<std::unique_ptr<Node>(NodeContext&)>;

}  // namespace streamscope::world
