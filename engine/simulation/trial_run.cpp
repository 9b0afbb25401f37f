#include "simulation/trial_run.h"

#include <algorithm>

#include "base/random.h"
#include "second_act.h"

namespace streamscope::simulation {
namespace {

using namespace std::chrono_literals;

/// How often it is looked whether a promise is broken.
constexpr base::Duration kSlice = 500ms;
constexpr uint64_t kSecondActStream = 0x616374;

}  // namespace

base::Result<TrialOutcome> runTrial(const Trial& trial, const TrialOptions& options) {
  lab::LabDescription description = withFaults(trial);
  lab::Lab::Options labOptions;
  labOptions.recordTo = options.recordTo;
  const auto opened = lab::Lab::open(description, labOptions);
  if (!opened) return base::fail(opened.error());
  lab::Lab& lab = **opened;
  lab::InvariantChecker checker(lab, options.claims);
  if (options.onEvent) lab.subscribe(options.onEvent);

  const auto counts = [&options](const lab::Breach& breach) {
    return options.promise.empty() || breach.promise == options.promise;
  };
  const auto isBroken = [&] { return checker.isAnyBroken() && std::ranges::any_of(checker.breaches(), counts); };
  while (lab.now() < trial.faultsEnd && !isBroken()) lab.runUntil(std::min(lab.now() + kSlice, trial.faultsEnd));
  SecondAct secondAct(lab, isBroken, base::Random(description.seed).fork(kSecondActStream));
  std::optional<lab::Breach> trouble;
  if (!isBroken()) trouble = secondAct.run();
  // What a cluster in trouble has on its disks proves nothing.
  if (!trouble && !isBroken()) checker.checkNow();

  TrialOutcome outcome;
  outcome.breaches = checker.breaches();
  if (trouble) outcome.breaches.push_back(*trouble);
  std::erase_if(outcome.breaches, [&](const lab::Breach& breach) { return !counts(breach); });
  outcome.ended = lab.now();
  outcome.batchesPromised = checker.batchesAcknowledged();
  outcome.events = lab.world().eventsRun();
  outcome.told = std::move(description);
  std::erase_if(outcome.told.commands, [&](const lab::TimedCommand& each) { return each.at > outcome.ended; });
  outcome.told.commands.insert(outcome.told.commands.end(), secondAct.commands().begin(), secondAct.commands().end());
  outcome.told.until = std::max<base::Duration>(outcome.ended.time_since_epoch(), 1ms);
  return outcome;
}

}  // namespace streamscope::simulation
