#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/virtual_time.h"
#include "world/address.h"
#include "world/clock_setting.h"
#include "world/external_port.h"
#include "world/injected_error.h"
#include "world/link_conditions.h"
#include "world/message_in_flight.h"
#include "world/node.h"
#include "world/trace.h"

namespace streamscope::world {

struct WorldConfig {
  uint64_t seed = 1;
  /// Wall-clock time at virtual time zero, in ms since 1970; part of the recording.
  base::TimestampMs startMs = 1'767'225'600'000;
  /// One way, between two nodes of the cluster and between a simulated client and a broker.
  base::Duration linkLatency = std::chrono::microseconds(500);
  /// Each message's latency is drawn from [linkLatency, linkLatency + linkJitter].
  base::Duration linkJitter = std::chrono::microseconds(200);
};

/// What a real client's connection gives to the outside. Implemented by the gateway; absent in a replay.
class ExternalConnectionSink {
 public:
  virtual ~ExternalConnectionSink() = default;
  /// One encoded response frame, size prefix included, in the order of the requests.
  virtual void sendFrame(base::Bytes frame) = 0;
  /// The broker ends the connection; nothing more follows.
  virtual void close(const std::string& reason) = 0;
};

/// One world: a clock, a queue of events ordered by (due time, sequence), nodes, and the network between them. Single
/// thread. Who calls `runUntil` and `step` decides how virtual time relates to any other time.
class World {
 public:
  explicit World(WorldConfig config);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const WorldConfig& config() const;
  base::VirtualTime now() const;
  base::TimestampMs wallClockMs() const;

  // Running.

  /// Due time of the next event, or kVirtualTimeMax.
  base::VirtualTime nextEventTime() const;
  /// Runs the next event if there is one; returns whether.
  bool step();
  /// Runs every event due at or before `time`, then sets the clock to it.
  void runUntil(base::VirtualTime time);
  /// Sets the clock without running anything; no event may be due before `time`. A replay runs as many events as had
  /// run when an input came, then moves the clock to the input's time.
  void advanceTo(base::VirtualTime time);
  /// Events run since the beginning.
  uint64_t eventsRun() const;

  // Nodes. Starting, killing, pausing and so on are commands: from outside, from `at`, or from `done` of stopNode,
  // never from inside the node they are about.

  /// A node's place in the world: its storage lives on when the node dies and starts again. Null storage: it has none.
  void addNode(Address address, NodeFactory factory, std::unique_ptr<storage::Storage> storage);
  void startNode(Address address);
  /// kill -9: the node is destroyed, its connections break.
  void killNode(Address address);
  /// As killNode, because the machine lost power. What that does to its storage is for whoever owns it; do it before
  /// the node starts again.
  void losePower(Address address);
  /// SIGTERM: Node::stop, then as killNode. `done` may be empty; it is not called when a kill comes first.
  void stopNode(Address address, std::function<void()> done);
  /// SIGSTOP and SIGCONT: events for the node wait.
  void pauseNode(Address address);
  void resumeNode(Address address);
  void removeNode(Address address);
  /// What the node is doing now takes so much longer, for example because its disk is slow: what comes for it meanwhile
  /// waits, and what it sends now leaves when it is done. Ignored while the node does nothing, so that looking at its
  /// disk from outside does not slow it down.
  void occupyNode(Address address, base::Duration duration);
  /// The node's calendar, from its next look at it on; see world/clock_setting.h. Stays over restarts.
  void setClock(Address address, const ClockSetting& setting);
  ClockSetting clockSetting(Address address) const;
  /// What the node takes the time to be.
  base::TimestampMs wallClockMs(Address address) const;
  /// See world/injected_error.h. Orders outlive the node, as they are the world's.
  void injectError(Address address, const InjectedError& error);
  void forgetInjectedErrors(Address address, protocol::ApiKey api);
  /// Not used up yet, the oldest first.
  std::vector<InjectedError> injectedErrors(Address address) const;
  enum class NodeState { Absent, Down, Running, Paused, Stopping };
  NodeState nodeState(Address address) const;
  /// Null when down. For the lab's snapshots and for tests, not for other nodes.
  Node* node(Address address) const;

  // Links, one direction each.

  void cutLink(Address from, Address to);
  void healLink(Address from, Address to);
  bool isLinkCut(Address from, Address to) const;
  /// For what is sent from now on. `normalLinkConditions` are those of the configuration.
  void setLinkConditions(Address from, Address to, const LinkConditions& conditions);
  LinkConditions linkConditions(Address from, Address to) const;
  LinkConditions normalLinkConditions() const;
  /// For drawing: sorted by the order they were sent, at most kMessagesInFlightMax.
  std::vector<MessageInFlight> messagesInFlight() const;

  // Real clients. Each call is an event of its own at the current time, done when it returns; therefore never from
  // inside an event: a sink that finds its socket closed tells the world later. Unknown connections (closed meanwhile)
  // are ignored.

  /// A TCP connection to a broker was accepted. The sink must outlive it or be closed first. May be null (replay). When
  /// the broker is down the sink is closed at once.
  Address openExternal(Address broker, const std::string& peer, ExternalConnectionSink* sink);
  /// One frame without its size prefix. Bytes that are no request close the connection with the reason.
  void externalFrame(Address connection, base::ByteView frame);
  /// The client closed; its sink is not used any more.
  void closeExternal(Address connection, const std::string& reason);
  /// False: stop reading from this connection's socket until it is true again, see world/external_port.h.
  bool wantsMore(Address connection) const;
  /// Sorted by address.
  std::vector<ExternalConnectionState> externalConnections() const;

  // The story.

  Trace& trace();
  /// Called for every event in order, on the world's thread. Returns a handle for `unsubscribe`.
  uint64_t subscribe(std::function<void(const TraceEvent&)> subscriber);
  void unsubscribe(uint64_t handle);
  /// The newest event's id, 0 before the first.
  EventId lastEvent() const;

  /// Schedules host work (commands at their time), not before now. Cause: none.
  void at(base::VirtualTime time, std::function<void()> action);

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::world
