#include "simulation/loss_search.h"

#include <algorithm>

#include "lab/lab.h"
#include "simulation/swarm.h"

namespace streamscope::simulation {
namespace {

using namespace std::chrono_literals;

constexpr base::VirtualTime kFirstFault{4s};
constexpr base::VirtualTime kFaultsEnd{16s};
constexpr size_t kFaultsMax = 8;
constexpr int32_t kShrinkRunsMax = 300;
constexpr uint64_t kFaultsStream = 0x6c6f7373;

/// One fault in the first part of the search, two in the next, and so on.
size_t faultsAt(uint64_t world, uint64_t worldsMax) {
  return 1 + static_cast<size_t>(world * kFaultsMax / worldsMax);
}

Trial drawTrialOf(const lab::LabDescription& lab, uint64_t world, size_t faultsMax) {
  Trial trial;
  trial.lab = lab;
  trial.lab.seed = lab.seed + world;
  trial.faultsEnd = kFaultsEnd;
  base::Random random = base::Random(trial.lab.seed).fork(kFaultsStream);
  trial.faults = drawFaults(random, lab, kFirstFault, kFaultsEnd, faultsMax);
  return trial;
}

}  // namespace

base::Result<LossSearch> findLoss(const lab::LabDescription& lab, const std::string& promise, uint64_t worldsMax) {
  if (lab.topics.empty() || lab.producers.empty())
    return base::fail(base::ErrorCode::INVALID_REQUEST,
                      "This lab has no topic with a producer, so nothing can be lost; add both.");
  const std::vector<std::string> known = allPromises();
  if (std::ranges::find(known, promise) == known.end())
    return base::fail(base::ErrorCode::INVALID_REQUEST, "Nobody promises \"" + promise + "\".");

  TrialOptions options;
  options.claims = lab::InvariantChecker::Claims::EveryAcknowledgement;
  options.promise = promise;
  LossSearch search;
  while (search.worldsTried < worldsMax) {
    const Trial trial = drawTrialOf(lab, search.worldsTried, faultsAt(search.worldsTried, worldsMax));
    const auto outcome = runTrial(trial, options);
    if (!outcome) return base::fail(outcome.error());
    ++search.worldsTried;
    if (outcome->breaches.empty()) continue;
    search.found = shrink(trial, *outcome, promise, kShrinkRunsMax, options);
    break;
  }
  return search;
}

std::vector<std::string> allPromises() {
  std::vector<std::string> promises;
  if (const auto lab = lab::Lab::open(lab::LabDescription{}, {})) promises = lab::InvariantChecker(**lab).promises();
  promises.insert(promises.end(), {kBecomesWhole, kProducersDrain, kConsumersReachTheEnd});
  return promises;
}

std::string promiseName(const std::string& promise) {
  std::string name;
  for (const char each : promise) {
    const bool isLetter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
    if (isLetter)
      name += static_cast<char>(each | 0x20);
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  if (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

}  // namespace streamscope::simulation
