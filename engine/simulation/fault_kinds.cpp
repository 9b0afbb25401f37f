#include "fault_kinds.h"

#include <array>

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
};

}  // namespace

std::span<const FaultKind> faultKinds() {
  return kFaultKinds;
}

}  // namespace streamscope::simulation
