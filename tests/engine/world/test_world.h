#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "world/trace_text.h"
#include "world/world.h"

namespace streamscope::world {

/// A node that does what its test says.
class ScriptedNode : public Node {
 public:
  using StartScript = std::function<void(ScriptedNode&)>;
  using RequestScript = std::function<void(ScriptedNode&, IncomingRequest)>;

  ScriptedNode(NodeContext& nodeContext, StartScript onStart, RequestScript onRequest)
      : context(nodeContext), m_onStart(std::move(onStart)), m_onRequest(std::move(onRequest)) {}

  void start() override {
    if (m_onStart) m_onStart(*this);
  }
  void onRequest(IncomingRequest request) override {
    if (m_onRequest) m_onRequest(*this, std::move(request));
  }

  /// Answers a Metadata request with this number as its throttle time, so that a test can tell answers apart.
  void answer(const ReplyHandle& reply, int32_t mark = 0) {
    protocol::MetadataResponse response;
    response.throttleTimeMs = mark;
    context.network.respond(reply, response);
  }

  NodeContext& context;

 private:
  StartScript m_onStart;
  RequestScript m_onRequest;
};

/// A world that remembers its trace, and a few words to write stories in.
class TestWorld : public World {
 public:
  explicit TestWorld(WorldConfig config = quiet()) : World(config) {
    subscribe([this](const TraceEvent& event) { events.push_back(event); });
  }

  /// 1 ms on every link and no jitter, so that times can be written down.
  static WorldConfig quiet() {
    WorldConfig config;
    config.linkLatency = std::chrono::milliseconds(1);
    config.linkJitter = base::Duration::zero();
    return config;
  }

  ScriptedNode& run(Address address, ScriptedNode::RequestScript onRequest = {},
                    ScriptedNode::StartScript onStart = {}) {
    addNode(
        address,
        [onStart, onRequest](NodeContext& context) {
          return std::make_unique<ScriptedNode>(context, onStart, onRequest);
        },
        nullptr);
    startNode(address);
    return scripted(address);
  }
  ScriptedNode& scripted(Address address) { return static_cast<ScriptedNode&>(*node(address)); }

  /// Sends a Metadata request and notes how it ended in `outcomes`: "received 7", "timed out", "disconnected".
  void ask(Address from, Address to, base::Duration timeout = std::chrono::seconds(30)) {
    scripted(from).context.network.send(to, 12, protocol::MetadataRequest{}, timeout, [this](Response response) {
      switch (response.outcome) {
        case Response::Outcome::Received:
          outcomes.push_back("received " +
                             std::to_string(std::get<protocol::MetadataResponse>(response.body).throttleTimeMs));
          break;
        case Response::Outcome::TimedOut:
          outcomes.push_back("timed out");
          break;
        case Response::Outcome::Disconnected:
          outcomes.push_back("disconnected");
          break;
      }
    });
  }

  void runFor(base::Duration duration) { runUntil(now() + duration); }

  template <class Kind>
  std::vector<TraceEvent> eventsOf() const {
    std::vector<TraceEvent> found;
    for (const TraceEvent& event : events)
      if (std::holds_alternative<Kind>(event.payload)) found.push_back(event);
    return found;
  }

  std::vector<TraceEvent> events;
  std::vector<std::string> outcomes;
};

using Strings = std::vector<std::string>;

inline base::VirtualTime atMs(int64_t ms) {
  return base::VirtualTime(std::chrono::milliseconds(ms));
}

}  // namespace streamscope::world
