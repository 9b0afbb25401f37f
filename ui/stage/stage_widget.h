#pragma once

#include <QAbstractScrollArea>
#include <QElapsedTimer>
#include <map>
#include <memory>
#include <optional>

#include "lab/command.h"
#include "lab/snapshot.h"
#include "shell/selection.h"
#include "stage/flight_board.h"
#include "stage/hit_test.h"
#include "stage/lane_scale.h"
#include "stage/stage_layout.h"
#include "stage/stage_painter.h"
#include "world/trace.h"

class QMenu;

namespace streamscope::ui {

/// The live picture. It turns events of the window system into a selection and into commands, and hands values to the
/// layout and the painter; it decides nothing else.
class StageWidget : public QAbstractScrollArea {
  Q_OBJECT
 public:
  StageWidget(SelectionState& selection, const Appearance& appearance, QWidget* parent = nullptr);
  ~StageWidget() override;

  void setAppearance(const Appearance& appearance);
  /// @param recordsPerSecond by partition, where it is known
  void setSnapshot(lab::SnapshotPtr snapshot, const std::map<base::TopicPartition, double>& recordsPerSecond);
  void takeTrace(const std::vector<world::TraceEvent>& events);
  void setTransport(bool isPlaying, double speed);
  /// A frame has passed; repaints while something moves or waits to be painted.
  void tick();

  void zoomBy(double factor);
  void resetZoom();
  double zoom() const { return m_zoom; }

  /// For pictures without a screen: stops the wall clock at this moment, and sets the device pixels of a logical one.
  void freeze(WallMs now, double ratio);

  const StageLayout& stageLayout() const { return m_layout; }
  const StagePainter& stagePainter() const { return *m_painter; }
  const lab::Snapshot& snapshot() const { return *m_snapshot; }
  const Selection& selection() const { return m_selection.current(); }
  /// In the viewport's coordinates; may lie outside of what is scrolled into sight.
  QRect visibleRectOf(const Selection& selection) const;
  /// The menu of what can be done to the selection; null when nothing can. The caller owns it.
  QMenu* makeContextMenu();

 signals:
  void commandChosen(const lab::Command& command);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void scrollContentsBy(int dx, int dy) override;

 private:
  void layOut();
  void describeSelection();
  QPointF scrollPosition() const;
  WallMs wallNow() const;
  double ratio() const;
  bool runShortcut(int key);

  SelectionState& m_selection;
  Appearance m_appearance;
  lab::SnapshotPtr m_snapshot;
  size_t m_topology = 0;
  StageLayout m_layout;
  LaneScales m_scales;
  FlightBoard m_board;
  std::unique_ptr<StagePainter> m_painter;
  Selection m_hovered;
  std::map<base::TopicPartition, double> m_rates;
  double m_zoom = 1;
  bool m_isPlaying = true;
  double m_speed = 1;
  QElapsedTimer m_clock;
  std::optional<WallMs> m_frozenNow;
  std::optional<double> m_frozenRatio;
};

}  // namespace streamscope::ui
