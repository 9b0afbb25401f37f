#include "stage/link_routes.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "shell/ailments.h"
#include "shell/node_names.h"
#include "stage/external_clients.h"

namespace streamscope::ui {
namespace {

using protocol::ApiKey;
using world::NodeKind;

/// Places of the tracks across a gutter, as fractions of its width or height.
constexpr double kConsumerTrack = 0.26;
constexpr double kReplicaTrack = 0.5;
constexpr double kProduceTrack = 0.74;
constexpr double kControlTrack = 0.28;

double distance(QPointF a, QPointF b) {
  return std::hypot(a.x() - b.x(), a.y() - b.y());
}

bool isClient(const world::Address& address) {
  return address.kind == NodeKind::Client || address.kind == NodeKind::External;
}

/// The order in which a route is built: clients, then the controller, then brokers by id. The way back is reversed.
int rank(const world::Address& address) {
  switch (address.kind) {
    case NodeKind::Client:
    case NodeKind::External:
      return 0;
    case NodeKind::Controller:
      return 1;
    case NodeKind::Broker:
      return 2 + address.id;
  }
  return 0;
}

const ClientBox* clientBox(const StageLayout& layout, const lab::Snapshot& snapshot, const world::Address& address) {
  if (address.kind == NodeKind::External) {
    const auto groups = externalGroups(snapshot);
    for (const auto& box : layout.clients) {
      if (box.kind != ClientBox::Kind::External || box.index >= groups.size()) continue;
      for (const auto connection : groups[box.index].connections)
        if (snapshot.externalClients[connection].address == address) return &box;
    }
    return nullptr;
  }
  for (const auto& box : layout.clients) {
    if (box.kind == ClientBox::Kind::Producer && snapshot.producers[box.index].clientId == address.id) return &box;
    if (box.kind == ClientBox::Kind::Consumer && snapshot.consumers[box.index].clientId == address.id) return &box;
  }
  return nullptr;
}

double trackX(const StageLayout& layout, int gutter, double track) {
  return layout.gutterX[static_cast<size_t>(gutter)] + layout.gutterWidth * track;
}

double trackY(const StageLayout& layout, int gutter, double track) {
  return layout.gutterY[static_cast<size_t>(gutter)] + layout.gutterHeight * track;
}

/// The height at which a route enters a broker: the lane of the partition, else the header.
double dockY(const StageLayout& layout, const BrokerBox& box, const base::TopicPartition& partition) {
  if (!partition.topic.empty())
    if (const auto* lane = layout.lane(box.id, partition)) return lane->strip.center().y();
  return box.header.center().y();
}

std::vector<QPointF> clientToBroker(const StageLayout& layout, const ClientBox& client, const BrokerBox& broker,
                                    Traffic traffic, const base::TopicPartition& partition) {
  const double y = dockY(layout, broker, partition);
  // Two tracks at a client's edge, so that a line in does not hide one out.
  const bool right = client.isOnTheRight;
  const double track = traffic == Traffic::Produce ? kProduceTrack : kConsumerTrack;
  const QPointF start(right ? client.rect.left() : client.rect.right(), client.rect.center().y());
  const QPointF end(right ? broker.rect.right() : broker.rect.left(), y);
  const int gutter = right ? broker.column + 1 : broker.column;
  const int outer = right ? static_cast<int>(layout.gutterX.size()) - 1 : 0;
  const double inX = trackX(layout, gutter, track);
  if (gutter == outer) return {start, {inX, start.y()}, {inX, y}, end};
  const double outX = trackX(layout, outer, track);
  const double lowY = trackY(layout, broker.row + 1, traffic == Traffic::Produce ? 0.3 : 0.62);
  return {start, {outX, start.y()}, {outX, lowY}, {inX, lowY}, {inX, y}, end};
}

std::vector<QPointF> brokerToBroker(const StageLayout& layout, const BrokerBox& a, const BrokerBox& b,
                                    const base::TopicPartition& partition) {
  const double ya = dockY(layout, a, partition);
  const double yb = dockY(layout, b, partition);
  if (a.column == b.column) {
    const double x = trackX(layout, a.column + 1, kReplicaTrack);
    return {{a.rect.right(), ya}, {x, ya}, {x, yb}, {b.rect.right(), yb}};
  }
  const bool aIsLeft = a.column < b.column;
  const QPointF start(aIsLeft ? a.rect.right() : a.rect.left(), ya);
  const QPointF end(aIsLeft ? b.rect.left() : b.rect.right(), yb);
  const int gutterA = aIsLeft ? a.column + 1 : a.column;
  const int gutterB = aIsLeft ? b.column : b.column + 1;
  const double xa = trackX(layout, gutterA, kReplicaTrack);
  if (gutterA == gutterB) return {start, {xa, ya}, {xa, yb}, end};
  const double xb = trackX(layout, gutterB, kReplicaTrack);
  const double y = trackY(layout, a.row, 0.72);
  return {start, {xa, ya}, {xa, y}, {xb, y}, {xb, yb}, end};
}

std::vector<QPointF> controllerToBroker(const StageLayout& layout, const ControllerBox& controller,
                                        const BrokerBox& broker) {
  const double x = broker.rect.left() + broker.rect.width() * 0.5;
  const QPointF start(controller.rect.center().x(), controller.rect.bottom());
  const double top = trackY(layout, 0, kControlTrack);
  const QPointF end(x, broker.rect.top());
  if (broker.row == 0) return {start, {start.x(), top}, {x, top}, end};
  const double gutter = trackX(layout, broker.column, 0.1);
  const double low = trackY(layout, broker.row, 0.86);
  return {start, {start.x(), top}, {gutter, top}, {gutter, low}, {x, low}, end};
}

/// Votes and fetches of the metadata quorum: below the row of controllers.
std::vector<QPointF> controllerToController(const StageLayout& layout, const ControllerBox& a, const ControllerBox& b) {
  const double y = trackY(layout, 0, kControlTrack);
  const QPointF start(a.rect.center().x(), a.rect.bottom());
  const QPointF end(b.rect.center().x(), b.rect.bottom());
  return {start, {start.x(), y}, {end.x(), y}, end};
}

const ControllerBox* controllerBox(const StageLayout& layout, int32_t id) {
  const auto it = std::ranges::find(layout.controllers, id, &ControllerBox::id);
  return it != layout.controllers.end() ? &*it : nullptr;
}

std::vector<QPointF> pointsBetween(const StageLayout& layout, const lab::Snapshot& snapshot, const world::Address& from,
                                   const world::Address& to, Traffic traffic, const base::TopicPartition& partition) {
  if (from.kind == NodeKind::Controller && to.kind == NodeKind::Controller) {
    const auto* a = controllerBox(layout, from.id);
    const auto* b = controllerBox(layout, to.id);
    return a && b ? controllerToController(layout, *a, *b) : std::vector<QPointF>{};
  }
  if (to.kind != NodeKind::Broker) return {};
  const auto* broker = layout.broker(to.id);
  if (!broker) return {};
  if (isClient(from)) {
    const auto* client = clientBox(layout, snapshot, from);
    return client ? clientToBroker(layout, *client, *broker, traffic, partition) : std::vector<QPointF>{};
  }
  if (from.kind == NodeKind::Controller) {
    const auto* controller = controllerBox(layout, from.id);
    return controller ? controllerToBroker(layout, *controller, *broker) : std::vector<QPointF>{};
  }
  const auto* other = layout.broker(from.id);
  return other && other != broker ? brokerToBroker(layout, *other, *broker, partition) : std::vector<QPointF>{};
}

}  // namespace

Traffic trafficOf(ApiKey api, const world::Address& from, const world::Address& to) {
  // Brokers follow the metadata log with Fetch too.
  if (from.kind == NodeKind::Controller || to.kind == NodeKind::Controller) return Traffic::ControlPlane;
  if (api == ApiKey::Produce) return Traffic::Produce;
  if (api == ApiKey::Fetch) return isClient(from) || isClient(to) ? Traffic::ConsumerFetch : Traffic::ReplicaFetch;
  return Traffic::ControlPlane;
}

Route::Route(std::vector<QPointF> points, double cornerRadius) : m_cornerRadius(cornerRadius) {
  for (const auto& point : points)
    if (m_points.empty() || distance(m_points.back(), point) > 0.5) m_points.push_back(point);
  for (size_t i = 1; i < m_points.size(); ++i) m_length += distance(m_points[i - 1], m_points[i]);
}

QPointF Route::at(double fraction) const {
  if (isEmpty()) return {};
  double left = std::clamp(fraction, 0.0, 1.0) * m_length;
  for (size_t i = 1; i < m_points.size(); ++i) {
    const double piece = distance(m_points[i - 1], m_points[i]);
    if (left <= piece) return m_points[i - 1] + (m_points[i] - m_points[i - 1]) * (piece > 0 ? left / piece : 0);
    left -= piece;
  }
  return m_points.back();
}

Route Route::reversed() const {
  Route route = *this;
  std::ranges::reverse(route.m_points);
  return route;
}

QPainterPath Route::path() const {
  QPainterPath path;
  if (isEmpty()) return path;
  path.moveTo(m_points.front());
  for (size_t i = 1; i + 1 < m_points.size(); ++i) {
    const QPointF before = m_points[i - 1], corner = m_points[i], after = m_points[i + 1];
    const double radius = std::min({m_cornerRadius, distance(before, corner) / 2, distance(corner, after) / 2});
    const QPointF in = corner + (before - corner) / std::max(1e-6, distance(before, corner)) * radius;
    const QPointF out = corner + (after - corner) / std::max(1e-6, distance(after, corner)) * radius;
    path.lineTo(in);
    path.quadTo(corner, out);
  }
  path.lineTo(m_points.back());
  return path;
}

Route routeBetween(const StageLayout& layout, const lab::Snapshot& snapshot, const world::Address& from,
                   const world::Address& to, Traffic traffic, const base::TopicPartition& partition) {
  const double radius = 8 * layout.scale;
  if (rank(from) <= rank(to)) return Route(pointsBetween(layout, snapshot, from, to, traffic, partition), radius);
  return Route(pointsBetween(layout, snapshot, to, from, traffic, partition), radius).reversed();
}

std::vector<base::TopicPartition> partitionsBetween(const lab::Snapshot& snapshot, const world::Address& client,
                                                    const world::Address& server, Traffic traffic) {
  std::vector<base::TopicPartition> found;
  if (traffic == Traffic::ControlPlane || server.kind != NodeKind::Broker) return found;
  const auto holds = [](const auto& list, const auto& value) { return std::ranges::find(list, value) != list.end(); };
  const auto concerns = [&](const lab::PartitionState& partition) {
    if (client.kind == NodeKind::Broker) return holds(partition.replicas, client.id);
    if (client.kind == NodeKind::External) {
      const auto it = std::ranges::find(snapshot.externalClients, client, &lab::ExternalClientState::address);
      if (it == snapshot.externalClients.end()) return false;
      return holds(traffic == Traffic::Produce ? it->producesTo : it->fetchesFrom, partition.partition);
    }
    for (const auto& producer : snapshot.producers)
      if (producer.clientId == client.id) return producer.topic == partition.partition.topic;
    for (const auto& consumer : snapshot.consumers)
      if (consumer.clientId == client.id)
        return std::ranges::any_of(consumer.partitions,
                                   [&](const auto& p) { return p.partition == partition.partition; });
    return false;
  };
  for (const auto& topic : snapshot.topics)
    for (const auto& partition : topic.partitions)
      if (partition.leader == server.id && concerns(partition)) found.push_back(partition.partition);
  return found;
}

namespace {

/// The two directions of a link are mostly ill in the same way; the one that comes first speaks for both.
void addImpairedLinks(const StageLayout& layout, const lab::Snapshot& snapshot, std::vector<StandingLink>& links) {
  std::set<std::pair<world::Address, world::Address>> seen;
  for (const auto& cut : snapshot.cutLinks) seen.insert(std::minmax(cut.a, cut.b));
  for (const auto& link : snapshot.links) {
    if (!seen.insert(std::minmax(link.from, link.to)).second) continue;
    const bool toController = link.from.kind == NodeKind::Controller || link.to.kind == NodeKind::Controller;
    const auto traffic = toController ? Traffic::ControlPlane : Traffic::ReplicaFetch;
    auto route = routeBetween(layout, snapshot, link.from, link.to, traffic, {});
    if (!route.isEmpty())
      links.push_back({traffic, link.from, link.to, std::move(route), false, conditionsText(link.conditions)});
  }
}

}  // namespace

std::vector<StandingLink> standingLinks(const StageLayout& layout, const lab::Snapshot& snapshot) {
  std::vector<StandingLink> links;
  const auto isCut = [&](const world::Address& a, const world::Address& b) {
    return std::ranges::any_of(snapshot.cutLinks, [&](const lab::CutLinkState& cut) {
      return (cut.a == a && cut.b == b) || (cut.a == b && cut.b == a);
    });
  };
  std::set<std::tuple<world::Address, world::Address, base::TopicPartition, Traffic>> seen;
  const auto add = [&](const world::Address& from, const world::Address& to, Traffic traffic,
                       const base::TopicPartition& partition) {
    if (isCut(from, to) || !seen.emplace(from, to, partition, traffic).second) return;
    auto route = routeBetween(layout, snapshot, from, to, traffic, partition);
    if (!route.isEmpty()) links.push_back({traffic, from, to, std::move(route)});
  };
  for (const auto& controller : snapshot.controllers) {
    if (!controller.isActive) continue;
    for (const auto& broker : snapshot.brokers)
      if (!isDown(broker))
        add(world::controllerAddress(controller.id), world::brokerAddress(broker.id), Traffic::ControlPlane, {});
    for (const auto& other : snapshot.controllers)
      if (other.id != controller.id && other.condition != lab::NodeCondition::Down)
        add(world::controllerAddress(controller.id), world::controllerAddress(other.id), Traffic::ControlPlane, {});
  }
  for (const auto& topic : snapshot.topics)
    for (const auto& partition : topic.partitions) {
      if (partition.leader < 0) continue;
      for (const auto replica : partition.replicas) {
        const auto* broker = findBroker(snapshot, replica);
        if (replica != partition.leader && broker && !isDown(*broker))
          add(world::brokerAddress(partition.leader), world::brokerAddress(replica), Traffic::ReplicaFetch,
              partition.partition);
      }
      const auto leader = world::brokerAddress(partition.leader);
      for (const auto& producer : snapshot.producers)
        if (producer.isRunning && producer.topic == topic.name)
          add(world::clientAddress(producer.clientId), leader, Traffic::Produce, partition.partition);
      for (const auto& consumer : snapshot.consumers)
        if (consumer.isRunning &&
            std::ranges::any_of(consumer.partitions, [&](const auto& p) { return p.partition == partition.partition; }))
          add(world::clientAddress(consumer.clientId), leader, Traffic::ConsumerFetch, partition.partition);
    }
  for (const auto& client : snapshot.externalClients) {
    const auto broker = world::brokerAddress(client.broker);
    for (const auto& partition : client.producesTo) add(client.address, broker, Traffic::Produce, partition);
    for (const auto& partition : client.fetchesFrom) add(client.address, broker, Traffic::ConsumerFetch, partition);
  }
  for (const auto& cut : snapshot.cutLinks) {
    const bool toController = cut.a.kind == NodeKind::Controller || cut.b.kind == NodeKind::Controller;
    const auto traffic = toController ? Traffic::ControlPlane : Traffic::ReplicaFetch;
    auto route = routeBetween(layout, snapshot, cut.a, cut.b, traffic, {});
    QString label;
    if (!cut.isCutFromA || !cut.isCutFromB) {
      const auto& from = cut.isCutFromA ? cut.a : cut.b;
      const auto& to = cut.isCutFromA ? cut.b : cut.a;
      label = QStringLiteral("%1 %2 %3").arg(from.id).arg(QChar(0x2192)).arg(to.id);
    }
    if (!route.isEmpty()) links.push_back({traffic, cut.a, cut.b, std::move(route), true, label});
  }
  addImpairedLinks(layout, snapshot, links);
  return links;
}

}  // namespace streamscope::ui
