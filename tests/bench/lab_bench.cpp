// How fast virtual time passes: three brokers and one group, with nothing to do and under a steady load.

#include <benchmark/benchmark.h>

#include "lab/lab.h"

using namespace streamscope;
using namespace std::chrono_literals;

namespace {

/// Everything has started and found its leaders.
constexpr base::VirtualTime kSettled{5s};

lab::LabDescription threeBrokers() {
  lab::LabDescription lab;
  lab.topics = {{"orders", 3, 3, {{"min.insync.replicas", "2"}}}};
  lab::StartConsumer consumer;
  consumer.name = "billing";
  consumer.group = "billing";
  consumer.topic = "orders";
  lab.consumers = {consumer};
  return lab;
}

void pass(benchmark::State& state, const lab::LabDescription& description, base::Duration virtualTime) {
  const auto lab = lab::Lab::open(description, {});
  (*lab)->runUntil(kSettled);
  int64_t virtualSeconds = 0;
  for (auto _ : state) {
    (*lab)->runUntil((*lab)->now() + virtualTime);
    virtualSeconds += virtualTime / 1s;
  }
  state.counters["virtualSeconds"] =
      benchmark::Counter(static_cast<double>(virtualSeconds), benchmark::Counter::kIsRate);
}

void idle(benchmark::State& state) {
  pass(state, threeBrokers(), 1000s);
}
BENCHMARK(idle);

/// 1,000 records/s in some 50 batches/s, acks=all.
void busy(benchmark::State& state) {
  lab::LabDescription lab = threeBrokers();
  lab::StartProducer producer;
  producer.name = "checkout";
  producer.topic = "orders";
  producer.recordsPerSecond = 1000;
  producer.linger = 20ms;
  lab.producers = {producer};
  pass(state, lab, 20s);
}
BENCHMARK(busy);

}  // namespace
