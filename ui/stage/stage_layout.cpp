#include "stage/stage_layout.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "stage/external_clients.h"

namespace streamscope::ui {
namespace {

constexpr double kMargin = 14;
constexpr double kTitleHeight = 26;
constexpr double kControllerHeight = 26;
constexpr double kControllerWidth = 270;
constexpr double kGutterWidth = 40;
constexpr double kGutterHeight = 30;
constexpr double kClientWidth = 166;
constexpr double kClientHeightMax = 62;
constexpr double kClientHeightMin = 24;
constexpr double kClientGap = 10;
constexpr double kBrokerWidthMin = 168;
/// With many brokers, more columns of less width read better than more rows.
constexpr double kBrokerWidthMinMany = 124;
constexpr size_t kManyBrokers = 6;
constexpr double kBrokerWidthMax = 520;
constexpr double kBrokerHeader = 32;
constexpr double kBrokerPadding = 10;
constexpr double kLaneHeightMin = 4;
constexpr double kLaneHeightMax = 132;
constexpr double kLaneHeightFull = 54;
constexpr double kLaneHeightRow = 13;

double snapped(double value) {
  return std::round(value);
}

/// Lays out one picture; the members are what the steps hand on to each other.
class Builder {
 public:
  Builder(const lab::Snapshot& snapshot, QSizeF viewport, double zoom, double textScale)
      : m_snapshot(snapshot),
        m_zoom(zoom),
        m_s(textScale * zoom),
        m_w((0.55 + 0.45 * textScale) * zoom),
        m_viewport(viewport * zoom),
        m_fitting(viewport) {}

  StageLayout build() {
    m_layout.scale = m_s;
    m_layout.title = {kMargin * m_s, 8 * m_s, m_viewport.width() - 2 * kMargin * m_s, kTitleHeight * m_s};
    placeColumns();
    placeBrokers();
    placeControllers();
    placeClients();
    m_layout.size = {std::max(m_viewport.width(), m_right), std::max(m_viewport.height(), m_bottom)};
    return std::move(m_layout);
  }

 private:
  void placeColumns() {
    const auto count = std::max<size_t>(1, m_snapshot.brokers.size());
    const double width = m_w / m_zoom;
    const double clients = 2 * (kMargin + kClientWidth) * width;
    const double middle = m_fitting.width() - clients - kGutterWidth * width;
    const double widthMin = count > kManyBrokers ? kBrokerWidthMinMany : kBrokerWidthMin;
    const auto fitting = static_cast<size_t>(std::max(1.0, std::floor(middle / ((widthMin + kGutterWidth) * width))));
    const size_t rows = (count + fitting - 1) / fitting;
    m_rows = static_cast<int>(rows);
    m_columns = static_cast<int>((count + rows - 1) / rows);

    const double left = (kMargin + kClientWidth) * m_w;
    const double available = m_viewport.width() - 2 * left - kGutterWidth * m_w * (m_columns + 1);
    m_brokerWidth = std::floor(std::clamp(available / m_columns, kBrokerWidthMinMany * m_w, kBrokerWidthMax * m_s));
    m_layout.gutterWidth = kGutterWidth * m_w;
    const double total = m_brokerWidth * m_columns + m_layout.gutterWidth * (m_columns + 1);
    const double slack = std::max(0.0, m_viewport.width() - 2 * left - total) / 2;
    for (int column = 0; column <= m_columns; ++column)
      m_layout.gutterX.push_back(snapped(left + slack + column * (m_brokerWidth + m_layout.gutterWidth)));
    m_right = m_layout.gutterX.back() + m_layout.gutterWidth + left;
  }

  void placeBrokers() {
    size_t lanesMax = 1;
    for (const auto& broker : m_snapshot.brokers) lanesMax = std::max(lanesMax, broker.replicas.size());
    m_layout.gutterHeight = kGutterHeight * m_s;
    m_top = (8 + kTitleHeight + kControllerHeight + 6) * m_s;
    const double fixed = (kBrokerHeader + kBrokerPadding) * m_s + m_layout.gutterHeight;
    const double room = (m_viewport.height() - m_top - m_layout.gutterHeight - kMargin * m_s) / m_rows - fixed;
    m_laneHeight =
        std::clamp(std::floor(room / static_cast<double>(lanesMax)), kLaneHeightMin * m_zoom, kLaneHeightMax * m_s);
    m_layout.detail = m_laneHeight >= kLaneHeightFull * m_s  ? LaneDetail::Full
                      : m_laneHeight >= kLaneHeightRow * m_s ? LaneDetail::Row
                                                             : LaneDetail::Heat;
    const double cardHeight =
        snapped((kBrokerHeader + kBrokerPadding) * m_s + m_laneHeight * static_cast<double>(lanesMax));
    for (int row = 0; row <= m_rows; ++row)
      m_layout.gutterY.push_back(snapped(m_top + row * (cardHeight + m_layout.gutterHeight)));
    m_bottom = m_layout.gutterY.back() + m_layout.gutterHeight;
    for (size_t i = 0; i < m_snapshot.brokers.size(); ++i) placeBroker(i, cardHeight);
  }

  void placeBroker(size_t index, double cardHeight) {
    const auto& broker = m_snapshot.brokers[index];
    BrokerBox box;
    box.id = broker.id;
    box.index = index;
    box.row = static_cast<int>(index) / m_columns;
    box.column = static_cast<int>(index) % m_columns;
    box.rect = {m_layout.gutterX[static_cast<size_t>(box.column)] + m_layout.gutterWidth,
                m_layout.gutterY[static_cast<size_t>(box.row)] + m_layout.gutterHeight, m_brokerWidth, cardHeight};
    box.header = {box.rect.left(), box.rect.top(), box.rect.width(), kBrokerHeader * m_s};
    for (size_t r = 0; r < broker.replicas.size(); ++r) {
      const double border = std::ceil(2 * m_s);
      const QRectF rect(box.rect.left() + border, snapped(box.header.bottom() + m_laneHeight * static_cast<double>(r)),
                        box.rect.width() - 2 * border, snapped(m_laneHeight));
      box.lanes.push_back(laneBox(broker.replicas[r].partition, r, rect));
    }
    m_layout.brokers.push_back(std::move(box));
  }

  LaneBox laneBox(const base::TopicPartition& partition, size_t replica, const QRectF& rect) const {
    LaneBox lane{partition, replica, rect, {}, {}, {}};
    const double pad = snapped(9 * m_s);
    const QRectF inner = rect.adjusted(pad, 0, -pad, 0);
    switch (m_layout.detail) {
      case LaneDetail::Full: {
        const double label = snapped(20 * m_s);
        const double offsets = snapped(16 * m_s);
        const double strip = snapped(std::clamp(rect.height() - label - offsets - 12 * m_s, 10 * m_s, 52 * m_s));
        const double top = rect.top() + snapped((rect.height() - label - strip - offsets) / 2);
        lane.label = {inner.left(), top, inner.width(), label};
        lane.strip = {inner.left(), top + label, inner.width(), strip};
        lane.offsets = {inner.left(), top + label + strip, inner.width(), offsets};
        break;
      }
      case LaneDetail::Row: {
        const double label = snapped(std::min(inner.width() * 0.45, 96 * m_s));
        const double offsets = inner.width() > 230 * m_s ? snapped(62 * m_s) : 0;
        const double strip = snapped(std::clamp(rect.height() - 4 * m_s, 8 * m_s, 24 * m_s));
        const double top = rect.top() + snapped((rect.height() - strip) / 2);
        lane.label = {inner.left(), rect.top(), label, rect.height()};
        lane.strip = {inner.left() + label, top, inner.width() - label - offsets, strip};
        if (offsets > 0) lane.offsets = {lane.strip.right(), rect.top(), offsets, rect.height()};
        break;
      }
      case LaneDetail::Heat:
        lane.strip = inner.adjusted(0, 0, 0, rect.height() > 4 ? -1 : 0);
        break;
    }
    return lane;
  }

  void placeControllers() {
    const double middle = (m_layout.gutterX.front() + m_layout.gutterX.back() + m_layout.gutterWidth) / 2;
    const auto count = static_cast<double>(m_snapshot.controllers.size());
    const double gap = 12 * m_s;
    const double room = (m_right - 2 * kMargin * m_w - (count - 1) * gap) / count;
    const double width = std::min(kControllerWidth * m_w, room);
    double x = middle - (count * width + (count - 1) * gap) / 2;
    for (const auto& controller : m_snapshot.controllers) {
      m_layout.controllers.push_back(
          {controller.id,
           {snapped(x), snapped((8 + kTitleHeight) * m_s), snapped(width), snapped(kControllerHeight * m_s)}});
      x += width + gap;
    }
  }

  void placeClients() {
    const double top = m_layout.gutterY.front() + m_layout.gutterHeight;
    const double height = std::max(m_viewport.height(), m_bottom) - top - kMargin * m_s;
    m_layout.leftColumn = {kMargin * m_w, top, kClientWidth * m_w, height};
    m_layout.rightColumn = {m_right - (kMargin + kClientWidth) * m_w, top, kClientWidth * m_w, height};

    std::vector<ClientBox> left, right;
    for (size_t i = 0; i < m_snapshot.producers.size(); ++i)
      left.push_back({ClientBox::Kind::Producer, i, ProducerSelected{m_snapshot.producers[i].name}, {}, false});
    const auto externals = externalGroups(m_snapshot);
    for (size_t i = 0; i < externals.size(); ++i) {
      auto& side = externals[i].fetches ? right : left;
      side.push_back({ClientBox::Kind::External, i, ExternalSelected{externals[i].key}, {}, externals[i].fetches});
    }
    placeLeft(std::move(left));
    placeRight(std::move(right));
  }

  double clientHeight(size_t cards, double room) const {
    if (cards == 0) return 0;
    const double each = room / static_cast<double>(cards) - kClientGap * m_s;
    return snapped(std::clamp(each, kClientHeightMin * m_s, kClientHeightMax * m_s));
  }

  void placeLeft(std::vector<ClientBox> cards) {
    const double height = clientHeight(cards.size(), m_layout.leftColumn.height());
    double y = m_layout.leftColumn.top();
    for (auto& card : cards) {
      card.rect = {m_layout.leftColumn.left(), snapped(y), m_layout.leftColumn.width(), height};
      y += height + kClientGap * m_s;
      m_layout.clients.push_back(std::move(card));
    }
    m_bottom = std::max(m_bottom, y);
  }

  void placeRight(std::vector<ClientBox> externals) {
    std::map<std::string, std::vector<size_t>> groups;
    for (size_t i = 0; i < m_snapshot.consumers.size(); ++i) groups[m_snapshot.consumers[i].group].push_back(i);
    const double header = 22 * m_s;
    const double frames = static_cast<double>(groups.size()) * (header + 18 * m_s);
    const double height =
        clientHeight(m_snapshot.consumers.size() + externals.size(), m_layout.rightColumn.height() - frames);
    double y = m_layout.rightColumn.top();
    const QRectF column = m_layout.rightColumn;
    for (const auto& [name, members] : groups) {
      const bool framed = !name.empty();
      const double inset = framed ? 8 * m_s : 0;
      GroupBox group{name, {}, {}};
      const double start = y;
      if (framed) y += header;
      for (const auto index : members) {
        m_layout.clients.push_back(
            {ClientBox::Kind::Consumer, index, ConsumerSelected{m_snapshot.consumers[index].name},
             QRectF(column.left() + inset, snapped(y), column.width() - 2 * inset, height), true});
        y += height + (framed ? 6 : kClientGap) * m_s;
      }
      if (framed) {
        group.rect = {column.left(), start, column.width(), y - start + 2 * m_s};
        group.header = {column.left(), start, column.width(), header};
        m_layout.groups.push_back(group);
        y += 12 * m_s;
      }
    }
    for (auto& card : externals) {
      card.rect = {column.left(), snapped(y), column.width(), height};
      y += height + kClientGap * m_s;
      m_layout.clients.push_back(std::move(card));
    }
    m_bottom = std::max(m_bottom, y);
  }

  const lab::Snapshot& m_snapshot;
  /// `m_s` for what is as high as text; `m_w` for widths, which grow less.
  double m_zoom, m_s, m_w;
  QSizeF m_viewport, m_fitting;
  StageLayout m_layout;
  int m_rows = 1, m_columns = 1;
  double m_brokerWidth = 0, m_laneHeight = 0, m_top = 0, m_bottom = 0, m_right = 0;
};

}  // namespace

const BrokerBox* StageLayout::broker(base::BrokerId id) const {
  const auto it = std::ranges::lower_bound(brokers, id, {}, &BrokerBox::id);
  return it != brokers.end() && it->id == id ? &*it : nullptr;
}

const LaneBox* StageLayout::lane(base::BrokerId id, const base::TopicPartition& partition) const {
  const auto* box = broker(id);
  if (!box) return nullptr;
  const auto it = std::ranges::lower_bound(box->lanes, partition, {}, &LaneBox::partition);
  return it != box->lanes.end() && it->partition == partition ? &*it : nullptr;
}

QRectF StageLayout::rectOf(const Selection& selection) const {
  if (const auto* replica = std::get_if<ReplicaSelected>(&selection)) {
    const auto* box = lane(replica->broker, replica->partition);
    return box ? box->rect : QRectF();
  }
  if (const auto* selected = std::get_if<BrokerSelected>(&selection)) {
    const auto* box = broker(selected->broker);
    return box ? box->rect : QRectF();
  }
  if (const auto* selected = std::get_if<ControllerSelected>(&selection)) {
    const auto it = std::ranges::find(controllers, selected->controller, &ControllerBox::id);
    return it != controllers.end() ? it->rect : QRectF();
  }
  if (std::holds_alternative<std::monostate>(selection)) return {};
  const auto it = std::ranges::find(clients, selection, &ClientBox::selection);
  return it != clients.end() ? it->rect : QRectF();
}

StageLayout layOutStage(const lab::Snapshot& snapshot, QSizeF viewport, double zoom, double textScale) {
  return Builder(snapshot, viewport, zoom, textScale).build();
}

size_t topologyOf(const lab::Snapshot& snapshot) {
  size_t seed = 1;
  const auto add = [&seed](size_t value) { seed ^= value + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2); };
  const std::hash<std::string> hash;
  for (const auto& controller : snapshot.controllers) add(static_cast<size_t>(controller.id));
  for (const auto& broker : snapshot.brokers) {
    add(static_cast<size_t>(broker.id));
    for (const auto& replica : broker.replicas) {
      add(hash(replica.partition.topic));
      add(static_cast<size_t>(replica.partition.partition));
    }
  }
  for (const auto& producer : snapshot.producers) add(hash(producer.name));
  for (const auto& consumer : snapshot.consumers) add(hash(consumer.name + "/" + consumer.group));
  for (const auto& group : externalGroups(snapshot)) add(hash(group.key));
  return seed;
}

}  // namespace streamscope::ui
