#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <vector>

// Two ways to do the same work, by turns within one benchmark: what else runs on the machine meets both.

namespace streamscope::bench {

/// A stretch of work and what it took, by the clock and of the processor.
struct Stretch {
  int64_t bytes = 0;
  double seconds = 0;
  double processorSeconds = 0;
};

/// `work` returns the bytes it moved.
template <class Work>
Stretch timed(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t processorStart = std::clock();
  const int64_t bytes = work();
  const std::clock_t processorEnd = std::clock();
  return {bytes, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(processorEnd - processorStart) / CLOCKS_PER_SEC};
}

/// One iteration of the benchmark is a stretch of each, which of them comes first alternates. Counters, all medians
/// over the iterations: `bytes_per_second` of ours, `plain_bytes_per_second`, and `ratio` of the two stretches of one
/// iteration with its quartiles `ratio_low` and `ratio_high`, and `processor_ratio` by processor time. Register with
/// UseManualTime and a number of iterations.
template <class Ours, class Plain>
void runPaired(benchmark::State& state, Ours&& ours, Plain&& plain) {
  std::vector<double> ourRates;
  std::vector<double> plainRates;
  std::vector<double> ratios;
  std::vector<double> processorRatios;
  bool isOursFirst = true;
  // Not measured: opens files and fills caches.
  ours();
  plain();
  for (auto _ : state) {
    Stretch our;
    Stretch other;
    if (isOursFirst) our = ours();
    other = plain();
    if (!isOursFirst) our = ours();
    isOursFirst = !isOursFirst;
    state.SetIterationTime(our.seconds);
    ourRates.push_back(static_cast<double>(our.bytes) / our.seconds);
    plainRates.push_back(static_cast<double>(other.bytes) / other.seconds);
    ratios.push_back(ourRates.back() / plainRates.back());
    processorRatios.push_back(static_cast<double>(our.bytes) / our.processorSeconds /
                              (static_cast<double>(other.bytes) / other.processorSeconds));
  }
  const auto quantile = [](std::vector<double> values, size_t quarters) {
    std::sort(values.begin(), values.end());
    return values[(values.size() - 1) * quarters / 4];
  };
  using benchmark::Counter;
  state.counters["bytes_per_second"] = Counter(quantile(ourRates, 2), Counter::kDefaults, Counter::kIs1024);
  state.counters["plain_bytes_per_second"] = Counter(quantile(plainRates, 2), Counter::kDefaults, Counter::kIs1024);
  state.counters["ratio"] = quantile(ratios, 2);
  state.counters["ratio_low"] = quantile(ratios, 1);
  state.counters["ratio_high"] = quantile(ratios, 3);
  state.counters["processor_ratio"] = quantile(processorRatios, 2);
}

}  // namespace streamscope::bench
