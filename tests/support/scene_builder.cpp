#include "support/scene_builder.h"

#include <algorithm>
#include <cmath>

namespace streamscope::support {
namespace {

using namespace std::chrono_literals;

base::Duration secondsOf(double seconds) {
  return base::Duration(static_cast<int64_t>(seconds * 1e6));
}

constexpr int64_t kRecordBytes = 392;
constexpr int64_t kSegmentRecords = 512;

void fillSegments(lab::ReplicaState& replica) {
  replica.segments.clear();
  for (int64_t base = replica.logStartOffset; base == replica.logStartOffset || base < replica.logEndOffset;
       base = (base / kSegmentRecords + 1) * kSegmentRecords) {
    const int64_t end = std::min((base / kSegmentRecords + 1) * kSegmentRecords, replica.logEndOffset);
    replica.segments.push_back({base, end, static_cast<uint64_t>(std::max<int64_t>(0, end - base) * kRecordBytes)});
  }
  replica.bytes = static_cast<uint64_t>((replica.logEndOffset - replica.logStartOffset) * kRecordBytes);
}

/// Stamps events with ids, one after the other.
class Tape {
 public:
  explicit Tape(base::VirtualTime start) : m_start(start) {}
  world::EventId add(base::Duration after, world::EventPayload payload, world::EventId cause = 0) {
    m_events.push_back({m_next, cause, m_start + after, std::move(payload)});
    return m_next++;
  }
  std::vector<world::TraceEvent> take() {
    std::ranges::stable_sort(m_events, {}, &world::TraceEvent::time);
    return std::move(m_events);
  }
  /// A request and its response, each half a millisecond on its way.
  void call(base::Duration at, world::Address from, world::Address to, protocol::ApiKey api, uint32_t requestBytes,
            uint32_t responseBytes, const base::TopicPartition& partition, base::Duration wait = 100us,
            int16_t error = 0) {
    const auto due = m_start + at + 500us;
    const auto sent = add(at, world::RequestSent{from, to, api, 12, ++m_correlation, due, requestBytes, partition});
    const auto received = add(at + 500us, world::RequestReceived{from, to, api, m_correlation}, sent);
    const auto back = at + 500us + wait;
    add(back, world::ResponseSent{to, from, api, 12, m_correlation, m_start + back + 500us, responseBytes, error},
        received);
  }

 private:
  base::VirtualTime m_start;
  world::EventId m_next = 1;
  int32_t m_correlation = 0;
  std::vector<world::TraceEvent> m_events;
};

}  // namespace

SceneBuilder::SceneBuilder(int brokers, double seconds) {
  m_snapshot.time = base::VirtualTime(secondsOf(seconds));
  m_snapshot.seed = 42;
  m_snapshot.labName = "first-light";
  m_snapshot.clusterId = "Nk018hRAQFytWskYqtQduw";
  lab::ControllerState controller;
  controller.id = 100;
  controller.epoch = 1;
  controller.metadataLogEndOffset = 214;
  m_snapshot.controllers.push_back(controller);
  for (int id = 1; id <= brokers; ++id) {
    lab::BrokerState broker;
    broker.id = id;
    broker.condition = lab::NodeCondition::Running;
    broker.brokerEpoch = 10 + id;
    broker.port = static_cast<uint16_t>(9091 + id);
    m_snapshot.brokers.push_back(std::move(broker));
  }
}

SceneBuilder& SceneBuilder::topic(const std::string& name, int partitions, int replicationFactor, int minInsync) {
  lab::TopicState topic;
  topic.name = name;
  topic.replicationFactor = static_cast<int16_t>(replicationFactor);
  topic.minInsyncReplicas = minInsync;
  const int brokers = static_cast<int>(m_snapshot.brokers.size());
  for (int p = 0; p < partitions; ++p) {
    lab::PartitionState partition;
    partition.partition = {name, p};
    partition.leader = p % brokers + 1;
    partition.leaderEpoch = 6;
    partition.partitionEpoch = 9;
    for (int r = 0; r < replicationFactor; ++r) {
      const int id = (p + r) % brokers + 1;
      partition.replicas.push_back(id);
      lab::ReplicaState replica;
      replica.partition = partition.partition;
      replica.broker = id;
      replica.isLeader = r == 0;
      replica.isPreferredLeader = r == 0;
      replica.isInSync = true;
      replica.leaderEpoch = 6;
      auto& replicas = m_snapshot.brokers[static_cast<size_t>(id - 1)].replicas;
      replicas.push_back(std::move(replica));
      std::ranges::sort(replicas, {}, &lab::ReplicaState::partition);
    }
    partition.isr = partition.replicas;
    topic.partitions.push_back(std::move(partition));
  }
  m_snapshot.topics.push_back(std::move(topic));
  std::ranges::sort(m_snapshot.topics, {}, &lab::TopicState::name);
  return *this;
}

SceneBuilder& SceneBuilder::producer(const std::string& name, const std::string& topic, int acks, double rate) {
  lab::ProducerState producer;
  producer.name = name;
  producer.clientId = static_cast<int32_t>(m_snapshot.producers.size()) + 1;
  producer.topic = topic;
  producer.acks = static_cast<int16_t>(acks);
  producer.recordsPerSecondWanted = rate;
  producer.recordsPerSecond = rate;
  producer.producerId = 1000 + producer.clientId;
  producer.producerEpoch = 0;
  producer.recordsSent = 4159;
  producer.recordsAcknowledged = 4151;
  m_snapshot.producers.push_back(std::move(producer));
  return *this;
}

SceneBuilder& SceneBuilder::consumer(const std::string& name, const std::string& group, const std::string& topic,
                                     std::vector<int> partitions) {
  lab::ConsumerState consumer;
  consumer.name = name;
  consumer.clientId = 50 + static_cast<int32_t>(m_snapshot.consumers.size());
  consumer.group = group;
  consumer.topic = topic;
  for (const int p : partitions) consumer.partitions.push_back({{topic, p}, 0, 0});
  m_snapshot.consumers.push_back(std::move(consumer));
  return *this;
}

SceneBuilder& SceneBuilder::external(const std::string& clientId, const std::string& software, int broker,
                                     bool produces, const std::string& topic, int partition) {
  lab::ExternalClientState client;
  client.address = world::externalAddress(static_cast<int32_t>(m_snapshot.externalClients.size()) + 1);
  client.broker = broker;
  client.clientId = clientId;
  client.software = software;
  client.peer = "127.0.0.1:" + std::to_string(40300 + client.address.id);
  client.requests = 240;
  client.bytesIn = 18'400'000;
  client.bytesOut = 9'200'000;
  client.lastApi = produces ? "Produce" : "Fetch";
  (produces ? client.producesTo : client.fetchesFrom).push_back({topic, partition});
  m_snapshot.brokers[static_cast<size_t>(broker - 1)].externalConnections++;
  m_snapshot.externalClients.push_back(std::move(client));
  return *this;
}

lab::ReplicaState* SceneBuilder::replica(int broker, const base::TopicPartition& partition) {
  auto& replicas = m_snapshot.brokers[static_cast<size_t>(broker - 1)].replicas;
  const auto it = std::ranges::find(replicas, partition, &lab::ReplicaState::partition);
  return it != replicas.end() ? &*it : nullptr;
}

lab::PartitionState* SceneBuilder::partition(const base::TopicPartition& partition) {
  for (auto& topic : m_snapshot.topics)
    for (auto& state : topic.partitions)
      if (state.partition == partition) return &state;
  return nullptr;
}

SceneBuilder& SceneBuilder::offsets(const std::string& topic, int p, int64_t logEndOffset, int64_t behind) {
  auto* state = partition({topic, p});
  for (const int id : state->replicas) {
    auto* r = replica(id, state->partition);
    r->logEndOffset = id == state->leader ? logEndOffset : logEndOffset - behind;
    r->highWatermark = logEndOffset - behind;
    fillSegments(*r);
  }
  for (auto& consumer : m_snapshot.consumers)
    for (auto& c : consumer.partitions)
      if (c.partition == state->partition) {
        c.highWatermark = logEndOffset - behind;
        c.position = c.highWatermark;
      }
  return *this;
}

SceneBuilder& SceneBuilder::position(const std::string& name, const std::string& topic, int p, int64_t position) {
  for (auto& consumer : m_snapshot.consumers)
    for (auto& c : consumer.partitions)
      if (consumer.name == name && c.partition == base::TopicPartition{topic, p}) c.position = position;
  return *this;
}

SceneBuilder& SceneBuilder::dead(int broker, double seconds) {
  auto& state = m_snapshot.brokers[static_cast<size_t>(broker - 1)];
  state.condition = lab::NodeCondition::Down;
  state.since = m_snapshot.time - secondsOf(seconds);
  state.externalConnections = 0;
  for (auto& topic : m_snapshot.topics)
    for (auto& p : topic.partitions) {
      std::erase(p.isr, broker);
      if (auto* r = replica(broker, p.partition)) r->isInSync = false;
      if (p.leader != broker) continue;
      p.leader = p.isr.empty() ? -1 : p.isr.front();
      p.leaderEpoch++;
      for (const int id : p.replicas) {
        auto* r = replica(id, p.partition);
        r->isLeader = id == p.leader;
        if (id != broker) r->leaderEpoch = p.leaderEpoch;
      }
    }
  return *this;
}

SceneBuilder& SceneBuilder::catchingUp(int broker, int64_t behind) {
  for (auto& topic : m_snapshot.topics)
    for (auto& p : topic.partitions)
      if (auto* r = replica(broker, p.partition)) {
        std::erase(p.isr, broker);
        r->isInSync = false;
        r->logEndOffset -= behind;
        r->highWatermark = std::min(r->highWatermark, r->logEndOffset);
        fillSegments(*r);
      }
  return *this;
}

SceneBuilder& SceneBuilder::paused(int broker, double seconds) {
  auto& state = m_snapshot.brokers[static_cast<size_t>(broker - 1)];
  state.condition = lab::NodeCondition::Paused;
  state.since = m_snapshot.time - secondsOf(seconds);
  return *this;
}

SceneBuilder& SceneBuilder::cut(int a, int b) {
  m_snapshot.cutLinks.push_back({world::brokerAddress(a), world::brokerAddress(b)});
  return *this;
}

SceneBuilder& SceneBuilder::conditions(int from, int to, const world::LinkConditions& conditions) {
  m_snapshot.links.push_back({world::brokerAddress(from), world::brokerAddress(to), conditions});
  return *this;
}

SceneBuilder& SceneBuilder::ill(int broker, const lab::DiskState& disk, const lab::ClockState& clock) {
  auto& state = m_snapshot.brokers[static_cast<size_t>(broker - 1)];
  state.disk = disk;
  state.clock = clock;
  return *this;
}

SceneBuilder& SceneBuilder::inFlight(world::Address from, world::Address to, protocol::ApiKey api, bool isResponse,
                                     double fraction, const std::string& topic, int p) {
  lab::MessageInFlight message;
  message.sentEvent = m_snapshot.inFlight.size() + 1;
  message.from = from;
  message.to = to;
  message.api = api;
  message.isResponse = isResponse;
  message.sent = m_snapshot.time - secondsOf(0.0005 * fraction);
  message.due = message.sent + 500us;
  if (!topic.empty()) message.partition = {topic, p};
  m_snapshot.inFlight.push_back(std::move(message));
  return *this;
}

void SceneBuilder::finish() {
  auto& c = m_snapshot.counters;
  c = {};
  for (const auto& topic : m_snapshot.topics)
    for (const auto& p : topic.partitions) {
      if (p.isr.size() < p.replicas.size()) c.underReplicatedPartitions++;
      if (p.leader < 0) c.offlinePartitions++;
      int64_t end = 0;
      for (const int id : p.replicas) end = std::max(end, replica(id, p.partition)->logEndOffset);
      c.recordsProduced += end;
    }
  c.recordsConsumed = c.recordsProduced;
  for (auto& consumer : m_snapshot.consumers) {
    for (const auto& p : consumer.partitions) c.totalLag += p.lag();
    consumer.recordsPerSecond = 40;
    consumer.recordsConsumed = 4100;
  }
  c.recordsConsumed -= c.totalLag;
}

lab::SnapshotPtr SceneBuilder::build() {
  finish();
  return std::make_shared<lab::Snapshot>(m_snapshot);
}

std::vector<lab::SnapshotPtr> growingHistory(const lab::Snapshot& last, double seconds, double recordsPerSecond) {
  std::vector<lab::SnapshotPtr> history;
  const int steps = static_cast<int>(seconds * 10);
  const int64_t lagNow = last.counters.totalLag;
  for (int step = steps; step > 0; --step) {
    auto earlier = std::make_shared<lab::Snapshot>(last);
    const double ago = step * 0.1;
    earlier->time = last.time - secondsOf(ago);
    // A little wave, so that a chart has a shape.
    const auto grown = static_cast<int64_t>(recordsPerSecond * (ago + 0.2 * std::sin(ago * 1.7)));
    int64_t produced = 0;
    for (auto& broker : earlier->brokers)
      for (auto& r : broker.replicas) {
        r.logEndOffset = std::max<int64_t>(0, r.logEndOffset - grown);
        r.highWatermark = std::min(r.highWatermark, r.logEndOffset);
        if (r.isLeader) produced += grown;
      }
    earlier->counters.recordsProduced -= produced;
    // The lag grew over the last four seconds.
    const double share = std::clamp(1 - ago / 4, 0.0, 1.0);
    const auto lag = static_cast<int64_t>(static_cast<double>(lagNow) * share);
    earlier->counters.recordsConsumed -= produced - (lagNow - lag);
    for (auto& consumer : earlier->consumers)
      for (auto& p : consumer.partitions) {
        const auto own = static_cast<int64_t>(static_cast<double>(p.lag()) * share);
        p.highWatermark = std::max<int64_t>(0, p.highWatermark - grown);
        p.position = std::max<int64_t>(0, p.highWatermark - own);
      }
    earlier->counters.totalLag = lag;
    history.push_back(std::move(earlier));
  }
  return history;
}

std::vector<world::TraceEvent> trafficBefore(const lab::Snapshot& snapshot) {
  using protocol::ApiKey;
  const auto span = 400ms;
  Tape tape(snapshot.time - span);
  int n = 0;
  const auto later = [&n](base::Duration step) { return base::Duration((n++ * 7919 % 31) * step.count() / 31); };
  for (const auto& topic : snapshot.topics)
    for (const auto& p : topic.partitions) {
      if (p.leader < 0) continue;
      const auto leader = world::brokerAddress(p.leader);
      for (const auto& producer : snapshot.producers)
        if (producer.topic == topic.name)
          tape.call(later(span), world::clientAddress(producer.clientId), leader, ApiKey::Produce, 900, 0, p.partition);
      for (const int follower : p.isr)
        if (follower != p.leader)
          tape.call(later(span), world::brokerAddress(follower), leader, ApiKey::Fetch, 0, 900, p.partition);
      for (const auto& consumer : snapshot.consumers)
        for (const auto& c : consumer.partitions)
          if (c.partition == p.partition)
            tape.call(later(span), world::clientAddress(consumer.clientId), leader, ApiKey::Fetch, 0, 900, p.partition);
    }
  for (const auto& broker : snapshot.brokers)
    if (broker.condition == lab::NodeCondition::Running)
      tape.call(later(span), world::brokerAddress(broker.id), world::controllerAddress(100), ApiKey::BrokerHeartbeat, 0,
                0, {});
  return tape.take();
}

std::vector<world::TraceEvent> deathOf(int broker, const lab::Snapshot& after) {
  const auto* state = &after.brokers[static_cast<size_t>(broker - 1)];
  Tape tape(state->since);
  const auto address = world::brokerAddress(broker);
  tape.add(0us, world::CommandExecuted{"kill broker " + std::to_string(broker), ""});
  tape.add(0us, world::NodeStopped{address, world::NodeStopped::Manner::Killed});
  const auto fenced = after.time - state->since - 400ms;
  tape.add(fenced, world::BrokerFenced{address, "no heartbeat for 9 s"});
  for (const auto& topic : after.topics)
    for (const auto& p : topic.partitions) {
      if (std::ranges::find(p.replicas, broker) == p.replicas.end()) continue;
      const bool led = p.replicas.front() == broker;
      tape.add(fenced + 1ms, world::PartitionChanged{p.partition, led ? broker : p.leader, p.leader, p.leaderEpoch,
                                                     p.partitionEpoch, p.replicas, p.isr});
      if (led)
        tape.add(fenced + 2ms,
                 world::LeadershipChanged{world::brokerAddress(p.leader), p.partition, p.leaderEpoch, true});
    }
  return tape.take();
}

std::vector<world::TraceEvent> returnOf(int broker, const lab::Snapshot& after) {
  Tape tape(after.time - 3s);
  const auto address = world::brokerAddress(broker);
  tape.add(0us, world::NodeStarted{address});
  tape.add(200ms, world::BrokerRegistered{address, 61});
  tape.add(450ms, world::BrokerUnfenced{address});
  for (const auto& topic : after.topics)
    for (const auto& p : topic.partitions) {
      auto before = p.isr;
      std::erase(before, broker);
      if (before.size() == p.isr.size()) continue;
      tape.add(900ms, world::PartitionChanged{p.partition, p.leader, p.leader, p.leaderEpoch, p.partitionEpoch, before,
                                              p.isr});
    }
  return tape.take();
}

}  // namespace streamscope::support
