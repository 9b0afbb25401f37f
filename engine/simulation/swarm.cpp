#include "simulation/swarm.h"

#include <algorithm>
#include <array>
#include <string>

#include "fault_kinds.h"

namespace streamscope::simulation {
namespace {

using namespace std::chrono_literals;

/// Streams of their own, so that one part drawing more does not shift another.
enum Stream : uint64_t { kCluster = 1, kTopics, kClients, kFaults, kWorld, kControllers };

/// Topics exist and have leaders by then, also over slow links.
constexpr base::VirtualTime kFirstFault{4s};
constexpr size_t kFaultsMax = 60;

template <size_t N>
int64_t oneOf(base::Random& random, const int64_t (&values)[N]) {
  return values[random.below(N)];
}

base::Duration drawDuration(base::Random& random, base::Duration low, base::Duration high) {
  return base::Duration(random.between(low.count(), high.count()));
}

/// As likely between 1 and 10 ms as between 1 and 10 s.
base::Duration drawOverMagnitudes(base::Random& random, base::Duration low, base::Duration high) {
  int64_t bound = low.count();
  while (bound < high.count() && random.chance(2, 3)) bound *= 2;
  return drawDuration(random, low, std::min(base::Duration(bound), high));
}

void drawCluster(base::Random& random, lab::LabDescription& lab) {
  lab.brokers = static_cast<int32_t>(oneOf(random, {3, 3, 3, 3, 4, 4, 5, 5, 6, 7}));
  lab.linkLatency = drawOverMagnitudes(random, 50us, 20ms);
  lab.linkJitter = drawDuration(random, 0us, lab.linkLatency);
  const int64_t sessionMs = oneOf(random, {1000, 2000, 3000, 6000, 9000});
  auto set = [&lab](const char* key, int64_t value) { lab.brokerConfigs[key] = std::to_string(value); };
  set("broker.session.timeout.ms", sessionMs);
  set("broker.heartbeat.interval.ms", sessionMs / random.between(3, 6));
  set("log.segment.bytes", oneOf(random, {4096, 16'384, 65'536, 1'048'576}));
  set("replica.lag.time.max.ms", oneOf(random, {1000, 2000, 4000, 10'000, 30'000}));
  set("replica.fetch.wait.max.ms", oneOf(random, {50, 200, 500}));
  set("replica.fetch.backoff.ms", oneOf(random, {50, 300, 1000}));
  set("replica.high.watermark.checkpoint.interval.ms", oneOf(random, {200, 1000, 5000}));
  set("request.timeout.ms", oneOf(random, {2000, 10'000, 30'000}));
  // A batch or a few for each fetch: over slow links a follower would never keep up, and nobody promises that it does.
  if (lab.linkLatency <= 500us && random.chance(1, 2)) set("replica.fetch.max.bytes", oneOf(random, {1, 1000, 5000}));
  if (random.chance(1, 4)) set("metadata.log.max.record.bytes.between.snapshots", oneOf(random, {500, 4000}));
  if (random.chance(1, 3)) set("log.flush.offset.checkpoint.interval.ms", 1000);
  set("log.retention.check.interval.ms", 3000);
}

/// One controller as before, or a quorum; short timeouts let elections collide.
void drawControllers(base::Random& random, lab::LabDescription& lab) {
  lab.controllers = static_cast<int32_t>(oneOf(random, {1, 1, 1, 3, 3, 5}));
  if (lab.controllers == 1) return;
  auto set = [&lab](const char* key, int64_t value) { lab.brokerConfigs[key] = std::to_string(value); };
  // Over slow links no election would ever end.
  const int64_t timeoutMs = lab.linkLatency <= 2ms ? oneOf(random, {50, 150, 500, 1000}) : 1000;
  set("controller.quorum.election.timeout.ms", timeoutMs);
  // A Fetch with nothing to answer waits for 500 ms; who is impatient with that deposes every leader.
  set("controller.quorum.fetch.timeout.ms", std::max<int64_t>(2 * timeoutMs, 1200));
  set("controller.quorum.request.timeout.ms", std::max<int64_t>(timeoutMs, 500));
  set("controller.quorum.election.backoff.max.ms", timeoutMs);
  if (random.chance(1, 4)) {
    set("metadata.max.retention.bytes", 20'000);
    set("metadata.log.segment.bytes", 4000);
    set("metadata.log.max.record.bytes.between.snapshots", 4000);
  }
}

void drawTopics(base::Random& random, lab::LabDescription& lab) {
  const int64_t count = oneOf(random, {1, 1, 1, 2, 2, 3});
  for (int64_t index = 0; index < count; ++index) {
    lab::CreateTopic topic;
    topic.topic = "topic-" + std::to_string(index + 1);
    topic.partitions = static_cast<int32_t>(random.between(1, 3));
    topic.replicationFactor =
        static_cast<int16_t>(std::min<int64_t>(oneOf(random, {1, 2, 3, 3, 3, 3, 3, 4, 5}), lab.brokers));
    const int64_t minIsr =
        random.chance(2, 3) ? std::max(1, topic.replicationFactor - 1) : random.between(1, topic.replicationFactor);
    topic.configs["min.insync.replicas"] = std::to_string(minIsr);
    if (random.chance(1, 12)) topic.configs["unclean.leader.election.enable"] = "true";
    if (random.chance(1, 10)) topic.configs["retention.bytes"] = "30000";
    if (random.chance(1, 10)) topic.configs["cleanup.policy"] = "compact";
    lab.topics.push_back(std::move(topic));
  }
}

void drawClients(base::Random& random, lab::LabDescription& lab) {
  const auto drawTopic = [&] { return lab.topics[random.below(lab.topics.size())]; };
  const int64_t producers = random.between(1, 3);
  for (int64_t index = 0; index < producers; ++index) {
    const lab::CreateTopic& topic =
        index < static_cast<int64_t>(lab.topics.size()) ? lab.topics[static_cast<size_t>(index)] : drawTopic();
    lab::StartProducer producer;
    producer.name = "producer-" + std::to_string(index + 1);
    producer.topic = topic.topic;
    producer.acks = static_cast<int16_t>(oneOf(random, {-1, -1, -1, -1, -1, -1, 1, 0}));
    producer.enableIdempotence = producer.acks == -1 && random.chance(4, 5);
    producer.recordsPerSecond = static_cast<double>(oneOf(random, {3, 10, 30, 100}));
    producer.recordBytes = static_cast<int32_t>(oneOf(random, {80, 200, 1000}));
    const bool needsKeys = topic.configs.contains("cleanup.policy");
    producer.keys = static_cast<int32_t>(needsKeys ? random.between(1, 30) : oneOf(random, {0, 0, 5, 50}));
    producer.batchSize = static_cast<int32_t>(oneOf(random, {0, 1000, 16'384}));
    producer.linger = std::chrono::milliseconds(oneOf(random, {0, 5, 50}));
    lab.producers.push_back(std::move(producer));
  }
  const int64_t consumers = random.between(0, 2);
  for (int64_t index = 0; index < consumers; ++index) {
    lab::StartConsumer consumer;
    consumer.name = "consumer-" + std::to_string(index + 1);
    consumer.topic = drawTopic().topic;
    lab.consumers.push_back(std::move(consumer));
  }
}

/// Which kinds there are, a kind as often as its weight.
std::vector<const FaultKind*> drawFaultMix(base::Random& random) {
  std::vector<const FaultKind*> mix;
  while (mix.empty())
    for (const FaultKind& kind : faultKinds())
      if (random.chance(1, 4)) mix.insert(mix.end(), static_cast<size_t>(oneOf(random, {1, 1, 2, 4, 8})), &kind);
  return mix;
}

}  // namespace

std::vector<Fault> drawFaults(base::Random& random, const lab::LabDescription& lab, base::VirtualTime from,
                              base::VirtualTime end, size_t faultsMax) {
  const std::vector<const FaultKind*> mix = drawFaultMix(random);
  const base::Duration gapMax = drawOverMagnitudes(random, 500ms, 10s);
  const auto burst = static_cast<uint64_t>(random.between(0, 6));
  const base::Duration lastsMax = drawDuration(random, 500ms, 15s);
  std::vector<Fault> faults;
  for (base::VirtualTime at = from; faults.size() < faultsMax;) {
    // Bad news comes in bursts: the second fault before the first is over.
    at += random.chance(burst, 10) ? drawOverMagnitudes(random, 1ms, 200ms) : drawDuration(random, 1ms, gapMax);
    if (at >= end) break;
    const FaultKind& kind = *mix[random.below(mix.size())];
    Fault fault;
    fault.kind = kind.name;
    fault.from = at;
    fault.until =
        at + (random.chance(1, 2) ? drawOverMagnitudes(random, 20ms, lastsMax) : drawDuration(random, 20ms, lastsMax));
    kind.draw(random, lab, fault);
    faults.push_back(std::move(fault));
  }
  return faults;
}

Trial drawTrial(uint64_t seed) {
  const base::Random root(seed);
  Trial trial;
  lab::LabDescription& lab = trial.lab;
  lab.name = "seed " + std::to_string(seed);
  lab.seed = seed;
  base::Random cluster = root.fork(kCluster);
  drawCluster(cluster, lab);
  base::Random controllers = root.fork(kControllers);
  drawControllers(controllers, lab);
  base::Random topics = root.fork(kTopics);
  drawTopics(topics, lab);
  base::Random clients = root.fork(kClients);
  drawClients(clients, lab);
  base::Random faults = root.fork(kFaults);
  trial.faultsEnd = kFirstFault + drawDuration(faults, 10s, 40s);
  trial.faults = drawFaults(faults, lab, kFirstFault, trial.faultsEnd, kFaultsMax);
  return trial;
}

}  // namespace streamscope::simulation
