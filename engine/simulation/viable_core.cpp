#include "viable_core.h"

#include <algorithm>
#include <vector>

namespace streamscope::simulation {
namespace {

bool isViable(const lab::TopicState& topic, const lab::PartitionState& partition,
              const std::set<base::BrokerId>& brokers) {
  const auto isThere = [&brokers](base::BrokerId broker) { return brokers.contains(broker); };
  const auto needed = std::min<std::ptrdiff_t>(topic.minInsyncReplicas, std::ssize(partition.replicas));
  return std::ranges::any_of(partition.isr, isThere) && std::ranges::count_if(partition.replicas, isThere) >= needed;
}

std::vector<int32_t> shuffled(const std::set<int32_t>& ids, base::Random& random) {
  std::vector<int32_t> order(ids.begin(), ids.end());
  for (size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  return order;
}

}  // namespace

bool isViable(const lab::Snapshot& snapshot, const std::set<base::BrokerId>& brokers) {
  return !brokers.empty() && std::ranges::all_of(snapshot.topics, [&](const lab::TopicState& topic) {
    return std::ranges::all_of(topic.partitions, [&](const auto& each) { return isViable(topic, each, brokers); });
  });
}

std::set<base::BrokerId> drawViableCore(const lab::Snapshot& snapshot, base::Random& random) {
  std::set<base::BrokerId> core;
  for (const lab::BrokerState& broker : snapshot.brokers) core.insert(broker.id);
  if (random.chance(1, 2)) return core;
  for (const base::BrokerId broker : shuffled(core, random)) {
    core.erase(broker);
    if (!isViable(snapshot, core)) core.insert(broker);
  }
  return core;
}

std::set<int32_t> drawMajority(const lab::Snapshot& snapshot, base::Random& random) {
  std::set<int32_t> controllers;
  for (const lab::ControllerState& controller : snapshot.controllers) controllers.insert(controller.id);
  if (random.chance(1, 2)) return controllers;
  std::vector<int32_t> order = shuffled(controllers, random);
  order.resize(order.size() / 2 + 1);
  return {order.begin(), order.end()};
}

void growUntilViable(const lab::Snapshot& snapshot, std::set<base::BrokerId>& core) {
  for (const lab::TopicState& topic : snapshot.topics)
    for (const lab::PartitionState& partition : topic.partitions)
      if (!isViable(topic, partition, core)) core.insert(partition.isr.begin(), partition.isr.end());
}

}  // namespace streamscope::simulation
