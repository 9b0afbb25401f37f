#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "world/node.h"

namespace streamscope::broker {

/// What an operation in purgatory waits at: a partition, by the number its broker gave it.
using WatchKey = uint32_t;

/// A request that waits: a predicate and what to do when it holds or time is up (Kafka: DelayedOperation).
class DelayedOperation {
 public:
  virtual ~DelayedOperation() = default;
  /// Looks, changes nothing outside the operation itself.
  virtual bool canComplete() = 0;
  /// Answers. Called exactly once, unless the broker dies first.
  virtual void complete(bool timedOut) = 0;
  /// The broker halts: ends the requester's connection instead of answering.
  virtual void abandon(const std::string& reason) = 0;

  /// For the trace.
  struct Description {
    protocol::ApiKey api{};
    int32_t correlationId = 0;
    base::TopicPartition partition;
    base::Offset waitsFor = base::kNoOffset;
  };
  virtual Description describe() const = 0;
};

/// Waiting requests of one kind, watched at the partitions they depend on (Kafka: DelayedOperationPurgatory). An
/// operation leaves all its watch lists the moment it completes. One timer serves all deadlines, so an operation that
/// completes in time costs the world no event.
class Purgatory {
 public:
  explicit Purgatory(world::NodeContext& context) : m_context(context) {}

  /// Completes at once when it can; otherwise it waits at `keys` for at most `timeout`. Returns whether it completed.
  bool tryCompleteElseWatch(std::unique_ptr<DelayedOperation> operation, std::span<const WatchKey> keys,
                            base::Duration timeout);
  /// Something changed at `key`: completes, in the order they came, the operations that now can.
  void checkAndComplete(WatchKey key);
  /// Ends every operation without an answer.
  void abandonAll(const std::string& reason);

  size_t size() const { return m_waiting.size(); }

 private:
  struct Waiting;
  using WaitingList = std::list<Waiting>;
  struct Waiting {
    std::unique_ptr<DelayedOperation> operation;
    std::vector<WatchKey> keys;
    /// The PurgatoryEntered event, the cause of a time-out.
    world::EventId entered = 0;
    WaitingList::iterator self;
    std::multimap<base::VirtualTime, Waiting*>::iterator deadline;
  };

  void unwatch(Waiting& waiting);
  void finish(Waiting& waiting, bool timedOut);
  void armTimer();
  void onTimer();

  world::NodeContext& m_context;
  WaitingList m_waiting;
  std::map<WatchKey, std::vector<Waiting*>> m_watchers;
  std::multimap<base::VirtualTime, Waiting*> m_deadlines;
  /// When the pending timer rings; kVirtualTimeMax without one. It may be earlier than the first deadline.
  base::VirtualTime m_timerDue = base::kVirtualTimeMax;
  world::TimerId m_timer = 0;
};

}  // namespace streamscope::broker
