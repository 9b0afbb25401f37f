#pragma once

#include <utility>

#include "broker/broker_config.h"
#include "world/node.h"

namespace streamscope::broker {

/// A broker's way to the active controller (Kafka: NodeToControllerChannelManager). Sends with the newest version both
/// know; retrying is the caller's business, because each knows best how long its request stays true.
class ControllerChannel {
 public:
  ControllerChannel(world::NodeContext& context, const BrokerConfig& config) : m_context(context), m_config(config) {}

  template <class Request>
  void send(Request request, base::Duration timeout, world::ResponseHandler onResponse) {
    sendVersion(Request::kInfo.versionMax, std::move(request), timeout, std::move(onResponse));
  }

  /// As `send`, for a client's request that is passed on in its own version.
  void sendVersion(int16_t version, protocol::RequestBody request, base::Duration timeout,
                   world::ResponseHandler onResponse) {
    m_context.network.send(world::controllerAddress(m_config.controllerId), version, std::move(request), timeout,
                           std::move(onResponse), true);
  }

 private:
  world::NodeContext& m_context;
  const BrokerConfig& m_config;
};

/// The response's body when one was received and it is of this type, else null.
template <class Body>
const Body* receivedBody(const world::Response& response) {
  return response.outcome == world::Response::Outcome::Received ? std::get_if<Body>(&response.body) : nullptr;
}

}  // namespace streamscope::broker
