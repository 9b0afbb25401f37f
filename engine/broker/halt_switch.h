#pragma once

#include <string>

#include "world/node.h"

namespace streamscope::broker {

/// The node's alarms and wire with an end: once the broker has halted, its timers no longer ring, nothing is sent, and
/// answers to its own requests find nobody. What Kafka gets from the end of its process when the last log directory
/// fails; our node stays so that people can look at it.
class HaltSwitch : public world::Timers, public world::Network {
 public:
  HaltSwitch(world::Timers& timers, world::Network& network) : m_timers(timers), m_network(network) {}

  void halt() { m_isHalted = true; }
  bool isHalted() const { return m_isHalted; }

  world::TimerId after(base::Duration delay, std::function<void()> action) override {
    return m_timers.after(delay, [this, action = std::move(action)] {
      if (!m_isHalted) action();
    });
  }
  void cancel(world::TimerId timer) override { m_timers.cancel(timer); }

  void send(world::Address to, int16_t version, protocol::RequestBody body, base::Duration timeout,
            world::ResponseHandler onResponse, bool expectResponse) override {
    if (m_isHalted) return;
    m_network.send(
        to, version, std::move(body), timeout,
        [this, onResponse = std::move(onResponse)](world::Response response) {
          if (!m_isHalted) onResponse(std::move(response));
        },
        expectResponse);
  }
  void respond(const world::ReplyHandle& reply, protocol::ResponseBody body) override {
    if (!m_isHalted) m_network.respond(reply, std::move(body));
  }
  /// Also after the halt: this is how requesters learn of it.
  void disconnect(const world::ReplyHandle& reply, const std::string& reason) override {
    m_network.disconnect(reply, reason);
  }

 private:
  world::Timers& m_timers;
  world::Network& m_network;
  bool m_isHalted = false;
};

}  // namespace streamscope::broker
