#pragma once

#include <QPixmap>
#include <memory>

#include "lab/snapshot.h"
#include "shell/theme.h"
#include "stage/card_painter.h"
#include "stage/dot_sprites.h"
#include "stage/flight_board.h"
#include "stage/lane_painter.h"
#include "stage/lane_scale.h"
#include "stage/link_routes.h"
#include "stage/stage_layout.h"

namespace streamscope::ui {

/// One frame's input: values only.
struct StageFrame {
  const lab::Snapshot& snapshot;
  const StageLayout& layout;
  const LaneScales& scales;
  const FlightBoard& board;
  const Selection& selection;
  const Selection& hovered;
  QPointF scroll;
  QSize viewport;
  /// Device pixels for each logical one.
  double ratio = 1;
  WallMs now = 0;
  bool isPaused = false;
  bool reducedMotion = false;
  bool hasFocus = false;
};

/// Paints the stage in two layers. Below, a pixmap of everything that stands: frames and links, painted when the
/// structure changes, and the lanes and cards on them, painted one by one when their look changes. Above, fresh in each
/// frame, what moves: dots, flashes, the selection.
class StagePainter {
 public:
  /// Lanes painted in one frame at most; a storm of changes in a large cluster is spread over a few frames.
  static constexpr int kLanesPerFrameMax = 700;

  explicit StagePainter(const Theme& theme);

  void paint(QPainter& painter, const StageFrame& frame);
  /// Paints everything anew at the next frame.
  void invalidate() { m_structure = 0; }

  /// How often the whole lower layer, a lane, a card was painted; tests read these.
  struct Counters {
    int64_t structures = 0, lanes = 0, cards = 0;
  };
  const Counters& counters() const { return m_counters; }
  /// Lanes whose change did not fit into the last frame.
  bool hasBacklog() const { return m_hasBacklog; }

 private:
  size_t structureOf(const StageFrame& frame) const;
  void paintStructure(const StageFrame& frame);
  void paintLinks(QPainter& painter, const StageFrame& frame);
  void paintLinkLabel(QPainter& painter, const StageLayout& layout, const QPointF& middle, const StandingLink& link);
  void paintHints(QPainter& painter, const StageFrame& frame);
  void refreshLanes(QPainter& painter, const StageFrame& frame);
  void refreshCards(QPainter& painter, const StageFrame& frame);
  void paintSelection(QPainter& painter, const StageFrame& frame);
  void paintFlashes(QPainter& painter, const StageFrame& frame);
  void paintFlights(QPainter& painter, const StageFrame& frame);
  void paintDot(QPainter& painter, const StageFrame& frame, const Route& route, double fraction, const DotLook& look,
                const QString& label);
  /// @param pick chooses a lane where the message is about several partitions
  const Route& route(const StageFrame& frame, const world::Address& from, const world::Address& to, Traffic traffic,
                     bool isResponse, base::TopicPartition partition, world::EventId pick);

  Theme m_theme;
  TextCache m_text;
  CardPainter m_cards;
  LanePainter m_lanes;
  DotSprites m_dots;

  QPixmap m_standing;
  size_t m_structure = 0;
  std::vector<LaneLook> m_laneLooks;
  std::vector<CardLook> m_cardLooks;
  size_t m_nextLane = 0;
  bool m_hasBacklog = false;
  std::map<std::tuple<world::Address, world::Address, Traffic, base::TopicPartition>, Route> m_routes;
  std::map<std::tuple<world::Address, world::Address, Traffic>, std::vector<base::TopicPartition>> m_between;
  Counters m_counters;
};

}  // namespace streamscope::ui
