#include "world/world.h"

#include <utility>

#include "base/assert.h"
#include "external_port.h"
#include "message_network.h"
#include "no_storage.h"
#include "node_services.h"
#include "node_table.h"
#include "scheduler_clock.h"
#include "trace_recorder.h"
#include "world/cause_scope.h"
#include "world/scheduler.h"

namespace streamscope::world {

namespace {

const char* endingOf(NodeStopped::Manner manner) {
  switch (manner) {
    case NodeStopped::Manner::Killed:
      return "the broker was killed";
    case NodeStopped::Manner::LostPower:
      return "the broker lost power";
    case NodeStopped::Manner::Gracefully:
      break;
  }
  return "the broker shut down";
}

}  // namespace

struct World::Impl {
  explicit Impl(WorldConfig worldConfig)
      : config(worldConfig),
        trace(scheduler),
        nodes(scheduler),
        injector(scheduler, trace),
        network(config, pool, scheduler, trace, nodes, injector),
        external(scheduler, trace, nodes, injector),
        clock(scheduler, config.startMs) {}

  ~Impl() {
    // Nodes first: in their destructors they may still cancel timers.
    for (const auto& place : nodes.all()) {
      ++place->life;
      place->waiting.clear();
      place->node.reset();
    }
  }

  NodePlace& addedPlace(Address address) {
    NodePlace* place = nodes.find(address);
    STREAMSCOPE_ASSERT(place != nullptr && place->factory != nullptr, address.toString());
    return *place;
  }

  NodePlace& runningPlace(Address address) {
    NodePlace& place = addedPlace(address);
    STREAMSCOPE_ASSERT(place.isUp(), address.toString());
    return place;
  }

  /// The node's services stay from life to life.
  NodeServices& servicesOf(NodePlace& place) {
    if (place.index >= services.size()) services.resize(place.index + 1);
    auto& own = services[place.index];
    if (own == nullptr)
      own = std::make_unique<NodeServices>(place, scheduler, trace, nodes, network, external, injector, config.startMs);
    return *own;
  }

  void start(NodePlace& place);
  void end(NodePlace& place, NodeStopped::Manner manner);

  const WorldConfig config;
  NoStorage noStorage;
  // Before the scheduler, so that it outlives it: what is still scheduled holds messages.
  MessagePool pool;
  Scheduler scheduler;
  TraceRecorder trace;
  NodeTable nodes;
  ErrorInjector injector;
  MessageNetwork network;
  ExternalPort external;
  SchedulerClock clock;
  /// By the index of their place.
  std::vector<std::unique_ptr<NodeServices>> services;
};

void World::Impl::start(NodePlace& place) {
  STREAMSCOPE_ASSERT(!place.isUp(), place.name);
  NodeServices& ownServices = servicesOf(place);
  // By address and life, so that what one node or one life draws never shifts another.
  const uint64_t kind = static_cast<uint64_t>(place.address.kind) + 1;
  place.random =
      base::Random(config.seed).fork((kind << 56) | static_cast<uint64_t>(place.address.id)).fork(place.life);
  storage::Storage& storage = place.storage != nullptr ? *place.storage : noStorage;
  place.context = std::make_unique<NodeContext>(
      NodeContext{place.address, ownServices.clock(), ownServices, *place.random, ownServices, trace, storage});

  const CauseScope cause(trace, trace.record(NodeStarted{place.address}));
  place.isBeingMade = true;
  place.node = place.factory(*place.context);
  place.isBeingMade = false;
  STREAMSCOPE_ASSERT(place.node != nullptr, place.name);
  nodes.give(place, [&place] { place.node->start(); });
}

void World::Impl::end(NodePlace& place, NodeStopped::Manner manner) {
  STREAMSCOPE_ASSERT(nodes.running() != &place, place.name);
  const EventId stopped = trace.record(NodeStopped{place.address, manner});
  const CauseScope cause(trace, stopped);
  ++place.life;
  place.isPaused = false;
  place.isStopping = false;
  place.busyUntil = {};
  place.waiting.clear();
  place.answersToAdd.clear();
  network.forgetNode(place, stopped);
  place.node.reset();
  place.context.reset();
  external.closeAllOf(place.address, endingOf(manner));
}

World::World(WorldConfig config) : m_impl(std::make_unique<Impl>(config)) {}
World::~World() = default;

const WorldConfig& World::config() const {
  return m_impl->config;
}
base::VirtualTime World::now() const {
  return m_impl->scheduler.now();
}
base::TimestampMs World::wallClockMs() const {
  return m_impl->clock.wallClockMs();
}

base::VirtualTime World::nextEventTime() const {
  return m_impl->scheduler.nextDue();
}
bool World::step() {
  return m_impl->scheduler.runNext();
}
void World::runUntil(base::VirtualTime time) {
  while (m_impl->scheduler.nextDue() <= time)
    if (!m_impl->scheduler.runNext()) break;
  if (time > now()) m_impl->scheduler.advanceTo(time);
}
void World::advanceTo(base::VirtualTime time) {
  m_impl->scheduler.advanceTo(time);
}
uint64_t World::eventsRun() const {
  return m_impl->scheduler.eventsRun();
}

void World::addNode(Address address, NodeFactory factory, std::unique_ptr<storage::Storage> storage) {
  NodePlace& place = m_impl->nodes.place(address);
  STREAMSCOPE_ASSERT(place.factory == nullptr, address.toString());
  STREAMSCOPE_ASSERT(factory != nullptr, address.toString());
  place.factory = std::move(factory);
  place.storage = std::move(storage);
}

void World::startNode(Address address) {
  m_impl->start(m_impl->addedPlace(address));
}

void World::killNode(Address address) {
  m_impl->end(m_impl->runningPlace(address), NodeStopped::Manner::Killed);
}

void World::losePower(Address address) {
  m_impl->end(m_impl->runningPlace(address), NodeStopped::Manner::LostPower);
}

void World::stopNode(Address address, std::function<void()> done) {
  NodePlace& place = m_impl->runningPlace(address);
  STREAMSCOPE_ASSERT(!place.isStopping, address.toString());
  place.isStopping = true;
  // The node may be done inside its own call, so that its end is a later event.
  auto stopped = [this, &place, life = place.life, done = std::move(done)] {
    if (place.life != life) return;
    m_impl->end(place, NodeStopped::Manner::Gracefully);
    if (done) done();
  };
  auto onStopped = [this, stopped = std::make_shared<decltype(stopped)>(std::move(stopped)),
                    cause = m_impl->trace.currentCause()] {
    m_impl->scheduler.schedule(now(), [this, stopped, cause] {
      const CauseScope scope(m_impl->trace, cause);
      (*stopped)();
    });
  };
  m_impl->nodes.give(place, [this, &place, cause = m_impl->trace.currentCause(), onStopped = std::move(onStopped)] {
    const CauseScope scope(m_impl->trace, cause);
    place.node->stop(onStopped);
  });
}

void World::pauseNode(Address address) {
  m_impl->nodes.pause(m_impl->runningPlace(address));
  m_impl->trace.record(NodePaused{address});
}

void World::resumeNode(Address address) {
  m_impl->nodes.resume(m_impl->runningPlace(address));
  m_impl->trace.record(NodeResumed{address});
}

void World::removeNode(Address address) {
  NodePlace& place = m_impl->addedPlace(address);
  if (place.isUp()) m_impl->end(place, NodeStopped::Manner::Killed);
  place.factory = nullptr;
  place.storage.reset();
}

void World::occupyNode(Address address, base::Duration duration) {
  if (NodePlace* place = m_impl->nodes.find(address)) m_impl->nodes.occupy(*place, duration);
}

void World::setClock(Address address, const ClockSetting& setting) {
  m_impl->servicesOf(m_impl->addedPlace(address)).clock().set(setting);
  m_impl->trace.record(ClockChanged{address, setting.offset.count(), setting.driftPpm});
}

ClockSetting World::clockSetting(Address address) const {
  return m_impl->servicesOf(m_impl->addedPlace(address)).clock().setting();
}

base::TimestampMs World::wallClockMs(Address address) const {
  return m_impl->servicesOf(m_impl->addedPlace(address)).clock().wallClockMs();
}

void World::injectError(Address address, const InjectedError& error) {
  m_impl->injector.inject(m_impl->addedPlace(address), error);
}

void World::forgetInjectedErrors(Address address, protocol::ApiKey api) {
  m_impl->injector.forget(m_impl->addedPlace(address), api);
}

std::vector<InjectedError> World::injectedErrors(Address address) const {
  std::vector<InjectedError> errors = m_impl->addedPlace(address).injectedErrors;
  std::erase_if(errors, [](const InjectedError& error) { return error.times == 0; });
  return errors;
}

World::NodeState World::nodeState(Address address) const {
  const NodePlace* place = m_impl->nodes.find(address);
  if (place == nullptr || place->factory == nullptr) return NodeState::Absent;
  if (!place->isUp()) return NodeState::Down;
  if (place->isPaused) return NodeState::Paused;
  return place->isStopping ? NodeState::Stopping : NodeState::Running;
}

Node* World::node(Address address) const {
  const NodePlace* place = m_impl->nodes.find(address);
  return place != nullptr ? place->node.get() : nullptr;
}

void World::cutLink(Address from, Address to) {
  m_impl->network.cutLink(from, to);
}
void World::healLink(Address from, Address to) {
  m_impl->network.healLink(from, to);
}
bool World::isLinkCut(Address from, Address to) const {
  return m_impl->network.isLinkCut(from, to);
}
void World::setLinkConditions(Address from, Address to, const LinkConditions& conditions) {
  m_impl->network.setConditions(from, to, conditions);
}
LinkConditions World::linkConditions(Address from, Address to) const {
  return m_impl->network.conditions(from, to);
}
LinkConditions World::normalLinkConditions() const {
  return m_impl->network.normalConditions();
}
std::vector<MessageInFlight> World::messagesInFlight() const {
  return m_impl->network.messagesInFlight();
}

Address World::openExternal(Address broker, const std::string& peer, ExternalConnectionSink* sink) {
  STREAMSCOPE_ASSERT(m_impl->nodes.running() == nullptr);
  m_impl->scheduler.countEvent();
  return m_impl->external.open(broker, peer, sink);
}

void World::externalFrame(Address connection, base::ByteView frame) {
  STREAMSCOPE_ASSERT(m_impl->nodes.running() == nullptr);
  m_impl->scheduler.countEvent();
  m_impl->external.frame(connection, frame);
}

void World::closeExternal(Address connection, const std::string& reason) {
  STREAMSCOPE_ASSERT(m_impl->nodes.running() == nullptr);
  m_impl->scheduler.countEvent();
  m_impl->external.closedByClient(connection, reason);
}

bool World::wantsMore(Address connection) const {
  return m_impl->external.wantsMore(connection);
}
std::vector<ExternalConnectionState> World::externalConnections() const {
  return m_impl->external.connections();
}

Trace& World::trace() {
  return m_impl->trace;
}
uint64_t World::subscribe(std::function<void(const TraceEvent&)> subscriber) {
  return m_impl->trace.subscribe(std::move(subscriber));
}
void World::unsubscribe(uint64_t handle) {
  m_impl->trace.unsubscribe(handle);
}
EventId World::lastEvent() const {
  return m_impl->trace.lastEvent();
}

void World::at(base::VirtualTime time, std::function<void()> action) {
  m_impl->scheduler.schedule(time, std::move(action));
}

}  // namespace streamscope::world
