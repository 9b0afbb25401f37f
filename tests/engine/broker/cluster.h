#pragma once

// A whole cluster in virtual time for stories: a world with a controller, brokers on disks in memory, and one client
// that sends what a test says. Nothing waits: `runUntil` runs events until a condition holds, and gives up after a
// bound.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/broker_node.h"
#include "controller/controller_node.h"
#include "storage/faulty_storage.h"
#include "support/crashable_memory.h"
#include "world/trace_hash.h"
#include "world/world.h"

namespace streamscope::broker {

/// Sends what it is told and keeps the answers.
class ScriptedClient : public world::Node {
 public:
  explicit ScriptedClient(world::NodeContext& context) : m_context(context) {}
  void start() override {}
  void onRequest(world::IncomingRequest) override {}

  /// Returns the number of the request.
  size_t send(base::BrokerId broker, int16_t version, protocol::RequestBody body, bool expectResponse = true);
  const std::optional<world::Response>& response(size_t request) const { return m_responses[request]; }

 private:
  world::NodeContext& m_context;
  std::vector<std::optional<world::Response>> m_responses;
};

class Cluster {
 public:
  struct Options {
    uint64_t seed = 1;
    std::function<void(BrokerConfig&)> configure = {};
    /// Of every broker.
    std::vector<CoordinatorFactory> coordinators = {};
  };
  explicit Cluster(Options options);
  Cluster() : Cluster(Options{}) {}

  static constexpr base::BrokerId kBrokers = 3;
  static constexpr int32_t kController = 100;

  world::World& world() { return m_world; }
  BrokerNode& broker(base::BrokerId id);
  const controller::MetadataImage& image();
  storage::FaultyStorage& disk(base::BrokerId id) { return *m_disks.at(id).faulty; }
  /// What that disk stands on, to take its power while the broker is down.
  test::CrashableMemory& memory(base::BrokerId id) { return *m_disks.at(id).memory; }

  /// Runs events until `done`; false when it has not come true within `limit` of virtual time.
  bool runUntil(const std::function<bool()>& done, base::Duration limit = std::chrono::seconds(120));
  void runFor(base::Duration duration) { m_world.runUntil(m_world.now() + duration); }
  void kill(base::BrokerId id) { m_world.killNode(world::brokerAddress(id)); }
  void restart(base::BrokerId id) { m_world.startNode(world::brokerAddress(id)); }
  /// Both directions.
  void cut(world::Address a, world::Address b);
  void heal(world::Address a, world::Address b);

  bool allUnfenced();
  /// Starts every broker and waits until all are unfenced.
  bool boot();
  /// Creates the topic and waits until every broker knows it.
  bool createTopic(const std::string& topic, int32_t partitions = 1, int16_t replicationFactor = 3,
                   const std::map<std::string, std::string>& configs = {});

  /// What the controller says of partition 0.
  controller::PartitionRegistration partition(const std::string& topic);
  base::BrokerId leaderOf(const std::string& topic) { return partition(topic).leader; }
  std::vector<base::BrokerId> followersOf(const std::string& topic);
  bool isIsrComplete(const std::string& topic) { return partition(topic).isr.size() == kBrokers; }
  /// Partition 0 on this broker; nothing while the broker is down or has no such replica.
  std::optional<ReplicaView> replica(base::BrokerId id, const std::string& topic);
  /// Keyless values of partition 0 on this broker's disk, in order.
  std::vector<std::string> values(base::BrokerId id, const std::string& topic);

  /// Sends and waits for the end of the request; no value when the connection broke or time ran out.
  template <class Body, class Request>
  std::optional<Body> call(base::BrokerId id, Request request, int16_t version = Request::kInfo.versionMax) {
    const size_t number = client().send(id, version, std::move(request));
    runUntil([&] { return client().response(number).has_value(); });
    const auto& response = client().response(number);
    if (!response || response->outcome != world::Response::Outcome::Received) return std::nullopt;
    return std::get<Body>(response->body);
  }

  struct Batch {
    std::string value;
    int16_t acks = -1;
    int64_t producerId = -1;
    int16_t producerEpoch = -1;
    int32_t sequence = -1;
    int32_t timeoutMs = 30'000;
    bool damageCrc = false;
    std::optional<std::string> key = {};
  };
  protocol::ProduceRequest produceRequest(const std::string& topic, const Batch& batch);
  using ProduceAnswer = protocol::ProduceResponse::PartitionProduceResponse;
  std::optional<ProduceAnswer> produce(base::BrokerId id, const std::string& topic, const Batch& batch);
  /// Error code of `produce`; NETWORK_EXCEPTION without an answer.
  base::ErrorCode produceError(base::BrokerId id, const std::string& topic, const Batch& batch);

  ScriptedClient& client();
  std::string traceHash() const { return m_hash.hex(); }
  template <class Event>
  std::vector<Event> all() const {
    std::vector<Event> found;
    for (const world::TraceEvent& event : m_events)
      if (const auto* one = std::get_if<Event>(&event.payload)) found.push_back(*one);
    return found;
  }
  const std::vector<world::TraceEvent>& events() const { return m_events; }

 private:
  struct Disk {
    std::unique_ptr<test::CrashableMemory> memory;
    storage::FaultyStorage* faulty = nullptr;
  };
  std::map<base::BrokerId, Disk> m_disks;
  world::World m_world;
  world::TraceHash m_hash;
  std::vector<world::TraceEvent> m_events;
};

}  // namespace streamscope::broker
