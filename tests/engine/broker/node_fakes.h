#pragma once

// A node's surroundings in the hands of a test: the clock stands still until told, alarms ring on demand, what is sent
// and traced is kept.

#include <map>
#include <vector>

#include "storage/memory_storage.h"
#include "world/node.h"

namespace streamscope::broker {

class FakeClock : public world::Clock {
 public:
  base::VirtualTime now() const override { return time; }
  base::TimestampMs wallClockMs() const override {
    return 1'767'225'600'000 + time.time_since_epoch() / std::chrono::milliseconds(1);
  }
  base::VirtualTime time{};
};

class FakeTimers : public world::Timers {
 public:
  explicit FakeTimers(FakeClock& clock) : m_clock(clock) {}

  world::TimerId after(base::Duration delay, std::function<void()> action) override {
    m_alarms.emplace(std::pair{m_clock.now() + delay, ++m_lastId}, std::move(action));
    return m_lastId;
  }
  void cancel(world::TimerId timer) override {
    std::erase_if(m_alarms, [timer](const auto& alarm) { return alarm.first.second == timer; });
  }
  /// Moves the clock on, ringing what is due on the way.
  void advance(base::Duration duration) {
    const base::VirtualTime end = m_clock.time + duration;
    while (!m_alarms.empty() && m_alarms.begin()->first.first <= end) {
      auto alarm = m_alarms.extract(m_alarms.begin());
      m_clock.time = alarm.key().first;
      ++rung;
      alarm.mapped()();
    }
    m_clock.time = end;
  }
  int rung = 0;

 private:
  FakeClock& m_clock;
  world::TimerId m_lastId = 0;
  std::map<std::pair<base::VirtualTime, world::TimerId>, std::function<void()>> m_alarms;
};

class FakeNetwork : public world::Network {
 public:
  struct Sent {
    world::Address to;
    int16_t version = 0;
    protocol::RequestBody body;
    world::ResponseHandler onResponse;
  };
  void send(world::Address to, int16_t version, protocol::RequestBody body, base::Duration,
            world::ResponseHandler onResponse, bool) override {
    sent.push_back({to, version, std::move(body), std::move(onResponse)});
  }
  void respond(const world::ReplyHandle& reply, protocol::ResponseBody body) override {
    responses.emplace_back(reply.correlationId, std::move(body));
  }
  void disconnect(const world::ReplyHandle& reply, const std::string& reason) override {
    disconnected.emplace_back(reply.correlationId, reason);
  }
  std::vector<Sent> sent;
  std::vector<std::pair<int32_t, protocol::ResponseBody>> responses;
  std::vector<std::pair<int32_t, std::string>> disconnected;
};

class FakeTrace : public world::Trace {
 public:
  world::EventId record(world::EventPayload payload) override {
    events.push_back(std::move(payload));
    return events.size();
  }
  world::EventId currentCause() const override { return 0; }

  template <class Event>
  std::vector<Event> all() const {
    std::vector<Event> found;
    for (const world::EventPayload& event : events)
      if (const auto* one = std::get_if<Event>(&event)) found.push_back(*one);
    return found;
  }
  std::vector<world::EventPayload> events;
};

struct NodeFakes {
  FakeClock clock;
  FakeTimers timers{clock};
  base::Random random{1};
  FakeNetwork network;
  FakeTrace trace;
  storage::MemoryStorage storage;
  world::NodeContext context{world::brokerAddress(1), clock, timers, random, network, trace, storage};
};

}  // namespace streamscope::broker
