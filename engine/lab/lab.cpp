#include "lab/lab.h"

#include <algorithm>
#include <utility>

#include "command_executor.h"
#include "lab/command_json.h"
#include "lab_clients.h"
#include "lab_cluster.h"
#include "lab_recorder.h"
#include "snapshot_builder.h"
#include "storage/posix_storage.h"
#include "trace_tally.h"
#include "world/recording.h"
#include "world/trace_hash.h"

namespace streamscope::lab {

struct Lab::Impl {
  Impl(const LabDescription& labDescription, const Options& options, std::unique_ptr<LabCluster> labCluster)
      : description(labDescription),
        cluster(std::move(labCluster)),
        clients(*cluster,
                [this](const Command& command, const base::Status& outcome) { onAdminOutcome(command, outcome); }),
        builder(*cluster, clients, tally, description, options.ports),
        executor(*cluster, clients, [this](base::BrokerId broker) { builder.rememberReplicas(broker); }) {
    if (options.hashTrace) hash = std::make_unique<world::TraceHash>();
    cluster->world().subscribe([this](const world::TraceEvent& event) {
      tally.add(event);
      if (hash) hash->add(event);
    });
  }

  world::World& world() { return cluster->world(); }

  /// Starts the nodes and hands over what the description asks for.
  void begin() {
    cluster->start();
    clients.startAdmin();
    world().at(world().now(), [this] { handOver(); });
    for (const TimedCommand& timed : description.commands)
      world().at(timed.at, [this, timed] { carryOut(timed.command); });
  }

  void handOver() {
    // Topics of an earlier run are in the metadata log; what of it counts, a quorum of several must agree on first.
    if (cluster->isReopened() && cluster->controllerIds().size() > 1 && !cluster->activeController()) {
      world().at(world().now() + std::chrono::milliseconds(100), [this] { handOver(); });
      return;
    }
    for (const CreateTopic& topic : description.topics)
      if (cluster->image().findTopic(topic.topic) == nullptr) carryOut(topic);
    for (const StartProducer& producer : description.producers) carryOut(producer);
    for (const StartConsumer& consumer : description.consumers) carryOut(consumer);
  }

  base::Status carryOut(const Command& command) {
    const std::string json = toJson(command);
    const base::Status status = executor.execute(command);
    world().trace().record(world::CommandExecuted{json, status ? "" : status.error().message});
    return status;
  }

  /// What an administrator does takes virtual time; what became of it is told only when it failed.
  void onAdminOutcome(const Command& command, const base::Status& outcome) {
    if (!outcome) world().trace().record(world::CommandExecuted{toJson(command), outcome.error().message});
  }

  void record(world::RecordedInput input) {
    if (recorder) recorder->append(world(), std::move(input));
  }

  const LabDescription description;
  TraceTally tally;
  std::unique_ptr<world::TraceHash> hash;
  std::optional<LabRecorder> recorder;
  std::unique_ptr<LabCluster> cluster;
  LabClients clients;
  SnapshotBuilder builder;
  CommandExecutor executor;
};

Lab::Lab(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Lab::~Lab() {
  endRecording();
}

base::Result<std::unique_ptr<Lab>> Lab::open(const LabDescription& description, const Options& options) {
  LabDescription effective = description;
  effective.seed = options.seed.value_or(description.seed);
  base::Result<std::unique_ptr<LabCluster>> cluster = LabCluster::open(effective, options);
  if (!cluster) return base::fail(cluster.error());
  if (!options.recordTo.empty() && (*cluster)->isReopened())
    return base::fail(base::ErrorCode::INVALID_REQUEST,
                      "A recording tells a story from its beginning, and " + options.dataDirectory.string() +
                          " holds an earlier one; record with an empty data directory.");
  auto impl = std::make_unique<Impl>(effective, options, std::move(*cluster));
  if (!options.recordTo.empty()) {
    base::Result<LabRecorder> recorder = LabRecorder::start(
        options.recordTo, {effective, effective.seed, impl->world().config().startMs, options.ports});
    if (!recorder) return base::fail(recorder.error());
    impl->recorder.emplace(std::move(*recorder));
  }
  impl->begin();
  return std::unique_ptr<Lab>(new Lab(std::move(impl)));
}

const LabDescription& Lab::description() const {
  return m_impl->description;
}

base::VirtualTime Lab::now() const {
  return m_impl->world().now();
}
base::VirtualTime Lab::nextEventTime() const {
  return m_impl->world().nextEventTime();
}
void Lab::runUntil(base::VirtualTime time) {
  m_impl->world().runUntil(time);
}
bool Lab::step() {
  return m_impl->world().step();
}

base::Status Lab::execute(const Command& command) {
  m_impl->record(world::RecordedCommand{toJson(command)});
  return m_impl->carryOut(command);
}

SnapshotPtr Lab::snapshot() {
  return m_impl->builder.build();
}

uint64_t Lab::subscribe(std::function<void(const world::TraceEvent&)> subscriber) {
  return m_impl->world().subscribe(std::move(subscriber));
}
void Lab::unsubscribe(uint64_t handle) {
  m_impl->world().unsubscribe(handle);
}

world::Address Lab::openExternal(base::BrokerId broker, const std::string& peer, world::ExternalConnectionSink* sink) {
  const world::Address brokerAddress = world::brokerAddress(broker);
  const base::VirtualTime time = m_impl->world().now();
  const uint64_t eventsRun = m_impl->world().eventsRun();
  const world::Address connection = m_impl->world().openExternal(brokerAddress, peer, sink);
  if (m_impl->recorder)
    m_impl->recorder->append({time, eventsRun, world::RecordedOpen{connection, brokerAddress, peer}});
  return connection;
}

void Lab::externalFrame(world::Address connection, base::ByteView frame) {
  if (m_impl->recorder) m_impl->record(world::RecordedFrame{connection, base::SharedBytes::copyOf(frame)});
  m_impl->world().externalFrame(connection, frame);
}

void Lab::closeExternal(world::Address connection, const std::string& reason) {
  m_impl->record(world::RecordedClose{connection, reason});
  m_impl->world().closeExternal(connection, reason);
}

bool Lab::wantsMore(world::Address connection) const {
  return m_impl->world().wantsMore(connection);
}

bool Lab::acceptsConnections(base::BrokerId broker) const {
  return !m_impl->cluster->isDown(broker);
}

bool Lab::isPaused(base::BrokerId broker) const {
  return m_impl->cluster->brokerState(broker) == world::World::NodeState::Paused;
}

void Lab::shutDownCleanly(base::Duration limit) {
  endRecording();
  world::World& world = m_impl->world();
  const base::VirtualTime deadline = world.now() + limit;
  m_impl->clients.stopAll();
  std::vector<world::Address> brokers;
  for (const base::BrokerId id : m_impl->cluster->brokerIds()) {
    const world::Address address = world::brokerAddress(id);
    if (world.nodeState(address) == world::World::NodeState::Paused) world.resumeNode(address);
    brokers.push_back(address);
  }
  const auto stop = [&world](world::Address node) {
    if (world.nodeState(node) == world::World::NodeState::Running) world.stopNode(node, nullptr);
  };
  const auto runUntilDown = [&world, deadline](const std::vector<world::Address>& nodes) {
    const auto isDown = [&world](world::Address node) {
      return world.nodeState(node) == world::World::NodeState::Down;
    };
    while (!std::all_of(nodes.begin(), nodes.end(), isDown) && world.nextEventTime() <= deadline) world.step();
  };
  for (const world::Address broker : brokers) stop(broker);
  runUntilDown(brokers);
  std::vector<world::Address> controllers;
  for (const int32_t id : m_impl->cluster->controllerIds()) controllers.push_back(world::controllerAddress(id));
  for (const world::Address controller : controllers) stop(controller);
  runUntilDown(controllers);
}

void Lab::endRecording() {
  m_impl->record(world::RecordedEnd{m_impl->hash ? m_impl->hash->hex() : ""});
  m_impl->recorder.reset();
}

std::string Lab::traceHash() const {
  return m_impl->hash ? m_impl->hash->hex() : "";
}

world::World& Lab::world() {
  return m_impl->world();
}

}  // namespace streamscope::lab
