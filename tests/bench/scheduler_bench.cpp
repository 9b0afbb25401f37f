// What a world costs apart from its nodes' work: events, messages, the hash of the trace.

#include <benchmark/benchmark.h>

#include <vector>

#include "base/random.h"
#include "world/scheduler.h"
#include "world/trace_hash.h"
#include "world/world.h"

using namespace streamscope;
using namespace streamscope::world;

namespace {

/// An event that schedules itself again at a random time; `pending` of them.
struct Recurring {
  Scheduler* scheduler;
  base::Random* random;
  void operator()() const {
    scheduler->schedule(scheduler->now() + base::Duration(1 + static_cast<int64_t>(random->below(1000))), *this);
  }
};

void dispatch(benchmark::State& state) {
  Scheduler scheduler;
  base::Random random(1);
  for (int64_t i = 0; i < state.range(0); ++i)
    scheduler.schedule(base::VirtualTime(base::Duration(i)), Recurring{&scheduler, &random});
  for (auto _ : state) scheduler.runNext();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(dispatch)->Arg(100)->Arg(1000)->Arg(10'000)->Arg(100'000);

/// A timeout that is set and cancelled, as nearly every request's is.
void cancelledTimer(benchmark::State& state) {
  Scheduler scheduler;
  for (auto _ : state) {
    const auto handle = scheduler.schedule(scheduler.now() + std::chrono::seconds(30), [] {});
    scheduler.cancel(handle);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cancelledTimer);

/// Asks its peer again as soon as it has the answer; the peer answers at once.
class PingNode : public Node {
 public:
  PingNode(NodeContext& context, bool asks) : m_context(context), m_asks(asks) {}
  void start() override {
    if (m_asks) ask();
  }
  void onRequest(IncomingRequest request) override {
    m_context.network.respond(request.reply, protocol::BrokerHeartbeatResponse{});
  }

 private:
  void ask() {
    m_context.network.send(controllerAddress(100), 1, protocol::BrokerHeartbeatRequest{}, std::chrono::seconds(30),
                           [this](Response) { ask(); });
  }
  NodeContext& m_context;
  bool m_asks;
};

/// One request and its response; with argument 1 somebody watches the trace and hashes it.
void roundTrip(benchmark::State& state) {
  World world(WorldConfig{});
  TraceHash hash;
  if (state.range(0) == 1) world.subscribe([&](const TraceEvent& event) { hash.add(event); });
  const auto add = [&](Address address, bool asks) {
    world.addNode(
        address, [asks](NodeContext& context) { return std::make_unique<PingNode>(context, asks); }, nullptr);
    world.startNode(address);
  };
  add(controllerAddress(100), false);
  for (int32_t id = 1; id <= 10; ++id) add(brokerAddress(id), true);
  for (auto _ : state) {
    // Two events are a request and a response.
    world.step();
    world.step();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(roundTrip)->Arg(0)->Arg(1);

void traceHash(benchmark::State& state) {
  TraceHash hash;
  TraceEvent event;
  event.payload = RecordsAppended{brokerAddress(1), {"orders", 1}, 100, 120, 1000, 4, true};
  for (auto _ : state) {
    ++event.id;
    hash.add(event);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(traceHash);

}  // namespace
