#pragma once

#include "simulation/trial.h"

namespace streamscope::test {

/// Three brokers, one partition everywhere, a producer; nothing breaks before ten seconds are over.
inline simulation::Trial smallTrial(int16_t acks) {
  simulation::Trial trial;
  trial.lab.name = "small";
  trial.lab.brokerConfigs = {{"broker.session.timeout.ms", "2000"}, {"broker.heartbeat.interval.ms", "400"}};
  trial.lab.topics = {{"orders", 1, 3, {{"min.insync.replicas", "2"}}}};
  lab::StartProducer producer;
  producer.name = "checkout";
  producer.topic = "orders";
  producer.acks = acks;
  producer.enableIdempotence = acks == -1;
  producer.recordsPerSecond = 100;
  producer.linger = base::Duration::zero();
  trial.lab.producers = {producer};
  trial.faultsEnd = base::VirtualTime(std::chrono::seconds(10));
  return trial;
}

inline simulation::Fault fault(base::Duration from, base::Duration until, std::vector<lab::Command> breaks,
                               std::vector<lab::Command> repairs) {
  return {"by hand", base::VirtualTime(from), base::VirtualTime(until), std::move(breaks), std::move(repairs)};
}

/// The leader is cut off from its followers, goes on alone, and dies: what it acknowledged by itself is lost.
inline simulation::Fault leaderDiesAlone() {
  const auto leader = world::brokerAddress(1);
  std::vector<lab::Command> cuts, heals;
  for (base::BrokerId other : {2, 3}) {
    cuts.push_back(lab::CutLink{leader, world::brokerAddress(other)});
    heals.push_back(lab::HealLink{leader, world::brokerAddress(other)});
  }
  return fault(std::chrono::seconds(4), std::chrono::seconds(9), std::move(cuts), std::move(heals));
}

}  // namespace streamscope::test
