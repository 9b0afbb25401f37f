#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QString>
#include <map>
#include <optional>
#include <vector>

#include "lab/snapshot.h"
#include "stage/stage_layout.h"

namespace streamscope::ui {

/// Why two nodes talk; each kind of traffic has its own track in the gutters, its own colour and its own shape of dot.
enum class Traffic : uint8_t { Produce, ReplicaFetch, ConsumerFetch, ControlPlane };

Traffic trafficOf(protocol::ApiKey api, const world::Address& from, const world::Address& to);

/// A way through the gutters: straight pieces with rounded corners, like a metro map.
class Route {
 public:
  Route() = default;
  explicit Route(std::vector<QPointF> points, double cornerRadius);

  bool isEmpty() const { return m_points.size() < 2; }
  /// 0: where it starts, 1: where it ends.
  QPointF at(double fraction) const;
  double length() const { return m_length; }
  Route reversed() const;
  QPainterPath path() const;

 private:
  std::vector<QPointF> m_points;
  double m_cornerRadius = 0, m_length = 0;
};

/// The way from one node to the other, empty when one of them is not on the stage. The way back is the same, reversed.
/// @param partition leads to that partition's lane; an empty topic to the broker's header
Route routeBetween(const StageLayout& layout, const lab::Snapshot& snapshot, const world::Address& from,
                   const world::Address& to, Traffic traffic, const base::TopicPartition& partition);

/// The partitions a message between these two can be about: a producer's that the broker leads, a follower's replicas
/// of the leader's, a consumer's. For choosing a lane when a message is about several.
/// @param client who sent the request
std::vector<base::TopicPartition> partitionsBetween(const lab::Snapshot& snapshot, const world::Address& client,
                                                    const world::Address& server, Traffic traffic);

/// A link that stands even while nothing travels: producers to leaders, followers to leaders, leaders to consumers,
/// brokers to the controller. A cut one stands once for all traffic between its two nodes, and so does one that carries
/// otherwise than usual, over the others.
struct StandingLink {
  Traffic traffic{};
  world::Address from, to;
  Route route;
  bool isCut = false;
  /// Beside a cut in one direction only, "1 to 2", or how it carries, "100 ms"; else empty.
  QString label = {};
};
std::vector<StandingLink> standingLinks(const StageLayout& layout, const lab::Snapshot& snapshot);

}  // namespace streamscope::ui
