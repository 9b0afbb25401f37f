#include "stage/stage_painter.h"

#include <QCoreApplication>
#include <QHashFunctions>
#include <algorithm>
#include <cmath>

#include "shell/ailments.h"
#include "shell/node_names.h"

namespace streamscope::ui {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("Stage", text);
}

size_t mix(size_t seed, size_t value) {
  return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

size_t hashOf(const QRectF& rect) {
  size_t seed = 1;
  for (const double v : {rect.x(), rect.y(), rect.width(), rect.height()}) seed = mix(seed, qHash(v));
  return seed;
}

}  // namespace

StagePainter::StagePainter(const Theme& theme)
    : m_theme(theme), m_text(m_theme), m_cards(m_theme, m_text), m_lanes(m_theme, m_text), m_dots(m_theme) {}

size_t StagePainter::structureOf(const StageFrame& frame) const {
  const auto& snapshot = frame.snapshot;
  size_t seed = mix(qHash(frame.ratio),
                    static_cast<size_t>(frame.viewport.width()) << 16 | static_cast<size_t>(frame.viewport.height()));
  seed = mix(mix(seed, qHash(frame.scroll.x())), qHash(frame.scroll.y()));
  for (const auto& box : frame.layout.brokers) {
    const auto& broker = snapshot.brokers[box.index];
    seed = mix(mix(seed, hashOf(box.rect)), static_cast<size_t>(broker.condition) + box.lanes.size() * 8);
  }
  for (const auto& box : frame.layout.clients) {
    seed = mix(seed, hashOf(box.rect));
    if (box.kind == ClientBox::Kind::Producer) seed = mix(seed, snapshot.producers[box.index].isRunning);
    if (box.kind == ClientBox::Kind::Consumer) {
      const auto& consumer = snapshot.consumers[box.index];
      seed = mix(mix(seed, consumer.isRunning), consumer.partitions.size());
    }
  }
  for (const auto& group : frame.layout.groups) seed = mix(seed, std::hash<std::string>{}(group.name));
  for (const auto& controller : snapshot.controllers)
    seed = mix(seed, static_cast<size_t>(controller.condition) * 2 + controller.isActive);
  for (const auto& topic : snapshot.topics)
    for (const auto& partition : topic.partitions)
      seed = mix(seed, static_cast<size_t>(partition.leader + 2) * 31 + partition.replicas.size());
  for (const auto& cut : snapshot.cutLinks)
    seed = mix(seed, static_cast<size_t>(cut.a.id) * 4096 + static_cast<size_t>(cut.b.id) * 4 + cut.isCutFromA * 2 +
                         cut.isCutFromB);
  for (const auto& link : snapshot.links)
    seed = mix(mix(seed, static_cast<size_t>(link.from.id) * 4096 + static_cast<size_t>(link.to.id)),
               qHash(conditionsText(link.conditions)));
  for (const auto& client : snapshot.externalClients)
    seed = mix(seed,
               static_cast<size_t>(client.address.id) * 64 + client.producesTo.size() * 8 + client.fetchesFrom.size());
  return seed | 1;
}

const Route& StagePainter::route(const StageFrame& frame, const world::Address& from, const world::Address& to,
                                 Traffic traffic, bool isResponse, base::TopicPartition partition,
                                 world::EventId pick) {
  if (partition.topic.empty() && traffic != Traffic::ControlPlane) {
    const auto& client = isResponse ? to : from;
    const auto& server = isResponse ? from : to;
    auto known = m_between.find({client, server, traffic});
    if (known == m_between.end())
      known = m_between
                  .emplace(std::make_tuple(client, server, traffic),
                           partitionsBetween(frame.snapshot, client, server, traffic))
                  .first;
    if (!known->second.empty()) partition = known->second[pick % known->second.size()];
  }
  const auto key = std::make_tuple(from, to, traffic, partition);
  auto it = m_routes.find(key);
  if (it == m_routes.end())
    it = m_routes
             .emplace(key, routeBetween(frame.layout, frame.snapshot, from, to, traffic,
                                        namedPartition(frame.snapshot, partition)))
             .first;
  return it->second;
}

void StagePainter::paint(QPainter& painter, const StageFrame& frame) {
  m_text.setRatio(frame.ratio);
  m_lanes.setRatio(frame.ratio);
  m_cards.setRatio(frame.ratio);
  const auto structure = structureOf(frame);
  if (structure != m_structure || m_standing.isNull()) {
    m_structure = structure;
    paintStructure(frame);
  }
  {
    QPainter standing(&m_standing);
    standing.translate(-frame.scroll);
    refreshCards(standing, frame);
    refreshLanes(standing, frame);
  }
  painter.drawPixmap(QPointF(0, 0), m_standing);
  painter.save();
  painter.translate(-frame.scroll);
  paintFlashes(painter, frame);
  paintSelection(painter, frame);
  paintFlights(painter, frame);
  painter.restore();
}

void StagePainter::paintStructure(const StageFrame& frame) {
  ++m_counters.structures;
  m_laneLooks.clear();
  m_cardLooks.clear();
  m_routes.clear();
  m_between.clear();
  m_nextLane = 0;
  const QSize device = (QSizeF(frame.viewport) * frame.ratio).toSize();
  if (m_standing.size() != device) m_standing = QPixmap(device);
  m_standing.setDevicePixelRatio(frame.ratio);
  m_standing.fill(m_theme(Role::Stage));
  QPainter painter(&m_standing);
  painter.translate(-frame.scroll);

  const double scale = frame.layout.scale;
  paintLinks(painter, frame);
  for (const auto& box : frame.layout.brokers)
    m_cards.paintBrokerFrame(painter, box.rect, frame.snapshot.brokers[box.index].condition, scale);
  for (const auto& group : frame.layout.groups) m_cards.paintGroupFrame(painter, group, scale);
  for (const auto& box : frame.layout.clients) {
    const bool stopped = (box.kind == ClientBox::Kind::Producer && !frame.snapshot.producers[box.index].isRunning) ||
                         (box.kind == ClientBox::Kind::Consumer && !frame.snapshot.consumers[box.index].isRunning);
    m_cards.paintClientFrame(painter, box.rect, stopped, scale);
  }
  for (const auto& box : frame.layout.controllers) {
    const auto it = std::ranges::find(frame.snapshot.controllers, box.id, &lab::ControllerState::id);
    if (it != frame.snapshot.controllers.end()) m_cards.paintControllerFrame(painter, box.rect, *it, scale);
  }
  paintHints(painter, frame);
}

void StagePainter::paintHints(QPainter& painter, const StageFrame& frame) {
  const bool hasLeft = std::ranges::any_of(frame.layout.clients, [](const auto& c) { return !c.isOnTheRight; });
  const bool hasRight = std::ranges::any_of(frame.layout.clients, [](const auto& c) { return c.isOnTheRight; });
  if (!hasLeft)
    m_cards.paintHint(painter, frame.layout.leftColumn,
                      translated("No producer yet. A real client reaches the brokers at the address above."),
                      frame.layout.scale);
  if (!hasRight)
    m_cards.paintHint(painter, frame.layout.rightColumn, translated("No consumer yet."), frame.layout.scale);
}

void StagePainter::paintLinks(QPainter& painter, const StageFrame& frame) {
  painter.setRenderHint(QPainter::Antialiasing, true);
  const double scale = frame.layout.scale;
  const QColor stage = m_theme(Role::Stage);
  for (const auto& link : standingLinks(frame.layout, frame.snapshot)) {
    QPen pen(blend(stage, m_theme(trafficRole(link.traffic)), 0.36), 1.3 * scale);
    painter.setBrush(Qt::NoBrush);
    if (link.isCut) {
      pen = QPen(m_theme(Role::Failure), 1.8 * scale);
      pen.setDashPattern({3, 3});
    } else if (!link.label.isEmpty()) {
      pen = QPen(m_theme(Role::Warning), 1.8 * scale);
      pen.setDashPattern({7, 3, 1, 3});
    }
    painter.setPen(pen);
    painter.drawPath(link.route.path());
    const QPointF middle = link.route.at(0.5);
    if (!link.label.isEmpty()) paintLinkLabel(painter, frame.layout, middle, link);
    if (!link.isCut) continue;
    const double r = 7 * scale;
    painter.setPen(QPen(m_theme(Role::Failure), 1.6 * scale));
    painter.setBrush(stage);
    painter.drawEllipse(middle, r, r);
    const double d = 3 * scale;
    painter.drawLine(middle + QPointF(-d, -d), middle + QPointF(d, d));
    painter.drawLine(middle + QPointF(-d, d), middle + QPointF(d, -d));
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
}

/// On a plate, so that lines behind it do not cross the words. The gutters between brokers are too narrow for words:
/// there it stands above the cards.
void StagePainter::paintLinkLabel(QPainter& painter, const StageLayout& layout, const QPointF& middle,
                                  const StandingLink& link) {
  const double scale = layout.scale;
  const QColor color = m_theme(link.isCut ? Role::Failure : Role::Warning);
  const QSizeF size(m_text.width(link.label, FontRole::SmallBold) + 10 * scale,
                    m_text.height(FontRole::SmallBold) + 4 * scale);
  QRectF plate(middle - QPointF(size.width() / 2, size.height() / 2), size);
  // The mark of a cut is in the middle.
  if (link.isCut) plate.moveTop(middle.y() + 9 * scale);
  for (const auto& broker : layout.brokers)
    if (plate.intersects(broker.rect)) plate.moveBottom(broker.rect.top() - 2 * scale);
  painter.setPen(QPen(color, 1.2 * scale));
  painter.setBrush(m_theme(Role::Stage));
  painter.drawRoundedRect(plate, 3 * scale, 3 * scale);
  m_text.draw(painter, plate.left() + 5 * scale, plate.top(), plate.height(), link.label, FontRole::SmallBold, color);
}

void StagePainter::refreshLanes(QPainter& painter, const StageFrame& frame) {
  size_t count = 0;
  for (const auto& box : frame.layout.brokers) count += box.lanes.size();
  const bool fresh = m_laneLooks.size() != count;
  if (fresh) m_laneLooks.assign(count, LaneLook{});
  if (m_nextLane >= count) m_nextLane = 0;
  const LaneContext context(frame.snapshot);
  const QRectF visible(frame.scroll, QSizeF(frame.viewport));
  int painted = 0;
  size_t index = 0, postponed = count;
  for (const auto& box : frame.layout.brokers) {
    const auto& broker = frame.snapshot.brokers[box.index];
    const QColor card = m_cards.brokerFill(broker.condition);
    for (const auto& lane : box.lanes) {
      const size_t i = index++;
      if (!visible.intersects(lane.rect) || lane.replica >= broker.replicas.size()) continue;
      auto look = laneLook(broker, broker.replicas[lane.replica], frame.scales.window(lane.partition), context);
      if (!fresh && look == m_laneLooks[i]) continue;
      // A full repaint shows everything at once; otherwise the round goes on where the last frame stopped.
      if (!fresh && (painted >= kLanesPerFrameMax || i < m_nextLane)) {
        postponed = std::min(postponed, i < m_nextLane ? size_t{0} : i);
        continue;
      }
      m_lanes.paint(painter, lane, frame.layout.detail, look, card, frame.layout.scale);
      m_laneLooks[i] = look;
      ++painted;
    }
  }
  m_counters.lanes += painted;
  m_hasBacklog = postponed < count;
  m_nextLane = m_hasBacklog ? postponed : 0;
}

void StagePainter::refreshCards(QPainter& painter, const StageFrame& frame) {
  const auto& layout = frame.layout;
  size_t index = 0;
  const auto changed = [&](CardLook look) -> const CardLook* {
    if (m_cardLooks.size() <= index) m_cardLooks.resize(index + 1);
    auto& known = m_cardLooks[index++];
    if (known == look) return nullptr;
    known = std::move(look);
    ++m_counters.cards;
    return &known;
  };
  if (const auto* look = changed(titleLook(layout.title, frame.snapshot)))
    m_cards.paintTitle(painter, *look, layout.scale);
  for (const auto& box : layout.controllers)
    if (const auto* look = changed(controllerLook(box, frame.snapshot)))
      m_cards.paintController(painter, *look, layout.scale);
  for (const auto& box : layout.brokers)
    if (const auto* look = changed(brokerHeaderLook(box, frame.snapshot)))
      m_cards.paintBrokerHeader(painter, *look, frame.snapshot.brokers[box.index].condition, layout.scale);
  const int64_t lagScale = lagScaleOf(frame.snapshot);
  for (const auto& box : layout.clients)
    if (const auto* look = changed(clientLook(box, frame.snapshot, lagScale)))
      m_cards.paintClient(painter, *look, layout.scale);
}

void StagePainter::paintSelection(QPainter& painter, const StageFrame& frame) {
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setBrush(Qt::NoBrush);
  const double scale = frame.layout.scale;
  const auto outline = [&](const Selection& selection, const QColor& color, double width) {
    const QRectF rect = frame.layout.rectOf(selection);
    if (rect.isEmpty()) return;
    const double out = std::holds_alternative<ReplicaSelected>(selection) ? -2 * scale : 2 * scale;
    painter.setPen(QPen(color, width));
    const double radius = std::min(9 * scale, rect.height() / 2);
    painter.drawRoundedRect(rect.adjusted(-out, -out, out, out), radius, radius);
  };
  if (frame.hovered != frame.selection) outline(frame.hovered, m_theme(Role::BorderStrong), 1.4 * scale);
  outline(frame.selection, m_theme(frame.hasFocus ? Role::Focus : Role::Accent), 2.2 * scale);
}

void StagePainter::paintFlashes(QPainter& painter, const StageFrame& frame) {
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (const auto& flash : frame.board.flashes()) {
    const auto* lane = frame.layout.lane(flash.broker, flash.partition);
    if (!lane) continue;
    // Reduced motion: a steady frame instead of a fading one.
    const double strength = frame.reducedMotion ? 0.8 : flashStrength(flash.happened, frame.now);
    if (strength <= 0) continue;
    const double spread = frame.reducedMotion ? 0 : (1 - strength) * 4 * frame.layout.scale;
    QColor color = m_theme(Role::HighWatermark);
    color.setAlphaF(static_cast<float>(strength));
    QColor wash = color;
    wash.setAlphaF(static_cast<float>(strength * 0.16));
    painter.setPen(QPen(color, 2.5 * frame.layout.scale));
    painter.setBrush(wash);
    painter.drawRoundedRect(lane->rect.adjusted(-spread + 2, -spread + 1, spread - 2, spread - 1), 7, 7);
  }
}

void StagePainter::paintDot(QPainter& painter, const StageFrame& frame, const Route& route, double fraction,
                            const DotLook& look, const QString& label) {
  const auto& sprite = m_dots.sprite(look, frame.layout.scale, frame.ratio);
  const QPointF at = route.at(fraction);
  const QSizeF size = sprite.deviceIndependentSize();
  painter.drawPixmap(at - QPointF(size.width() / 2, size.height() / 2), sprite);
  if (label.isEmpty()) return;
  const double scale = frame.layout.scale;
  const double width = m_text.width(label, FontRole::SmallBold) + 8 * scale, height = 15 * scale;
  const QRectF plate(at.x() - width / 2,
                     look.traffic == Traffic::ControlPlane ? at.y() + 6 * scale : at.y() - height - 7 * scale, width,
                     height);
  painter.setPen(Qt::NoPen);
  QColor fill = m_theme(Role::Panel);
  fill.setAlphaF(0.92F);
  painter.setBrush(fill);
  painter.drawRoundedRect(plate, 4 * scale, 4 * scale);
  m_text.draw(painter, plate.left() + 4 * scale, plate.top(), height, label, FontRole::SmallBold,
              m_theme(look.failed ? Role::Failure : trafficRole(look.traffic)));
}

void StagePainter::paintFlights(QPainter& painter, const StageFrame& frame) {
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setBrush(Qt::NoBrush);
  for (const auto& flight : frame.board.flights()) {
    // While paused, what is really on its way is drawn from the snapshot below.
    if (frame.isPaused && (flight.show.isTrue || flight.due > frame.snapshot.time)) continue;
    if (frame.now < flight.show.begin) continue;
    const auto& way =
        route(frame, flight.from, flight.to, flight.traffic, flight.isResponse, flight.partition, flight.request);
    if (way.isEmpty()) continue;
    const bool quiet = !flight.carriesRecords && !flight.failed && flight.traffic != Traffic::Produce;
    if (frame.reducedMotion) {
      if (quiet) continue;
      QColor color = m_theme(flight.failed ? Role::Failure : trafficRole(flight.traffic));
      painter.setPen(QPen(color, 2 * frame.layout.scale));
      painter.drawPath(way.path());
      continue;
    }
    double fraction = flight.show.isTrue ? flightProgress(flight.sent, flight.due, frame.snapshot.time)
                                         : shownProgress(flight.show, frame.now);
    bool failed = flight.failed;
    if (flight.dropped && fraction >= 0.5) {
      fraction = 0.5;
      failed = true;
    }
    paintDot(painter, frame, way, fraction,
             {flight.traffic, flight.isResponse, failed, quiet, dotWeight(flight.messages)}, {});
  }
  if (!frame.isPaused) return;
  int labels = 0;
  for (const auto& message : frame.snapshot.inFlight) {
    const auto traffic = trafficOf(message.api, message.from, message.to);
    const auto& way =
        route(frame, message.from, message.to, traffic, message.isResponse, message.partition, message.sentEvent);
    if (way.isEmpty()) continue;
    const QString name = QString::fromUtf8(protocol::apiName(message.api).data());
    const QString label = labels++ < 10 ? (message.isResponse ? translated("%1 response").arg(name) : name) : QString();
    paintDot(painter, frame, way, flightProgress(message.sent, message.due, frame.snapshot.time),
             {traffic, message.isResponse, false, false, 0}, label);
  }
}

}  // namespace streamscope::ui
