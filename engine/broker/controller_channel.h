#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "broker/broker_config.h"
#include "world/node.h"

namespace streamscope::broker {

/// A broker's way to the active controller (Kafka: NodeToControllerChannelManager). Sends with the newest version both
/// know. In a quorum of several, a request that met a controller which is not active (any more), or which has died,
/// goes to the next one until its time is up, as soon as it is known; with a single controller retrying is the caller's
/// business, because each knows best how long its request stays true.
class ControllerChannel {
 public:
  ControllerChannel(world::NodeContext& context, const BrokerConfig& config);

  template <class Request>
  void send(Request request, base::Duration timeout, world::ResponseHandler onResponse) {
    sendVersion(Request::kInfo.versionMax, std::move(request), timeout, std::move(onResponse));
  }

  /// As `send`, for a client's request that is passed on in its own version.
  void sendVersion(int16_t version, protocol::RequestBody request, base::Duration timeout,
                   world::ResponseHandler onResponse);

  /// Sends to one controller, whether it is active or not, and only once.
  template <class Request>
  void sendTo(int32_t controller, Request request, base::Duration timeout, world::ResponseHandler onResponse) {
    m_context.network.send(world::controllerAddress(controller), Request::kInfo.versionMax, std::move(request), timeout,
                           std::move(onResponse), true);
  }

  const std::vector<int32_t>& voters() const { return m_config.quorumVoters; }
  /// Who leads the quorum, as far as this broker knows; told by who follows the metadata log. An only controller is
  /// always known.
  std::optional<int32_t> leader() const { return m_leader; }
  void setLeader(std::optional<int32_t> leader);

 private:
  struct Pending {
    int16_t version = 0;
    protocol::RequestBody request;
    base::VirtualTime deadline{};
    world::ResponseHandler onResponse;
  };

  bool isOnlyController() const { return voters().size() == 1; }
  void attempt(const std::shared_ptr<Pending>& pending);
  void onResponse(const std::shared_ptr<Pending>& pending, int32_t controller, world::Response response);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  std::optional<int32_t> m_leader;
};

/// The response's body when one was received and it is of this type, else null.
template <class Body>
const Body* receivedBody(const world::Response& response) {
  return response.outcome == world::Response::Outcome::Received ? std::get_if<Body>(&response.body) : nullptr;
}

}  // namespace streamscope::broker
