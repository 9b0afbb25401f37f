#pragma once

#include <QTest>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "invariants/replica_reader.h"
#include "lab/invariant_checker.h"
#include "lab/lab.h"

namespace streamscope::test {

/// One textbook case, told in a few lines: a cluster of three with the topic "orders" of one partition, what is done to
/// it, and what must have happened. Kafka's default timeouts. Watches every promise that its configuration makes.
class Story {
 public:
  struct Setting {
    int16_t replicationFactor = 3;
    std::map<std::string, std::string> topicConfigs = {};
    int16_t acks = -1;
    std::map<std::string, std::string> brokerConfigs = {};
    int32_t controllers = 1;
  };
  explicit Story(const Setting& setting);

  // What is done. A refused command ends the test: the story is wrong.

  Story& after(base::Duration time);
  Story& kill(base::BrokerId broker);
  Story& stop(base::BrokerId broker);
  Story& start(base::BrokerId broker);
  Story& killController(int32_t controller);
  /// Of a broker that is down.
  Story& replaceDisk(base::BrokerId broker);
  /// Between two brokers.
  Story& cut(base::BrokerId a, base::BrokerId b);
  Story& heal(base::BrokerId a, base::BrokerId b);
  Story& cutFromController(base::BrokerId broker);
  Story& healToController(base::BrokerId broker);
  /// The producer stops, what it has in flight ends, and the logs come to rest.
  Story& comeToRest();
  /// Runs until it is so; how long that took, or the `limit` when it never was.
  base::Duration until(const std::function<bool()>& isSo, base::Duration limit);

  /// Runs until an event of this kind is told, event by event; the test ends when `limit` passes without one.
  template <class Payload>
  Payload untilTold(const std::function<bool(const Payload&)>& isMeant, base::Duration limit) {
    const base::VirtualTime deadline = m_lab->now() + limit;
    for (size_t seen = m_trace.size(); m_lab->now() < deadline; m_lab->step())
      for (; seen < m_trace.size(); ++seen)
        if (const auto* payload = std::get_if<Payload>(&m_trace[seen].payload); payload && isMeant(*payload))
          return *payload;
    qFatal("it did not happen");
    return {};
  }

  // What is so.

  /// -1 while none is active.
  int32_t activeController() const;

  base::BrokerId leader() const { return partition().leader; }
  base::LeaderEpoch leaderEpoch() const { return partition().leaderEpoch; }
  const std::vector<base::BrokerId>& replicas() const { return partition().replicas; }
  size_t inSync() const { return partition().isr.size(); }
  base::Offset logEndOffset(base::BrokerId broker) const { return replica(broker).logEndOffset; }
  base::Offset highWatermark(base::BrokerId broker) const { return replica(broker).highWatermark; }
  int64_t acknowledged() const;
  int64_t failed() const;
  /// Offsets at which a record was acknowledged by a leader and now stands none of its epoch, in order.
  std::vector<base::Offset> lost() const;
  /// The first broken promise, or nothing.
  std::string broken();

  /// Every event of a kind so far; of messages only the responses with an error.
  template <class Payload>
  std::vector<Payload> told() const {
    std::vector<Payload> found;
    for (const world::TraceEvent& event : m_trace)
      if (const auto* payload = std::get_if<Payload>(&event.payload)) found.push_back(*payload);
    return found;
  }

 private:
  Story& command(const lab::Command& command);
  const lab::PartitionState& partition() const;
  std::vector<int32_t> controllerIds() const;
  const lab::ReplicaState& replica(base::BrokerId broker) const;
  void remember(const world::TraceEvent& event);
  void look() const { m_now = m_lab->snapshot(); }

  std::unique_ptr<lab::Lab> m_lab;
  std::unique_ptr<lab::InvariantChecker> m_invariants;
  mutable lab::SnapshotPtr m_now;
  std::vector<world::TraceEvent> m_trace;
  /// In which leader's epoch the record at an offset was written last.
  std::map<base::Offset, base::LeaderEpoch> m_writtenIn;
  std::set<std::pair<base::Offset, base::LeaderEpoch>> m_acknowledged;
};

}  // namespace streamscope::test
