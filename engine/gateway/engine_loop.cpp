#include "engine_loop.h"

#include <algorithm>
#include <string>
#include <utility>

namespace streamscope::gateway {
namespace {

using std::chrono::steady_clock;

/// The lab runs at most this long before sockets and orders have their turn.
constexpr std::chrono::milliseconds kSlice{2};
/// Events between two looks at the wall clock.
constexpr int kEventsPerLook = 32;
constexpr std::chrono::microseconds kFrameTime{16'667};
/// Waking a sleeping thread takes about 35 us, so right after traffic it pays to look again for a moment.
constexpr std::chrono::microseconds kSpin{50};
constexpr std::chrono::milliseconds kHotAfterTraffic{2};
constexpr std::chrono::seconds kHousekeepingEvery{1};
/// Kafka: connections.max.idle.ms.
constexpr std::chrono::milliseconds kConnectionsIdleMax{600'000};
/// Virtual time a clean shutdown may take.
constexpr std::chrono::seconds kShutDownMax{30};
/// Virtual time a step may take: on a quiet cluster nothing of its kind may ever happen.
constexpr std::chrono::minutes kStepMax{1};
/// Events handed to the watcher at once while a slice runs.
constexpr size_t kEventsPerBatch = 4'096;

template <class... Payloads>
bool isOneOf(const world::EventPayload& payload) {
  return (std::holds_alternative<Payloads>(payload) || ...);
}

bool endsStep(lab::StepKind kind, const world::EventPayload& payload) {
  switch (kind) {
    case lab::StepKind::NextRequest:
      return isOneOf<world::RequestReceived, world::ResponseReceived>(payload);
    case lab::StepKind::NextChange:
      return isOneOf<world::PartitionChanged, world::LeadershipChanged, world::HighWatermarkMoved, world::NodeStarted,
                     world::NodeStopped, world::NodePaused, world::NodeResumed, world::BrokerRegistered,
                     world::BrokerFenced, world::BrokerUnfenced, world::ControllerElected, world::TopicCreated,
                     world::TopicDeleted, world::LogTruncated, world::LogDirectoryFailed>(payload);
  }
  return true;
}

}  // namespace

EngineLoop::EngineLoop(asio::io_context& context, Exchange& exchange, std::unique_ptr<lab::Lab> lab,
                       std::map<base::BrokerId, std::unique_ptr<Listener>> listeners, const Options& options)
    : m_context(context),
      m_exchange(exchange),
      m_lab(std::move(lab)),
      m_options(options),
      m_pacer(steady_clock::now()),
      m_alarm(context) {
  for (auto& [broker, listener] : listeners) m_gates.emplace(broker, BrokerGate(broker, std::move(listener)));
  for (base::BrokerId broker = 1; broker <= m_lab->description().brokers; ++broker) m_awaited.insert(broker);
  m_subscription = m_lab->subscribe([this](const world::TraceEvent& event) { onEvent(event); });
  m_exchange.publish(m_lab->snapshot());
}

EngineLoop::~EngineLoop() = default;

void EngineLoop::run() {
  const auto keepRunning = asio::make_work_guard(m_context);
  while (true) {
    if (const auto ending = carryOutOrders()) {
      end(*ending);
      return;
    }
    const bool moreIsDue = runDueEvents();
    followBrokers();
    flushResponses();
    publish();
    wait(moreIsDue);
  }
}

std::optional<Ending> EngineLoop::carryOutOrders() {
  const Orders orders = m_exchange.takeOrders();
  const WallTime now = steady_clock::now();
  if (!orders.commands.empty()) catchUpBeforeInput();
  std::vector<base::Status> outcomes;
  for (const PostedCommand& posted : orders.commands) outcomes.push_back(m_lab->execute(posted.command));
  if (!outcomes.empty()) {
    // Whoever hears of the outcome finds it in the picture.
    m_publishNow = true;
    publish();
  }
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (orders.commands[i].onOutcome) orders.commands[i].onOutcome(outcomes[i]);
  }
  if (orders.speed != m_pacer.speed()) m_pacer.setSpeed(orders.speed, now, m_lab->now());
  if (orders.cancelSteps && !m_steps.empty()) {
    m_steps.clear();
    m_stepEnd.reset();
    m_publishNow = true;
  }
  if (orders.isPlaying) {
    m_pacer.play(now, m_lab->now());
  } else if (m_pacer.isPlaying()) {
    m_pacer.pause();
    m_publishNow = true;
  }
  m_steps.insert(m_steps.end(), orders.steps.begin(), orders.steps.end());
  return orders.ending;
}

bool EngineLoop::runDueEvents() {
  if (!m_steps.empty()) return runTowardsStep();
  if (!m_pacer.isPlaying()) return false;
  return catchUp(steady_clock::now());
}

bool EngineLoop::catchUp(WallTime wall) {
  const WallTime sliceEnd = wall + kSlice;
  const base::VirtualTime target = m_pacer.target(wall);
  for (int events = 1; m_lab->nextEventTime() <= target; ++events) {
    if (!m_lab->step()) return false;
    if (events % kEventsPerLook != 0) continue;
    // At full speed a client need not wait for the slice's end.
    flushResponses();
    const WallTime now = steady_clock::now();
    if (now < sliceEnd) continue;
    m_pacer.slipIfBehind(now, m_lab->now());
    return true;
  }
  if (target > m_lab->now() && target != base::kVirtualTimeMax) m_lab->runUntil(target);
  return false;
}

void EngineLoop::catchUpBeforeInput() {
  // As fast as it goes, "now" is wherever the lab is.
  if (m_pacer.isPlaying() && !m_pacer.isUnbounded()) catchUp(steady_clock::now());
}

bool EngineLoop::runTowardsStep() {
  const WallTime sliceEnd = steady_clock::now() + kSlice;
  if (!m_stepEnd) m_stepEnd = m_lab->now() + kStepMax;
  m_stepReached = false;
  while (!m_stepReached) {
    if (m_lab->nextEventTime() > *m_stepEnd) {
      giveUpSteps();
      return false;
    }
    m_lab->step();
    if (!m_stepReached && steady_clock::now() >= sliceEnd) return true;
  }
  m_steps.erase(m_steps.begin());
  m_stepEnd.reset();
  m_publishNow = true;
  return !m_steps.empty();
}

void EngineLoop::giveUpSteps() {
  m_lab->runUntil(*m_stepEnd);
  // Those that wait would find no more than this one did.
  m_steps.clear();
  m_stepEnd.reset();
  m_publishNow = true;
  m_exchange.addNotice("Nothing of that kind happened within one virtual minute; the lab is paused there.");
}

void EngineLoop::onEvent(const world::TraceEvent& event) {
  m_hasNews = true;
  if (!m_steps.empty() && endsStep(m_steps.front(), event.payload)) m_stepReached = true;
  if (const auto* unfenced = std::get_if<world::BrokerUnfenced>(&event.payload)) {
    if (m_awaited.erase(unfenced->broker.id) > 0 && m_awaited.empty()) m_exchange.setReady();
  }
  if (const auto* failed = std::get_if<world::LogDirectoryFailed>(&event.payload))
    m_exchange.addNotice(failed->node.toString() + " has stopped, its log directory is offline: " + failed->reason);
  if (!m_options.publishesSnapshots) return;
  m_newEvents.push_back(event);
  if (m_newEvents.size() >= kEventsPerBatch) m_exchange.appendTrace(m_newEvents);
}

void EngineLoop::followBrokers() {
  const WallTime now = steady_clock::now();
  for (auto& [id, gate] : m_gates) {
    const base::BrokerId broker = id;
    auto wanted = BrokerGate::Condition::Serving;
    if (!m_lab->acceptsConnections(broker)) {
      wanted = BrokerGate::Condition::Closed;
    } else if (isHoldingClients() || m_lab->isPaused(broker)) {
      wanted = BrokerGate::Condition::Held;
    }
    std::string notice =
        gate.follow(wanted, now, [this, broker](asio::ip::tcp::socket socket) { accept(broker, std::move(socket)); });
    if (!notice.empty()) m_exchange.addNotice(std::move(notice));
    // A broker that had enough to do may have worked it off.
    if (gate.isServing()) gate.resumeReading();
  }
  if (now < m_nextHousekeeping) return;
  m_nextHousekeeping = now + kHousekeepingEvery;
  for (auto& [id, gate] : m_gates) {
    if (gate.isServing()) gate.abortIdle(now - kConnectionsIdleMax);
  }
}

void EngineLoop::flushResponses() {
  // Flushing can end a connection, which can wake another.
  while (!m_toFlush.empty()) {
    std::vector<std::shared_ptr<Connection>> waiting;
    waiting.swap(m_toFlush);
    for (const auto& connection : waiting) connection->flush();
  }
}

void EngineLoop::publish() {
  if (!m_options.publishesSnapshots) {
    m_publishNow = false;
    return;
  }
  const WallTime now = steady_clock::now();
  if (!m_publishNow && now < m_nextPublish) return;
  if (!m_newEvents.empty()) m_exchange.appendTrace(m_newEvents);
  if (!m_publishNow && !m_hasNews && m_publishedTime == m_lab->now()) return;
  m_publishedTime = m_lab->now();
  m_hasNews = m_publishNow = false;
  m_nextPublish = now + kFrameTime;
  m_exchange.publish(m_lab->snapshot());
}

void EngineLoop::wait(bool moreIsDue) {
  if (m_context.poll() > 0 || moreIsDue || m_publishNow) return;
  const WallTime now = steady_clock::now();
  const WallTime next = nextTurn(now);
  if (next <= now) return;
  if (now < m_hotUntil && spinForTraffic(std::min(next, now + kSpin))) return;
  sleepUntil(next);
}

EngineLoop::WallTime EngineLoop::nextTurn(WallTime now) const {
  WallTime next = m_gates.empty() ? now + kHousekeepingEvery : m_nextHousekeeping;
  if (!m_pacer.isPlaying()) return next;
  if (m_pacer.isUnbounded()) return now;
  next = std::min(next, m_pacer.wallTimeOf(m_lab->nextEventTime()));
  if (m_options.publishesSnapshots) next = std::min(next, m_nextPublish);
  return next;
}

bool EngineLoop::spinForTraffic(WallTime until) {
  while (steady_clock::now() < until) {
    if (m_context.poll() > 0) return true;
  }
  return false;
}

void EngineLoop::sleepUntil(WallTime time) {
  // An earlier alarm that rings for nothing costs less than setting it anew each turn.
  if (time < m_alarmAt) {
    m_alarmAt = time;
    m_alarm.expires_at(time);
    m_alarm.async_wait([this](const asio::error_code& cancelled) {
      if (!cancelled) m_alarmAt = WallTime::max();
    });
  }
  m_context.run_one();
  m_context.poll();
}

void EngineLoop::end(Ending ending) {
  if (ending == Ending::ShutDownCleanly) {
    m_lab->shutDownCleanly(kShutDownMax);
    flushResponses();
  }
  for (auto& [id, gate] : m_gates) gate.follow(BrokerGate::Condition::Closed, steady_clock::now(), {});
  m_toFlush.clear();
  if (m_options.publishesSnapshots) {
    if (!m_newEvents.empty()) m_exchange.appendTrace(m_newEvents);
    m_exchange.publish(m_lab->snapshot());
  }
  m_lab->unsubscribe(m_subscription);
  m_lab.reset();
  for (const PostedCommand& late : m_exchange.takeOrders().commands) {
    if (late.onOutcome) late.onOutcome(base::fail(base::ErrorCode::UNKNOWN_SERVER_ERROR, "The lab has ended."));
  }
  m_exchange.setEnded();
}

void EngineLoop::accept(base::BrokerId broker, asio::ip::tcp::socket socket) {
  // Going out of scope closes the socket.
  if (!hasRoomForConnection(broker)) return;
  auto connection = std::make_shared<Connection>(std::move(socket), broker, *this, Connection::Limits{});
  catchUpBeforeInput();
  if (!m_lab->acceptsConnections(broker)) return;
  connection->setAddress(m_lab->openExternal(broker, connection->peer(), connection.get()));
  m_gates.at(broker).add(connection);
  connection->resumeReading();
}

size_t EngineLoop::connectionCount() const {
  size_t count = 0;
  for (const auto& [broker, gate] : m_gates) count += gate.connectionCount();
  return count;
}

bool EngineLoop::hasRoomForConnection(base::BrokerId broker) {
  const size_t count = connectionCount();
  // Said again only after most have left, not for each try of a client that goes on trying.
  if (count < m_options.connectionsMax / 2) m_saidConnectionsAreTooMany = false;
  if (count < m_options.connectionsMax) return true;
  if (std::exchange(m_saidConnectionsAreTooMany, true)) return false;
  m_exchange.addNotice("Real clients hold " + std::to_string(count) +
                       " connections, as many as this lab may have open, so broker " + std::to_string(broker) +
                       " closed a new one; end clients you do not need, or raise the system's limit of open files (a "
                       "quarter of it, 10,000 at most, is for clients) and open the lab again.");
  return false;
}

void EngineLoop::onFrame(Connection& connection, base::ByteView frame) {
  catchUpBeforeInput();
  m_hotUntil = steady_clock::now() + kHotAfterTraffic;
  m_lab->externalFrame(connection.address(), frame);
}

void EngineLoop::onResponsesWaiting(Connection& connection) {
  m_toFlush.push_back(connection.shared_from_this());
}

void EngineLoop::onClosed(Connection& connection, const std::string& reason) {
  m_gates.at(connection.broker()).remove(connection);
  if (!connection.wasClosedByBroker()) m_lab->closeExternal(connection.address(), reason);
}

bool EngineLoop::mayRead(const Connection& connection) const {
  return m_gates.at(connection.broker()).isServing() && m_lab->wantsMore(connection.address());
}

}  // namespace streamscope::gateway
