#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/controller_node.h"
#include "image_builder.h"
#include "protocol/message.h"
#include "storage/faulty_storage.h"
#include "support/crashable_memory.h"
#include "world/world.h"

namespace streamscope::controller {

/// A broker that does nothing but send what a test gives it.
class FakeBroker : public world::Node {
 public:
  explicit FakeBroker(world::NodeContext& context) : m_context(context) {}

  void start() override {}
  void onRequest(world::IncomingRequest) override {}

  void send(int16_t version, protocol::RequestBody body, world::ResponseHandler onResponse) {
    m_context.network.send(world::controllerAddress(100), version, std::move(body), std::chrono::seconds(30),
                           std::move(onResponse));
  }

 private:
  world::NodeContext& m_context;
};

/// A world of controller 100 and the fake brokers 1 to 3, and the words to tell a story in. The controller's disk loses
/// what was not synced when `killController` is called.
class ControllerWorld {
 public:
  explicit ControllerWorld(ControllerConfig config = defaults()) : m_world(quiet()) {
    m_world.subscribe([this](const world::TraceEvent& event) { m_events.push_back(event); });
    auto faulty = std::make_unique<storage::FaultyStorage>(m_memory);
    m_faults = faulty.get();
    m_world.addNode(
        world::controllerAddress(100),
        [config](world::NodeContext& context) { return std::make_unique<ControllerNode>(context, config); },
        std::move(faulty));
    for (const base::BrokerId broker : {1, 2, 3}) {
      m_world.addNode(
          world::brokerAddress(broker),
          [](world::NodeContext& context) { return std::make_unique<FakeBroker>(context); }, nullptr);
      m_world.startNode(world::brokerAddress(broker));
    }
    startController();
  }

  static ControllerConfig defaults() {
    ControllerConfig config;
    config.clusterId = "lab";
    config.metadataMaxIdleInterval = base::Duration::zero();
    return config;
  }

  void startController() { m_world.startNode(world::controllerAddress(100)); }
  void killController() {
    m_world.killNode(world::controllerAddress(100));
    m_memory.crash();
  }
  ControllerNode& controller() { return static_cast<ControllerNode&>(*m_world.node(world::controllerAddress(100))); }
  const MetadataImage& image() { return controller().image(); }
  storage::FaultyStorage& faults() { return *m_faults; }
  test::CrashableMemory& disk() { return m_memory; }
  world::World& world() { return m_world; }

  void pass(base::Duration duration) { m_world.runUntil(m_world.now() + duration); }

  /// Sends from a broker and waits for the answer.
  world::Response exchange(base::BrokerId broker, int16_t version, protocol::RequestBody body) {
    std::optional<world::Response> response;
    static_cast<FakeBroker&>(*m_world.node(world::brokerAddress(broker)))
        .send(version, std::move(body), [&response](world::Response received) { response = std::move(received); });
    while (!response && m_world.step()) {
    }
    return response.value_or(world::Response{world::Response::Outcome::TimedOut, {}});
  }
  template <class ResponseType>
  ResponseType ask(base::BrokerId broker, int16_t version, protocol::RequestBody body) {
    return std::get<ResponseType>(exchange(broker, version, std::move(body)).body);
  }

  /// A new process of the broker when `process` differs from the one before.
  protocol::BrokerRegistrationResponse registerBroker(base::BrokerId broker, uint64_t process = 1) {
    protocol::BrokerRegistrationRequest request;
    request.brokerId = broker;
    request.clusterId = "lab";
    request.incarnationId = {process, static_cast<uint64_t>(broker)};
    request.listeners = {{"PLAINTEXT", "localhost", static_cast<uint16_t>(9091 + broker), 0}};
    request.features = {{"metadata.version", 7, 30}};
    request.logDirs = {directoryOf(broker)};
    const auto response = ask<protocol::BrokerRegistrationResponse>(broker, 4, request);
    if (response.errorCode == 0) m_brokerEpochs[broker] = response.brokerEpoch;
    return response;
  }
  int64_t brokerEpoch(base::BrokerId broker) const { return m_brokerEpochs.at(broker); }

  protocol::BrokerHeartbeatResponse heartbeat(base::BrokerId broker, bool wantShutDown = false) {
    protocol::BrokerHeartbeatRequest request;
    request.brokerId = broker;
    request.brokerEpoch = m_brokerEpochs.at(broker);
    request.currentMetadataOffset = controller().logEndOffset() - 1;
    request.wantShutDown = wantShutDown;
    return ask<protocol::BrokerHeartbeatResponse>(broker, 1, request);
  }

  void bringUpBrokers() {
    for (const base::BrokerId broker : {1, 2, 3}) {
      registerBroker(broker);
      heartbeat(broker);
    }
  }

  /// Creates a topic whose partition i has the i-th replicas.
  protocol::CreateTopicsResponse::CreatableTopicResult createTopic(
      const std::string& name, const std::vector<std::vector<base::BrokerId>>& replicas) {
    protocol::CreateTopicsRequest request;
    auto& topic = request.topics.emplace_back();
    topic.name = name;
    topic.numPartitions = -1;
    topic.replicationFactor = -1;
    for (const auto& each : replicas)
      topic.assignments.push_back({static_cast<int32_t>(topic.assignments.size()), each});
    return ask<protocol::CreateTopicsResponse>(1, 7, request).topics.at(0);
  }

  /// Fetch of the metadata log by an observer that has everything below `offset`, of epoch `lastEpoch`.
  static protocol::FetchRequest metadataFetch(base::Offset offset, int32_t lastEpoch, int32_t leaderEpoch,
                                              int32_t maxWaitMs) {
    protocol::FetchRequest request;
    request.clusterId = "lab";
    request.replicaState.replicaId = 1;
    request.maxWaitMs = maxWaitMs;
    auto& topic = request.topics.emplace_back();
    topic.topicId = base::kMetadataTopicId;
    auto& partition = topic.partitions.emplace_back();
    partition.fetchOffset = offset;
    partition.lastFetchedEpoch = lastEpoch;
    partition.currentLeaderEpoch = leaderEpoch;
    return request;
  }

  /// What happened of one kind since the beginning.
  template <class Event>
  std::vector<Event> told() const {
    std::vector<Event> events;
    for (const auto& event : m_events) {
      if (const auto* payload = std::get_if<Event>(&event.payload)) events.push_back(*payload);
    }
    return events;
  }

 private:
  static world::WorldConfig quiet() {
    world::WorldConfig config;
    config.linkLatency = std::chrono::milliseconds(1);
    config.linkJitter = base::Duration::zero();
    return config;
  }

  test::CrashableMemory m_memory;
  storage::FaultyStorage* m_faults = nullptr;
  world::World m_world;
  std::vector<world::TraceEvent> m_events;
  std::map<base::BrokerId, int64_t> m_brokerEpochs;
};

}  // namespace streamscope::controller
