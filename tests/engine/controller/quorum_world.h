#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/controller_node.h"
#include "protocol/message.h"
#include "support/crashable_memory.h"
#include "world/world.h"

namespace streamscope::controller {

/// A client of controllers that does nothing but send what a test gives it.
class QuorumClient : public world::Node {
 public:
  explicit QuorumClient(world::NodeContext& context) : m_context(context) {}

  void start() override {}
  void onRequest(world::IncomingRequest) override {}

  void send(int32_t controller, int16_t version, protocol::RequestBody body, world::ResponseHandler onResponse) {
    m_context.network.send(world::controllerAddress(controller), version, std::move(body), std::chrono::seconds(30),
                           std::move(onResponse));
  }

 private:
  world::NodeContext& m_context;
};

/// A world of controllers 100, 101, ... that form one quorum, and the words to tell a story in. Their disks lose what
/// was not synced when the power goes.
class QuorumWorld {
 public:
  using Configure = std::function<void(ControllerConfig& config)>;

  explicit QuorumWorld(int32_t controllers, uint64_t seed = 1, const Configure& configure = {},
                       base::Duration linkJitter = std::chrono::microseconds(200))
      : m_world(worldConfig(seed, linkJitter)) {
    m_world.subscribe([this](const world::TraceEvent& event) { m_events.push_back(event); });
    for (int32_t id = 100; id < 100 + controllers; ++id) m_ids.push_back(id);
    for (const int32_t id : m_ids) {
      ControllerConfig config;
      config.nodeId = id;
      config.clusterId = "lab";
      config.quorumVoters = m_ids;
      if (configure) configure(config);
      auto disk = std::make_unique<test::CrashableMemory>();
      m_disks[id] = disk.get();
      m_world.addNode(
          world::controllerAddress(id),
          [config](world::NodeContext& context) { return std::make_unique<ControllerNode>(context, config); },
          std::move(disk));
    }
    m_world.addNode(
        world::brokerAddress(1), [](world::NodeContext& context) { return std::make_unique<QuorumClient>(context); },
        nullptr);
    m_world.startNode(world::brokerAddress(1));
  }

  void startAll() {
    for (const int32_t id : m_ids) start(id);
  }
  void start(int32_t id) {
    if (m_world.nodeState(world::controllerAddress(id)) == world::World::NodeState::Down)
      m_world.startNode(world::controllerAddress(id));
  }
  void kill(int32_t id) { m_world.killNode(world::controllerAddress(id)); }
  void losePower(int32_t id) {
    kill(id);
    m_disks.at(id)->crash();
  }
  bool isUp(int32_t id) const { return m_world.node(world::controllerAddress(id)) != nullptr; }
  ControllerNode& controller(int32_t id) {
    return static_cast<ControllerNode&>(*m_world.node(world::controllerAddress(id)));
  }
  test::CrashableMemory& disk(int32_t id) { return *m_disks.at(id); }
  const std::vector<int32_t>& ids() const { return m_ids; }
  world::World& world() { return m_world; }

  /// Both directions.
  void cut(int32_t a, int32_t b) {
    m_world.cutLink(world::controllerAddress(a), world::controllerAddress(b));
    m_world.cutLink(world::controllerAddress(b), world::controllerAddress(a));
  }
  void isolate(int32_t id) {
    for (const int32_t other : m_ids)
      if (other != id) cut(id, other);
  }
  void healAll() {
    for (const int32_t a : m_ids)
      for (const int32_t b : m_ids) m_world.healLink(world::controllerAddress(a), world::controllerAddress(b));
  }

  void pass(base::Duration duration) { m_world.runUntil(m_world.now() + duration); }
  /// Runs until the condition holds; false when it does not within `limit`.
  bool runUntil(const std::function<bool()>& condition, base::Duration limit = std::chrono::seconds(20)) {
    const base::VirtualTime end = m_world.now() + limit;
    while (!condition()) {
      if (m_world.nextEventTime() > end) return false;
      m_world.step();
    }
    return true;
  }

  /// The one of the highest epoch that says it is active.
  std::optional<int32_t> active() {
    std::optional<int32_t> found;
    for (const int32_t id : m_ids) {
      if (!isUp(id) || !controller(id).isActive()) continue;
      if (!found || controller(id).epoch() > controller(*found).epoch()) found = id;
    }
    return found;
  }
  bool runUntilActive() {
    return runUntil([this] { return active().has_value(); });
  }
  std::vector<int32_t> others(int32_t id) const {
    std::vector<int32_t> others = m_ids;
    std::erase(others, id);
    return others;
  }

  QuorumClient& client() { return static_cast<QuorumClient&>(*m_world.node(world::brokerAddress(1))); }
  template <class ResponseType>
  std::optional<ResponseType> ask(int32_t controller, int16_t version, protocol::RequestBody body,
                                  base::Duration limit = std::chrono::seconds(10)) {
    std::optional<world::Response> response;
    client().send(controller, version, std::move(body),
                  [&response](world::Response received) { response = std::move(received); });
    runUntil([&] { return response.has_value(); }, limit);
    if (!response || response->outcome != world::Response::Outcome::Received) return std::nullopt;
    return std::get<ResponseType>(response->body);
  }

  /// The decision these stories are about.
  static protocol::BrokerRegistrationRequest registration(int32_t broker) {
    protocol::BrokerRegistrationRequest request;
    request.brokerId = broker;
    request.clusterId = "lab";
    request.incarnationId = {7, static_cast<uint64_t>(broker) + 1};
    request.listeners = {{"PLAINTEXT", "localhost", 9092, 0}};
    request.features = {{"metadata.version", 7, 30}};
    request.logDirs = {{1000, static_cast<uint64_t>(broker) + 1}};
    return request;
  }
  /// Registers a broker with a controller; the error, or nothing when there was no answer.
  std::optional<int16_t> registerBroker(int32_t controller, int32_t broker,
                                        base::Duration limit = std::chrono::seconds(10)) {
    const auto response = ask<protocol::BrokerRegistrationResponse>(controller, 4, registration(broker), limit);
    return response ? std::optional(response->errorCode) : std::nullopt;
  }

  /// A vote as another voter asks for it.
  std::optional<protocol::VoteResponse::TopicData::PartitionData> askForVote(int32_t voter, int32_t candidate,
                                                                             int32_t epoch, base::Offset lastOffset,
                                                                             int32_t lastEpoch, bool isPreVote) {
    protocol::VoteRequest request;
    request.clusterId = "lab";
    request.voterId = voter;
    auto& topic = request.topics.emplace_back();
    topic.topicName = "__cluster_metadata";
    auto& partition = topic.partitions.emplace_back();
    partition.replicaEpoch = epoch;
    partition.replicaId = candidate;
    partition.lastOffset = lastOffset;
    partition.lastOffsetEpoch = lastEpoch;
    partition.preVote = isPreVote;
    const auto response = ask<protocol::VoteResponse>(voter, 2, request);
    if (!response || response->topics.empty()) return std::nullopt;
    return response->topics.front().partitions.front();
  }

  /// What happened of one kind since the beginning.
  template <class Event>
  std::vector<Event> told() const {
    std::vector<Event> events;
    for (const auto& event : m_events)
      if (const auto* payload = std::get_if<Event>(&event.payload)) events.push_back(*payload);
    return events;
  }
  const std::vector<world::TraceEvent>& events() const { return m_events; }

  /// Whether the controllers that run have the same committed state.
  bool doImagesAgree() {
    const ControllerNode* first = nullptr;
    for (const int32_t id : m_ids) {
      if (!isUp(id)) continue;
      if (first != nullptr && !(first->image() == controller(id).image())) return false;
      first = &controller(id);
    }
    return true;
  }

 private:
  static world::WorldConfig worldConfig(uint64_t seed, base::Duration linkJitter) {
    world::WorldConfig config;
    config.seed = seed;
    config.linkLatency = std::chrono::milliseconds(1);
    config.linkJitter = linkJitter;
    return config;
  }

  world::World m_world;
  std::vector<int32_t> m_ids;
  std::map<int32_t, test::CrashableMemory*> m_disks;
  std::vector<world::TraceEvent> m_events;
};

}  // namespace streamscope::controller
