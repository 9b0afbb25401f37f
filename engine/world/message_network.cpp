#include "message_network.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "message_partitions.h"
#include "protocol/codec.h"
#include "protocol/message_facts.h"
#include "world/cause_scope.h"

namespace streamscope::world {
namespace {

std::vector<PendingRequest>::iterator findPending(Link& link, int32_t correlationId) {
  const auto found =
      std::lower_bound(link.pending.begin(), link.pending.end(), correlationId,
                       [](const PendingRequest& request, int32_t id) { return request.correlationId < id; });
  return found != link.pending.end() && found->correlationId == correlationId ? found : link.pending.end();
}

/// Resets belong to the receiver's side of a connection, as answers do.
base::VirtualTime& lastArrivalOf(Link& link, Message::Kind kind) {
  return link.lastArrivals[kind == Message::Kind::Request ? 0 : 1];
}

PendingRequest takePending(Link& link, std::vector<PendingRequest>::iterator position) {
  PendingRequest request = std::move(*position);
  link.pending.erase(position);
  return request;
}

}  // namespace

MessageNetwork::MessageNetwork(const WorldConfig& config, MessagePool& pool, Scheduler& scheduler, TraceRecorder& trace,
                               NodeTable& nodes, ErrorInjector& injector)
    : m_config(config),
      m_pool(pool),
      m_scheduler(scheduler),
      m_trace(trace),
      m_nodes(nodes),
      m_injector(injector),
      m_random(config.seed) {}

void MessageNetwork::send(NodePlace& from, Address toAddress, int16_t version, protocol::RequestBody body,
                          base::Duration timeout, ResponseHandler onResponse, bool expectResponse) {
  NodePlace& to = m_nodes.place(toAddress);
  Link& way = link(from, to);
  MessagePointer message = m_pool.take();
  message->kind = Message::Kind::Request;
  message->from = &from;
  message->to = &to;
  message->api = protocol::apiKeyOf(body);
  message->version = version;
  message->correlationId = way.nextCorrelationId++;
  message->connection = way.senderConnection;
  message->requesterLife = from.life;
  message->expectsResponse = expectResponse;
  const bool isLimited = way.conditions.bytesPerSecond > 0;
  plan(*message, way,
       isLimited ? protocol::encodeRequestFrame(version, message->correlationId, from.name, body).size() : 0);

  RequestSent sent{from.address, to.address, message->api, version, message->correlationId, message->due, 0, {}};
  if (m_trace.isWatched()) {
    sent.recordBytes = static_cast<uint32_t>(protocol::recordBytes(body));
    sent.partition = onlyPartitionOf(body);
  }
  message->sentEvent = m_trace.record(std::move(sent));
  message->body = std::move(body);

  PendingRequest& pending = way.pending.emplace_back();
  pending.correlationId = message->correlationId;
  pending.connection = message->connection;
  pending.api = message->api;
  pending.expectsResponse = expectResponse;
  pending.sentEvent = message->sentEvent;
  pending.onResponse = std::move(onResponse);
  if (expectResponse) {
    pending.timeout = m_scheduler.schedule(
        m_scheduler.now() + timeout, [this, &from, &to, correlationId = pending.correlationId, life = from.life] {
          if (from.life != life) return;
          m_nodes.give(from, [this, &from, &to, correlationId] { timeOut(from, to, correlationId); });
        });
  }
  const Message& request = *message;
  launch(std::move(message), way);
  maybeDuplicate(request, way);
}

void MessageNetwork::respond(NodePlace& from, const ReplyHandle& reply, protocol::ResponseBody body) {
  if (reply.responderLife != from.life) return;
  NodePlace* to = m_nodes.find(reply.requester);
  if (to == nullptr) return;
  Link& way = link(from, *to);
  MessagePointer message = m_pool.take();
  message->kind = Message::Kind::Response;
  message->from = &from;
  message->to = to;
  message->api = reply.api;
  message->version = reply.version;
  message->correlationId = reply.correlationId;
  message->requesterLife = reply.requesterLife;
  const bool isLimited = way.conditions.bytesPerSecond > 0;
  plan(*message, way, isLimited ? protocol::encodeResponseFrame(reply.version, reply.correlationId, body).size() : 0);

  ResponseSent sent{from.address, to->address, reply.api, reply.version, reply.correlationId, message->due, 0, 0};
  if (m_trace.isWatched()) {
    sent.recordBytes = static_cast<uint32_t>(protocol::recordBytes(body));
    message->errorCode = sent.errorCode = protocol::firstErrorCode(body);
  }
  message->sentEvent = m_trace.record(std::move(sent));
  message->body = std::move(body);
  launch(std::move(message), way);
}

void MessageNetwork::disconnect(NodePlace& from, const ReplyHandle& reply) {
  NodePlace* requester = m_nodes.find(reply.requester);
  if (requester == nullptr || reply.responderLife != from.life || reply.requesterLife != requester->life) return;
  Link& way = link(*requester, from);
  const uint32_t over = way.receiverConnection++;
  sendReset(from, *requester, over, reply.received);
}

void MessageNetwork::setConditions(Address from, Address to, const LinkConditions& conditions) {
  Link& way = link(m_nodes.place(from), m_nodes.place(to));
  if (way.conditions == conditions) return;
  way.conditions = conditions;
  // What waits for its turn has its time already; what comes now is not held up by a limit that is gone.
  way.busyUntil = {};
  m_trace.record(LinkConditionsChanged{from, to, conditions.latency.count(), conditions.jitter.count(),
                                       conditions.lossPerMille, conditions.duplicatePerMille,
                                       conditions.bytesPerSecond});
}

LinkConditions MessageNetwork::conditions(Address from, Address to) const {
  const Link* way = findLink(from, to);
  return way == nullptr ? normalConditions() : way->conditions;
}

void MessageNetwork::cutLink(Address from, Address to) {
  Link& way = link(m_nodes.place(from), m_nodes.place(to));
  if (std::exchange(way.isCut, true)) return;
  m_trace.record(LinkCut{from, to});
}

void MessageNetwork::healLink(Address from, Address to) {
  Link& way = link(m_nodes.place(from), m_nodes.place(to));
  if (!std::exchange(way.isCut, false)) return;
  m_trace.record(LinkHealed{from, to});
}

bool MessageNetwork::isLinkCut(Address from, Address to) const {
  const Link* way = findLink(from, to);
  return way != nullptr && way->isCut;
}

void MessageNetwork::forgetNode(NodePlace& dead, EventId cause) {
  for (const auto& way : dead.linksTo) {
    if (way == nullptr) continue;
    for (const PendingRequest& request : way->pending) m_scheduler.cancel(request.timeout);
    way->pending.clear();
  }
  for (const auto& peer : m_nodes.all()) {
    if (peer.get() == &dead || dead.index >= peer->linksTo.size()) continue;
    Link* way = peer->linksTo[dead.index].get();
    if (way == nullptr) continue;
    const uint32_t over = way->receiverConnection++;
    if (way->pending.empty())
      way->senderConnection = way->receiverConnection;
    else
      sendReset(dead, *peer, over, cause);
  }
}

std::vector<MessageInFlight> MessageNetwork::messagesInFlight() const {
  std::vector<const Message*> flying;
  for (const Message& message : m_pool.all())
    if (message.isInFlight && message.kind != Message::Kind::Reset) flying.push_back(&message);
  std::sort(flying.begin(), flying.end(),
            [](const Message* a, const Message* b) { return a->sentEvent < b->sentEvent; });
  if (flying.size() > kMessagesInFlightMax) flying.resize(kMessagesInFlightMax);

  std::vector<MessageInFlight> result;
  result.reserve(flying.size());
  for (const Message* message : flying) {
    MessageInFlight& view = result.emplace_back();
    view.sentEvent = message->sentEvent;
    view.from = message->from->address;
    view.to = message->to->address;
    view.api = message->api;
    view.sent = message->sent;
    view.due = message->due;
    if (const auto* request = std::get_if<protocol::RequestBody>(&message->body)) {
      view.recordBytes = static_cast<uint32_t>(protocol::recordBytes(*request));
      view.partition = onlyPartitionOf(*request);
    } else if (const auto* response = std::get_if<protocol::ResponseBody>(&message->body)) {
      view.isResponse = true;
      view.recordBytes = static_cast<uint32_t>(protocol::recordBytes(*response));
    }
  }
  return result;
}

Link& MessageNetwork::link(NodePlace& from, NodePlace& to) {
  if (to.index >= from.linksTo.size()) from.linksTo.resize(m_nodes.all().size());
  auto& way = from.linksTo[to.index];
  if (way == nullptr) {
    const auto end = [](Address address) {
      return (static_cast<uint64_t>(address.kind) << 24) | static_cast<uint64_t>(address.id);
    };
    way = std::make_unique<Link>(m_random.fork((end(from.address) << 32) | end(to.address)), normalConditions());
  }
  return *way;
}

const Link* MessageNetwork::findLink(Address from, Address to) const {
  const NodePlace* source = m_nodes.find(from);
  const NodePlace* target = m_nodes.find(to);
  if (source == nullptr || target == nullptr || target->index >= source->linksTo.size()) return nullptr;
  return source->linksTo[target->index].get();
}

void MessageNetwork::plan(Message& message, Link& way, uint64_t bytes) {
  const LinkConditions& conditions = way.conditions;
  // A node that is busy sends when it is done.
  base::VirtualTime leaves = std::max(m_scheduler.now(), message.from->busyUntil);
  if (conditions.bytesPerSecond > 0) {
    constexpr int64_t kSecondUs = 1'000'000;
    leaves = std::max(leaves, way.busyUntil) +
             base::Duration(static_cast<int64_t>(bytes) * kSecondUs / conditions.bytesPerSecond);
    way.busyUntil = leaves;
  }
  base::Duration latency = conditions.latency;
  if (conditions.jitter.count() > 0) latency += base::Duration(way.random.between(0, conditions.jitter.count()));

  message.retransmissions = 0;
  message.retransmissionDelay = base::Duration::zero();
  if (conditions.lossPerMille > 0) {
    base::Duration timeout = kRetransmissionTimeoutMin;
    while (message.retransmissions < kRetransmissionsMax &&
           way.random.chance(static_cast<uint64_t>(conditions.lossPerMille), 1000)) {
      ++message.retransmissions;
      message.retransmissionDelay += timeout;
      timeout = std::min(2 * timeout, kRetransmissionTimeoutMax);
    }
  }
  message.isLost = message.retransmissions == kRetransmissionsMax;
  const base::VirtualTime due = leaves + latency + message.retransmissionDelay;
  base::VirtualTime& lastArrival = lastArrivalOf(way, message.kind);
  // What TCP gives up on ends its connection; the next one starts afresh.
  if (!message.isLost) lastArrival = std::max(lastArrival, due);
  message.due = message.isLost ? due : lastArrival;
}

void MessageNetwork::maybeDuplicate(const Message& request, Link& way) {
  const auto duplicatePerMille = static_cast<uint64_t>(way.conditions.duplicatePerMille);
  if (duplicatePerMille == 0 || request.isLost || !way.random.chance(duplicatePerMille, 1000)) return;
  MessagePointer again = m_pool.take();
  *again = request;
  plan(*again, way, 0);
  m_trace.recordCausedBy(request.sentEvent, MessageDuplicated{request.from->address, request.to->address, request.api,
                                                              request.correlationId, again->due});
  launch(std::move(again), way);
}

void MessageNetwork::launch(MessagePointer message, Link& way) {
  message->sent = m_scheduler.now();
  message->isLost |= way.isCut;
  message->isInFlight = true;
  if (message->retransmissions > 0 && message->kind != Message::Kind::Reset)
    m_trace.recordCausedBy(
        message->sentEvent,
        MessageRetransmitted{message->from->address, message->to->address, message->api, message->correlationId,
                             message->retransmissions, message->retransmissionDelay.count()});
  const base::VirtualTime due = message->due;
  m_scheduler.schedule(due, [this, travelling = std::move(message)]() mutable { arrive(std::move(travelling)); });
}

void MessageNetwork::sendReset(NodePlace& from, NodePlace& to, uint32_t connection, EventId cause) {
  Link& way = link(from, to);
  MessagePointer message = m_pool.take();
  message->kind = Message::Kind::Reset;
  message->from = &from;
  message->to = &to;
  message->connection = connection;
  message->requesterLife = to.life;
  message->sentEvent = cause;
  plan(*message, way, 0);
  launch(std::move(message), way);
}

void MessageNetwork::arrive(MessagePointer message) {
  message->isInFlight = false;
  NodePlace& to = *message->to;
  Link& way = link(*message->from, to);
  const bool isLost = message->isLost || way.isCut;
  if (message->kind == Message::Kind::Request) {
    if (!message->expectsResponse) {
      // Lost or not, the sender hears no more of it, unless it is refused below.
      const auto pending = findPending(way, message->correlationId);
      const bool isRefused = !isLost && (!to.isUp() || message->connection != way.receiverConnection);
      if (pending != way.pending.end() && !isRefused) takePending(way, pending);
    }
    if (isLost)
      drop(*message);
    else
      arriveRequest(std::move(message), way);
    return;
  }
  if (isLost || !to.isUp() || message->requesterLife != to.life) {
    if (message->kind == Message::Kind::Response) drop(*message);
    return;
  }
  if (message->kind == Message::Kind::Reset) {
    m_nodes.give(to, [this, &requester = to, &responder = *message->from, connection = message->connection,
                      cause = message->sentEvent] { handleReset(requester, responder, connection, cause); });
    return;
  }
  m_nodes.give(to, [this, response = std::move(message)] { handleResponse(*response); });
}

void MessageNetwork::arriveRequest(MessagePointer message, Link& way) {
  NodePlace& to = *message->to;
  const bool isOver = message->connection != way.receiverConnection;
  if (!to.isUp() || isOver) {
    drop(*message);
    // Connection refused. The rest of what is on its way on the same connection is lost with it.
    if (!isOver) ++way.receiverConnection;
    sendReset(to, *message->from, message->connection, message->sentEvent);
    return;
  }
  m_nodes.give(to, [this, request = std::move(message)] { handleRequest(*request); });
}

void MessageNetwork::handleRequest(Message& message) {
  NodePlace& to = *message.to;
  const NodePlace& from = *message.from;
  IncomingRequest request;
  request.header = {message.api, message.version, message.correlationId,
                    from.name,   from.address,    from.address.toString()};
  request.body = std::move(std::get<protocol::RequestBody>(message.body));
  const EventId received = m_trace.recordCausedBy(
      message.sentEvent, RequestReceived{from.address, to.address, message.api, message.correlationId});
  request.reply = {from.address, to.address,      message.requesterLife, to.life,
                   message.api,  message.version, message.correlationId, received};
  const CauseScope cause(m_trace, received);
  m_injector.give(to, std::move(request));
}

void MessageNetwork::handleResponse(Message& message) {
  Link& way = link(*message.to, *message.from);
  const auto pending = findPending(way, message.correlationId);
  if (pending == way.pending.end()) {
    drop(message);
    return;
  }
  const PendingRequest request = takePending(way, pending);
  m_scheduler.cancel(request.timeout);
  const EventId received = m_trace.recordCausedBy(
      message.sentEvent, ResponseReceived{message.from->address, message.to->address, message.api,
                                          message.correlationId, message.errorCode});
  const CauseScope cause(m_trace, received);
  if (request.onResponse)
    request.onResponse({Response::Outcome::Received, std::move(std::get<protocol::ResponseBody>(message.body))});
}

void MessageNetwork::handleReset(NodePlace& requester, NodePlace& responder, uint32_t connection, EventId cause) {
  Link& way = link(requester, responder);
  way.senderConnection = std::max(way.senderConnection, connection + 1);
  const auto firstKept =
      std::stable_partition(way.pending.begin(), way.pending.end(),
                            [connection](const PendingRequest& request) { return request.connection <= connection; });
  std::vector<PendingRequest> ended(std::make_move_iterator(way.pending.begin()), std::make_move_iterator(firstKept));
  way.pending.erase(way.pending.begin(), firstKept);
  for (PendingRequest& request : ended) {
    m_scheduler.cancel(request.timeout);
    const EventId failed =
        m_trace.recordCausedBy(cause, RequestFailed{requester.address, responder.address, request.api,
                                                    request.correlationId, RequestFailed::Reason::Disconnected});
    const CauseScope scope(m_trace, failed);
    if (request.onResponse) request.onResponse({Response::Outcome::Disconnected, {}});
  }
}

void MessageNetwork::timeOut(NodePlace& requester, NodePlace& responder, int32_t correlationId) {
  Link& way = link(requester, responder);
  const auto pending = findPending(way, correlationId);
  // Answered meanwhile: both waited while the node was paused.
  if (pending == way.pending.end()) return;
  const PendingRequest request = takePending(way, pending);
  // The next request opens a new connection, which does not wait for what the old one still has to deliver.
  way.senderConnection = way.receiverConnection;
  forgetBacklog(way, Message::Kind::Request);
  forgetBacklog(link(responder, requester), Message::Kind::Response);
  const EventId failed = m_trace.recordCausedBy(
      request.sentEvent,
      RequestFailed{requester.address, responder.address, request.api, correlationId, RequestFailed::Reason::TimedOut});
  const CauseScope cause(m_trace, failed);
  if (request.onResponse) request.onResponse({Response::Outcome::TimedOut, {}});
}

void MessageNetwork::forgetBacklog(Link& way, Message::Kind kind) const {
  base::VirtualTime& lastArrival = lastArrivalOf(way, kind);
  lastArrival = std::min(lastArrival, m_scheduler.now());
  way.busyUntil = std::min(way.busyUntil, m_scheduler.now());
}

void MessageNetwork::drop(const Message& message) {
  m_trace.recordCausedBy(message.sentEvent, MessageDropped{message.from->address, message.to->address, message.api,
                                                           message.correlationId});
}

}  // namespace streamscope::world
