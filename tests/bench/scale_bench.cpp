#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "lab/lab.h"

// A large cluster in memory: brokers and partitions with three replicas each. How long until every partition has its
// leader, how long until every partition of a broker that died has another one, and how much memory that takes.

namespace {

using namespace streamscope;
using namespace std::chrono_literals;

/// One CreateTopics may not make more records than fit into one batch of the metadata log.
constexpr int32_t kPartitionsPerTopic = 1000;
constexpr base::Duration kStep = 100ms;
constexpr base::Duration kPatience = 120s;

/// Of this process, in bytes; 0 where /proc is missing.
double residentBytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * 4096;
}

struct Counts {
  int32_t partitions = 0, withLeader = 0, ledByOne = 0;
};
Counts count(lab::Lab& lab, base::BrokerId broker) {
  Counts counts;
  const lab::SnapshotPtr snapshot = lab.snapshot();
  for (const lab::TopicState& topic : snapshot->topics)
    for (const lab::PartitionState& partition : topic.partitions) {
      ++counts.partitions;
      counts.withLeader += partition.leader != base::kNoBroker ? 1 : 0;
      counts.ledByOne += partition.leader == broker ? 1 : 0;
    }
  return counts;
}

/// Seconds of wall time until it is so; negative when it never was.
template <class Condition>
double secondsUntil(lab::Lab& lab, const Condition& isSo) {
  const auto begin = std::chrono::steady_clock::now();
  const base::VirtualTime end = lab.now() + kPatience;
  while (!isSo()) {
    if (lab.now() >= end) return -1;
    lab.runUntil(lab.now() + kStep);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void createAndLoseABroker(benchmark::State& state) {
  const auto brokers = static_cast<int32_t>(state.range(0)), partitions = static_cast<int32_t>(state.range(1));
  lab::LabDescription description;
  description.brokers = brokers;
  description.brokerConfigs = {{"log.segment.bytes", "1048576"}};
  for (int32_t done = 0; done < partitions; done += kPartitionsPerTopic)
    description.topics.push_back(
        {"topic-" + std::to_string(done), std::min(kPartitionsPerTopic, partitions - done), 3, {}});
  for (auto _ : state) {
    const double before = residentBytes();
    auto opened = lab::Lab::open(description, {});
    if (!opened) return state.SkipWithError(opened.error().message.c_str());
    lab::Lab& lab = **opened;
    const double created = secondsUntil(lab, [&] {
      const Counts now = count(lab, 1);
      return now.partitions == partitions && now.withLeader == partitions;
    });
    lab.runUntil(lab.now() + 1s);
    const int32_t led = count(lab, 1).ledByOne;
    if (const base::Status killed = lab.execute(lab::KillBroker{1}); !killed)
      return state.SkipWithError(killed.error().message.c_str());
    const double takenOver = secondsUntil(lab, [&] {
      const Counts now = count(lab, 1);
      return now.ledByOne == 0 && now.withLeader == partitions;
    });
    if (created < 0 || takenOver < 0) return state.SkipWithError("it did not happen in two virtual minutes");
    state.SetIterationTime(created + takenOver);
    state.counters["created_s"] = created;
    state.counters["taken_over_s"] = takenOver;
    state.counters["led_by_the_dead"] = led;
    state.counters["resident_bytes"] = residentBytes() - before;
    state.counters["bytes_per_partition"] = (residentBytes() - before) / partitions;
    state.counters["us_per_partition"] = (created + takenOver) * 1e6 / partitions;
  }
}
BENCHMARK(createAndLoseABroker)
    ->ArgNames({"brokers", "partitions"})
    ->Args({100, 1000})
    ->Args({100, 10000})
    ->Args({100, 100000})
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

}  // namespace
