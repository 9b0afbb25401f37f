#include "fault_kinds.h"

#include <array>
#include <tuple>
#include <utility>

#include "controller_faults.h"
#include "fault_targets.h"
#include "machine_faults.h"
#include "world/address.h"

namespace streamscope::simulation {
namespace {

using lab::LabDescription;

void killBroker(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  fault.breaks = {lab::KillBroker{broker}};
  fault.repairs = {lab::StartBroker{broker}};
}

void killLeader(base::Random& random, const LabDescription& lab, Fault& fault) {
  fault.breaks = {lab::KillBroker{0, drawPartition(random, lab)}};
  fault.repairs = {lab::StartBroker{0}};
}

void stopBroker(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  fault.breaks = {lab::StopBroker{broker}};
  fault.repairs = {lab::StartBroker{broker}};
}

void pauseBroker(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  fault.breaks = {lab::PauseBroker{broker}};
  fault.repairs = {lab::ResumeBroker{broker}};
}

void pauseLeader(base::Random& random, const LabDescription& lab, Fault& fault) {
  fault.breaks = {lab::PauseBroker{0, drawPartition(random, lab)}};
  fault.repairs = {lab::ResumeBroker{0}};
}

void cutLink(base::Random& random, const LabDescription& lab, Fault& fault) {
  const auto [a, b] = drawLink(random, lab);
  cut(fault, a, b);
}

/// From one of them, or from all.
void cutOffControllers(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  if (random.chance(1, 2)) return cutFromControllers(lab, broker, fault);
  cut(fault, world::brokerAddress(broker), world::controllerAddress(drawController(random, lab)));
}

void cutOffOtherBrokers(base::Random& random, const LabDescription& lab, Fault& fault) {
  if (lab.brokers < 2) return killBroker(random, lab, fault);
  cutFromOtherBrokers(lab, drawBroker(random, lab), fault);
}

void isolate(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  cutFromOtherBrokers(lab, broker, fault);
  cutFromControllers(lab, broker, fault);
}

void cutOneWay(base::Random& random, const LabDescription& lab, Fault& fault) {
  const auto [a, b] = drawLink(random, lab);
  const bool isBack = random.chance(1, 2);
  fault.breaks = {isBack ? lab::CutLink{b, a, false} : lab::CutLink{a, b, false}};
  fault.repairs = {lab::HealLink{a, b}};
}

void setLink(base::Random& random, const LabDescription& lab, Fault& fault, lab::SetLink conditions) {
  std::tie(conditions.from, conditions.to) = drawLink(random, lab);
  conditions.bothDirections = random.chance(1, 2);
  fault.breaks = {conditions};
  fault.repairs = {lab::HealLink{conditions.from, conditions.to}};
}

void slowLink(base::Random& random, const LabDescription& lab, Fault& fault) {
  lab::SetLink conditions;
  conditions.latency = std::chrono::milliseconds(random.between(10, 400));
  conditions.jitter = std::chrono::milliseconds(random.between(0, 200));
  setLink(random, lab, fault, conditions);
}

void lossyLink(base::Random& random, const LabDescription& lab, Fault& fault) {
  lab::SetLink conditions;
  conditions.lossPerMille = static_cast<int32_t>(random.between(10, 400));
  setLink(random, lab, fault, conditions);
}

void repeatingLink(base::Random& random, const LabDescription& lab, Fault& fault) {
  lab::SetLink conditions;
  conditions.duplicatePerMille = static_cast<int32_t>(random.between(10, 500));
  setLink(random, lab, fault, conditions);
}

void narrowLink(base::Random& random, const LabDescription& lab, Fault& fault) {
  lab::SetLink conditions;
  conditions.bytesPerSecond = random.between(2000, 200'000);
  setLink(random, lab, fault, conditions);
}

void cutPower(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  fault.breaks = {lab::CutPower{{world::brokerAddress(broker)}}};
  fault.repairs = {lab::StartBroker{broker}};
}

void failDisk(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  lab::SetDisk disk{world::brokerAddress(broker)};
  disk.failing = true;
  disk.operationsUntilFailure = random.between(0, 200);
  fault.breaks = {disk};
  fault.repairs = {lab::SetDisk{disk.node}, lab::StartBroker{broker}};
}

void slowDisk(base::Random& random, const LabDescription& lab, Fault& fault) {
  slowDiskOf(world::brokerAddress(drawBroker(random, lab)), random, fault);
}

void skewClock(base::Random& random, const LabDescription& lab, Fault& fault) {
  skewClockOf(world::brokerAddress(drawBroker(random, lab)), random, fault);
}

/// Errors that a client or follower must live with.
void injectError(base::Random& random, const LabDescription& lab, Fault& fault) {
  struct Answer {
    const char* api;
    const char* error;
  };
  constexpr std::array kAnswers{Answer{"Produce", "NOT_LEADER_OR_FOLLOWER"}, Answer{"Produce", "REQUEST_TIMED_OUT"},
                                Answer{"Fetch", "NOT_LEADER_OR_FOLLOWER"}, Answer{"Fetch", "UNKNOWN_LEADER_EPOCH"},
                                Answer{"Metadata", "LEADER_NOT_AVAILABLE"}};
  const Answer& answer = kAnswers[random.below(kAnswers.size())];
  const world::Address node = world::brokerAddress(drawBroker(random, lab));
  fault.breaks = {lab::InjectError{node, answer.api, answer.error, static_cast<int32_t>(random.between(1, 20))}};
  fault.repairs = {lab::InjectError{node, answer.api, answer.error, 0}};
}

void fillDisk(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  fault.breaks = {lab::SetDiskFull{broker, true}};
  // It has halted if it wrote meanwhile.
  fault.repairs = {lab::SetDiskFull{broker, false}, lab::StartBroker{broker}};
}

void killEveryBroker(base::Random&, const LabDescription& lab, Fault& fault) {
  for (base::BrokerId broker = 1; broker <= lab.brokers; ++broker) fault.breaks.push_back(lab::KillBroker{broker});
  fault.repairs = {lab::StartBroker{0}};
}

constexpr std::array kFaultKinds{
    FaultKind{"kill-broker", killBroker},
    FaultKind{"kill-leader", killLeader},
    FaultKind{"stop-broker", stopBroker},
    FaultKind{"pause-broker", pauseBroker},
    FaultKind{"pause-leader", pauseLeader},
    FaultKind{"cut-link", cutLink},
    FaultKind{"cut-from-controllers", cutOffControllers},
    FaultKind{"cut-from-other-brokers", cutOffOtherBrokers},
    FaultKind{"isolate", isolate},
    FaultKind{"fill-disk", fillDisk},
    FaultKind{"kill-every-broker", killEveryBroker},
    FaultKind{"cut-one-way", cutOneWay},
    FaultKind{"slow-link", slowLink},
    FaultKind{"lossy-link", lossyLink},
    FaultKind{"repeating-link", repeatingLink},
    FaultKind{"narrow-link", narrowLink},
    FaultKind{"cut-power", cutPower},
    FaultKind{"fail-disk", failDisk},
    FaultKind{"slow-disk", slowDisk},
    FaultKind{"skew-clock", skewClock},
    FaultKind{"inject-error", injectError},
    FaultKind{"kill-controller", killController},
    FaultKind{"stop-controller", stopController},
    FaultKind{"pause-controller", pauseController},
    FaultKind{"kill-every-controller", killEveryController},
    FaultKind{"isolate-controller", isolateController},
    FaultKind{"cut-power-of-controllers", cutPowerOfControllers},
    FaultKind{"slow-disk-of-controller", slowDiskOfController},
    FaultKind{"skew-clock-of-controller", skewClockOfController},
};

}  // namespace

std::span<const FaultKind> faultKinds() {
  return kFaultKinds;
}

}  // namespace streamscope::simulation
