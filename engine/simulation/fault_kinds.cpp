#include "fault_kinds.h"

#include <array>
#include <tuple>
#include <utility>

#include "world/address.h"

namespace streamscope::simulation {
namespace {

using lab::LabDescription;

constexpr int32_t kControllerId = 100;

base::BrokerId drawBroker(base::Random& random, const LabDescription& lab) {
  return static_cast<base::BrokerId>(random.between(1, lab.brokers));
}

base::TopicPartition drawPartition(base::Random& random, const LabDescription& lab) {
  const lab::CreateTopic& topic = lab.topics[random.below(lab.topics.size())];
  return {topic.topic, static_cast<base::PartitionId>(random.between(0, topic.partitions - 1))};
}

void cut(Fault& fault, world::Address a, world::Address b) {
  fault.breaks.push_back(lab::CutLink{a, b});
  fault.repairs.push_back(lab::HealLink{a, b});
}

void cutFromBrokers(const LabDescription& lab, base::BrokerId broker, Fault& fault) {
  for (base::BrokerId other = 1; other <= lab.brokers; ++other)
    if (other != broker) cut(fault, world::brokerAddress(broker), world::brokerAddress(other));
}

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
  if (lab.brokers < 2) return killBroker(random, lab, fault);
  const base::BrokerId broker = drawBroker(random, lab);
  const auto step = static_cast<base::BrokerId>(random.between(1, lab.brokers - 1));
  cut(fault, world::brokerAddress(broker), world::brokerAddress((broker - 1 + step) % lab.brokers + 1));
}

void cutFromController(base::Random& random, const LabDescription& lab, Fault& fault) {
  cut(fault, world::brokerAddress(drawBroker(random, lab)), world::controllerAddress(kControllerId));
}

void cutFromOtherBrokers(base::Random& random, const LabDescription& lab, Fault& fault) {
  if (lab.brokers < 2) return killBroker(random, lab, fault);
  cutFromBrokers(lab, drawBroker(random, lab), fault);
}

void isolate(base::Random& random, const LabDescription& lab, Fault& fault) {
  const base::BrokerId broker = drawBroker(random, lab);
  cutFromBrokers(lab, broker, fault);
  cut(fault, world::brokerAddress(broker), world::controllerAddress(kControllerId));
}

std::pair<world::Address, world::Address> drawLink(base::Random& random, const LabDescription& lab) {
  const base::BrokerId broker = drawBroker(random, lab);
  const bool isToController = lab.brokers < 2 || random.chance(1, 4);
  if (isToController) return {world::brokerAddress(broker), world::controllerAddress(kControllerId)};
  const auto step = static_cast<base::BrokerId>(random.between(1, lab.brokers - 1));
  return {world::brokerAddress(broker), world::brokerAddress((broker - 1 + step) % lab.brokers + 1)};
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
  lab::SetDisk disk{world::brokerAddress(drawBroker(random, lab))};
  disk.operationLatency = std::chrono::microseconds(random.between(100, 5000));
  fault.breaks = {disk};
  fault.repairs = {lab::SetDisk{disk.node}};
}

/// Less than message.timestamp.after.max.ms: nothing is refused for it.
void skewClock(base::Random& random, const LabDescription& lab, Fault& fault) {
  lab::SetClock clock{world::brokerAddress(drawBroker(random, lab))};
  clock.offset = std::chrono::milliseconds(random.between(-1'500'000, 1'500'000));
  clock.driftPpm = static_cast<int32_t>(random.between(-1000, 1000));
  fault.breaks = {clock};
  fault.repairs = {lab::SetClock{clock.node}};
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
    FaultKind{"cut-from-controller", cutFromController},
    FaultKind{"cut-from-other-brokers", cutFromOtherBrokers},
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
};

}  // namespace

std::span<const FaultKind> faultKinds() {
  return kFaultKinds;
}

}  // namespace streamscope::simulation
