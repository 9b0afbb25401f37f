#include "external_port.h"

#include <memory>
#include <utility>

#include "base/assert.h"
#include "message_partitions.h"
#include "protocol/api_versions.h"
#include "protocol/message_facts.h"
#include "world/cause_scope.h"

namespace streamscope::world {
namespace {

constexpr size_t kSizePrefixBytes = 4;

bool hasNoResponse(const protocol::RequestBody& body) {
  const auto* produce = std::get_if<protocol::ProduceRequest>(&body);
  return produce != nullptr && produce->acks == 0;
}

/// Java writes an address that was not looked up as "/127.0.0.1".
std::string hostOf(const std::string& peer) {
  std::string host = peer.substr(0, peer.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return "/" + host;
}

bool servesVersion(protocol::ApiKey key, int16_t version) {
  const auto served = protocol::servedVersions(key, protocol::Listener::Broker);
  return served && served->contains(version);
}

}  // namespace

Address ExternalPort::open(Address broker, const std::string& peer, ExternalConnectionSink* sink) {
  const Address address = externalAddress(++m_lastId);
  Connection& connection = m_connections[address.id];
  connection.state.address = address;
  connection.state.broker = broker;
  connection.state.peer = peer;
  connection.sink = sink;
  m_trace.record(ConnectionOpened{address, broker, peer});
  if (brokerOf(connection) == nullptr) close(connection, broker.toString() + " is down", true);
  return address;
}

void ExternalPort::frame(Address address, base::ByteView bytes) {
  Connection* connection = find(address);
  if (connection == nullptr) return;
  connection->state.bytesIn += static_cast<int64_t>(bytes.size() + kSizePrefixBytes);
  if (bytes.size() > kRequestBytesMax) {
    close(*connection,
          "a frame of " + std::to_string(bytes.size()) + " bytes is larger than socket.request.max.bytes (" +
              std::to_string(kRequestBytesMax) + ")",
          true);
    return;
  }
  if (connection->queue.size() >= 2 * kQueuedFramesMax || connection->queuedBytes >= 2 * kQueuedBytesMax) {
    close(*connection, "the client sends faster than the broker answers and does not wait", true);
    return;
  }
  connection->queue.push_back(base::SharedBytes::copyOf(bytes));
  connection->queuedBytes += bytes.size();
  pump(*connection);
}

void ExternalPort::closedByClient(Address address, const std::string& reason) {
  if (Connection* connection = find(address)) close(*connection, reason, false);
}

void ExternalPort::closeAllOf(Address broker, const std::string& reason) {
  for (auto next = m_connections.begin(); next != m_connections.end();) {
    Connection& connection = (next++)->second;
    if (connection.state.broker == broker) close(connection, reason, true);
  }
}

void ExternalPort::respond(NodePlace& from, const ReplyHandle& reply, const protocol::ResponseBody& body) {
  Connection* connection = find(reply.requester);
  if (connection == nullptr || reply.responderLife != from.life || connection->awaited != reply.received) return;
  if (from.busyUntil > m_scheduler.now()) {
    // Given when the broker is done with what keeps it busy.
    using Later = std::pair<ReplyHandle, protocol::ResponseBody>;
    m_scheduler.schedule(from.busyUntil,
                         [this, &from, cause = m_trace.currentCause(), later = std::make_unique<Later>(reply, body)] {
                           const CauseScope scope(m_trace, cause);
                           respond(from, later->first, later->second);
                         });
    return;
  }
  sendResponse(*connection, reply.api, reply.version, reply.correlationId, body);
  release(*connection);
}

void ExternalPort::disconnect(NodePlace& from, const ReplyHandle& reply, const std::string& reason) {
  Connection* connection = find(reply.requester);
  if (connection != nullptr && reply.responderLife == from.life) close(*connection, reason, true);
}

bool ExternalPort::wantsMore(Address address) const {
  const auto found = m_connections.find(address.id);
  if (address.kind != NodeKind::External || found == m_connections.end()) return false;
  return found->second.queue.size() < kQueuedFramesMax && found->second.queuedBytes < kQueuedBytesMax;
}

std::vector<ExternalConnectionState> ExternalPort::connections() const {
  std::vector<ExternalConnectionState> states;
  states.reserve(m_connections.size());
  for (const auto& [id, connection] : m_connections) {
    states.push_back(connection.state);
    states.back().queuedFrames = connection.queue.size();
    states.back().queuedBytes = connection.queuedBytes;
  }
  return states;
}

ExternalPort::Connection* ExternalPort::find(Address address) {
  if (address.kind != NodeKind::External) return nullptr;
  const auto found = m_connections.find(address.id);
  return found != m_connections.end() ? &found->second : nullptr;
}

NodePlace* ExternalPort::brokerOf(const Connection& connection) const {
  NodePlace* place = m_nodes.find(connection.state.broker);
  return place != nullptr && place->isUp() ? place : nullptr;
}

void ExternalPort::pump(Connection& connection) {
  if (connection.isBusy || connection.queue.empty()) return;
  connection.isBusy = true;
  NodePlace* broker = brokerOf(connection);
  // A broker's death closes its connections, so that each open one has a broker.
  STREAMSCOPE_ASSERT(broker != nullptr, connection.state.address.toString());
  m_nodes.give(*broker, [this, address = connection.state.address] { handleNext(address); });
}

void ExternalPort::handleNext(Address address) {
  Connection* connection = find(address);
  if (connection == nullptr) return;
  const base::SharedBytes frame = std::move(connection->queue.front());
  connection->queue.pop_front();
  connection->queuedBytes -= frame.size();
  handleFrame(*connection, *brokerOf(*connection), frame);
}

void ExternalPort::handleFrame(Connection& connection, NodePlace& broker, const base::SharedBytes& frame) {
  auto header = protocol::decodeRequestHeader(frame);
  if (!header) {
    close(connection, header.error().message, true);
    return;
  }
  if (!servesVersion(header->key, header->header.requestApiVersion)) {
    refuseVersion(connection, broker, *header);
    return;
  }
  const int16_t version = header->header.requestApiVersion;
  auto body = protocol::decodeRequest(header->key, version, frame, header->bodyBegin);
  if (!body) {
    close(connection, body.error().message, true);
    return;
  }
  noteRequest(connection, header->header, *body);
  const EventId received = recordRequest(connection, header->header, &*body);
  const CauseScope cause(m_trace, received);

  IncomingRequest request;
  request.header = {header->key,
                    version,
                    header->header.correlationId,
                    connection.state.clientId,
                    connection.state.address,
                    hostOf(connection.state.peer)};
  request.body = std::move(*body);
  request.reply = {connection.state.address,     broker.address, 0, broker.life, header->key, version,
                   header->header.correlationId, received};
  // The broker may end the connection while it handles the request: not to be touched after that.
  if (hasNoResponse(request.body))
    release(connection);
  else
    connection.awaited = received;
  m_injector.give(broker, std::move(request));
}

void ExternalPort::refuseVersion(Connection& connection, NodePlace& broker,
                                 const protocol::DecodedRequestHeader& decoded) {
  const auto& header = decoded.header;
  // Kafka answers this one in a form that every client reads, and ends the connection for all others.
  if (decoded.key == protocol::ApiKey::ApiVersions) {
    const CauseScope cause(m_trace, recordRequest(connection, header, nullptr));
    sendResponse(connection, decoded.key, 0, header.correlationId, protocol::unsupportedVersionAnswer());
    release(connection);
    return;
  }
  std::string reason = std::string(protocol::apiName(decoded.key)) + " version " +
                       std::to_string(header.requestApiVersion) + " is not served by " + broker.name;
  if (const auto served = protocol::servedVersions(decoded.key, protocol::Listener::Broker))
    reason += "; use " + std::to_string(served->min) + " to " + std::to_string(served->max);
  close(connection, reason, true);
}

void ExternalPort::noteRequest(Connection& connection, const protocol::RequestHeader& header,
                               const protocol::RequestBody& body) {
  ExternalConnectionState& state = connection.state;
  ++state.requests;
  state.lastApi = protocol::apiKeyOf(body);
  if (header.clientId) state.clientId = *header.clientId;
  if (const auto* versions = std::get_if<protocol::ApiVersionsRequest>(&body)) {
    if (!versions->clientSoftwareName.empty())
      state.software = versions->clientSoftwareName + " " + versions->clientSoftwareVersion;
  } else if (std::holds_alternative<protocol::ProduceRequest>(body)) {
    state.producesTo = partitionsOf(body);
  } else if (std::holds_alternative<protocol::FetchRequest>(body)) {
    // In a fetch session most requests name only what changed.
    auto partitions = partitionsOf(body);
    if (!partitions.empty()) state.fetchesFrom = std::move(partitions);
  }
}

EventId ExternalPort::recordRequest(const Connection& connection, const protocol::RequestHeader& header,
                                    const protocol::RequestBody* body) {
  const Address from = connection.state.address, to = connection.state.broker;
  const auto api = static_cast<protocol::ApiKey>(header.requestApiKey);
  RequestSent sent{from, to, api, header.requestApiVersion, header.correlationId, m_scheduler.now(), 0, {}};
  if (body != nullptr && m_trace.isWatched()) {
    sent.recordBytes = static_cast<uint32_t>(protocol::recordBytes(*body));
    sent.partition = onlyPartitionOf(*body);
  }
  // A real client's own doing, whatever the world was busy with when its bytes were looked at.
  const EventId sentEvent = m_trace.recordCausedBy(0, std::move(sent));
  return m_trace.recordCausedBy(sentEvent, RequestReceived{from, to, api, header.correlationId});
}

void ExternalPort::sendResponse(Connection& connection, protocol::ApiKey api, int16_t version, int32_t correlationId,
                                const protocol::ResponseBody& body) {
  ResponseSent sent{connection.state.broker, connection.state.address, api, version,
                    correlationId,           m_scheduler.now(),        0,   0};
  if (m_trace.isWatched()) {
    sent.recordBytes = static_cast<uint32_t>(protocol::recordBytes(body));
    sent.errorCode = protocol::firstErrorCode(body);
  }
  m_trace.record(std::move(sent));
  base::Bytes frame = protocol::encodeResponseFrame(version, correlationId, body);
  connection.state.bytesOut += static_cast<int64_t>(frame.size());
  if (connection.sink != nullptr) connection.sink->sendFrame(std::move(frame));
}

void ExternalPort::release(Connection& connection) {
  connection.awaited = 0;
  if (connection.queue.empty()) {
    connection.isBusy = false;
    return;
  }
  m_scheduler.schedule(m_scheduler.now(), [this, address = connection.state.address] {
    Connection* released = find(address);
    if (released == nullptr) return;
    released->isBusy = false;
    pump(*released);
  });
}

void ExternalPort::close(Connection& connection, const std::string& reason, bool tellSink) {
  m_trace.record(ConnectionClosed{connection.state.address, connection.state.broker, reason});
  ExternalConnectionSink* sink = connection.sink;
  m_connections.erase(connection.state.address.id);
  if (tellSink && sink != nullptr) sink->close(reason);
}

}  // namespace streamscope::world
