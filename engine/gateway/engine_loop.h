#pragma once

#include <asio.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "broker_gate.h"
#include "connection.h"
#include "exchange.h"
#include "lab/lab.h"
#include "pacer.h"

namespace streamscope::gateway {

/// What the engine's thread does: keeps the lab's virtual time beside the wall clock, brings the bytes of real clients
/// in and out, carries out orders, publishes what happened. One turn of the loop: orders, events that are due (a
/// bounded slice, so that sockets stay served at any speed), doors, responses, pictures, then sleep until an event is
/// due or something arrives. A request that arrives is injected and answered in the same turn.
class EngineLoop : public ConnectionOwner {
 public:
  struct Options {
    bool publishesSnapshots = true;
    /// Connections of real clients to all brokers together; one more is closed at once, and a notice says so.
    size_t connectionsMax = 10'000;
  };

  EngineLoop(asio::io_context& context, Exchange& exchange, std::unique_ptr<lab::Lab> lab,
             std::map<base::BrokerId, std::unique_ptr<Listener>> listeners, const Options& options);
  ~EngineLoop() override;

  /// Until an ending is ordered; the lab is gone afterwards.
  void run();

 private:
  using WallTime = std::chrono::steady_clock::time_point;

  // The turn, in this order.
  std::optional<Ending> carryOutOrders();
  /// Runs due events for one slice; true when more are due.
  bool runDueEvents();
  bool runTowardsStep();
  void giveUpSteps();
  void followBrokers();
  void flushResponses();
  void publish();
  void wait(bool moreIsDue);

  void end(Ending ending);
  /// Runs events up to the wall clock's virtual time for one slice; true when more are due.
  bool catchUp(WallTime wall);
  /// What comes from outside happens at the virtual time of its arrival.
  void catchUpBeforeInput();
  void onEvent(const world::TraceEvent& event);
  void accept(base::BrokerId broker, asio::ip::tcp::socket socket);
  size_t connectionCount() const;
  /// False, with a notice, when there are as many as may be.
  bool hasRoomForConnection(base::BrokerId broker);
  bool isHoldingClients() const { return !m_pacer.isPlaying() || !m_steps.empty(); }
  /// When the loop must turn again although nothing arrives.
  WallTime nextTurn(WallTime now) const;
  bool spinForTraffic(WallTime until);
  void sleepUntil(WallTime time);

  // ConnectionOwner.
  void onFrame(Connection& connection, base::ByteView frame) override;
  void onResponsesWaiting(Connection& connection) override;
  void onClosed(Connection& connection, const std::string& reason) override;
  bool mayRead(const Connection& connection) const override;

  asio::io_context& m_context;
  Exchange& m_exchange;
  std::unique_ptr<lab::Lab> m_lab;
  const Options m_options;
  uint64_t m_subscription = 0;

  Pacer m_pacer;
  /// The first is under way once it has an end.
  std::vector<lab::StepKind> m_steps;
  /// Virtual time at which the step under way gives up.
  std::optional<base::VirtualTime> m_stepEnd;
  bool m_stepReached = false;

  std::map<base::BrokerId, BrokerGate> m_gates;
  std::vector<std::shared_ptr<Connection>> m_toFlush;
  bool m_saidConnectionsAreTooMany = false;

  /// Brokers that have not been unfenced yet; empty is "ready".
  std::set<base::BrokerId> m_awaited;
  std::vector<world::TraceEvent> m_newEvents;
  bool m_hasNews = true;
  bool m_publishNow = true;
  base::VirtualTime m_publishedTime{};
  WallTime m_nextPublish{};

  /// Traffic until then is expected to be followed by more at once.
  WallTime m_hotUntil{};
  WallTime m_nextHousekeeping{};
  asio::steady_timer m_alarm;
  WallTime m_alarmAt = WallTime::max();
};

}  // namespace streamscope::gateway
