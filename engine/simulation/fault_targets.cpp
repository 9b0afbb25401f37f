#include "fault_targets.h"

namespace streamscope::simulation {
namespace {

/// As lab/lab_description.h says.
constexpr int32_t kFirstControllerId = 100;

}  // namespace

base::BrokerId drawBroker(base::Random& random, const lab::LabDescription& lab) {
  return static_cast<base::BrokerId>(random.between(1, lab.brokers));
}

base::TopicPartition drawPartition(base::Random& random, const lab::LabDescription& lab) {
  const lab::CreateTopic& topic = lab.topics[random.below(lab.topics.size())];
  return {topic.topic, static_cast<base::PartitionId>(random.between(0, topic.partitions - 1))};
}

std::vector<int32_t> controllerIdsOf(const lab::LabDescription& lab) {
  std::vector<int32_t> ids;
  for (int32_t index = 0; index < lab.controllers; ++index) ids.push_back(kFirstControllerId + index);
  return ids;
}

int32_t drawController(base::Random& random, const lab::LabDescription& lab) {
  return kFirstControllerId + static_cast<int32_t>(random.between(0, lab.controllers - 1));
}

int32_t drawControllerOrActive(base::Random& random, const lab::LabDescription& lab) {
  return random.chance(1, 2) ? 0 : drawController(random, lab);
}

std::pair<world::Address, world::Address> drawLink(base::Random& random, const lab::LabDescription& lab) {
  if (lab.controllers > 1 && random.chance(1, 3)) {
    const int32_t first = static_cast<int32_t>(random.between(0, lab.controllers - 1));
    const int32_t step = static_cast<int32_t>(random.between(1, lab.controllers - 1));
    return {world::controllerAddress(kFirstControllerId + first),
            world::controllerAddress(kFirstControllerId + (first + step) % lab.controllers)};
  }
  const base::BrokerId broker = drawBroker(random, lab);
  if (lab.brokers < 2 || random.chance(1, 4))
    return {world::brokerAddress(broker), world::controllerAddress(drawController(random, lab))};
  const auto step = static_cast<base::BrokerId>(random.between(1, lab.brokers - 1));
  return {world::brokerAddress(broker), world::brokerAddress((broker - 1 + step) % lab.brokers + 1)};
}

void cut(Fault& fault, world::Address a, world::Address b) {
  fault.breaks.push_back(lab::CutLink{a, b});
  fault.repairs.push_back(lab::HealLink{a, b});
}

void cutFromOtherControllers(const lab::LabDescription& lab, int32_t controller, Fault& fault) {
  for (const int32_t other : controllerIdsOf(lab))
    if (other != controller) cut(fault, world::controllerAddress(controller), world::controllerAddress(other));
}

void cutFromControllers(const lab::LabDescription& lab, base::BrokerId broker, Fault& fault) {
  for (const int32_t controller : controllerIdsOf(lab))
    cut(fault, world::brokerAddress(broker), world::controllerAddress(controller));
}

void cutFromOtherBrokers(const lab::LabDescription& lab, base::BrokerId broker, Fault& fault) {
  for (base::BrokerId other = 1; other <= lab.brokers; ++other)
    if (other != broker) cut(fault, world::brokerAddress(broker), world::brokerAddress(other));
}

}  // namespace streamscope::simulation
