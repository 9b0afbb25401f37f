#pragma once

#include <QPainter>

#include "shell/theme.h"
#include "stage/lane_look.h"
#include "stage/stage_layout.h"
#include "stage/text_cache.h"

namespace streamscope::ui {

/// Paints one replica: the log as a strip of cells, its markers and its words. Boxes are drawn without antialiasing on
/// whole device pixels.
class LanePainter {
 public:
  LanePainter(const Theme& theme, TextCache& text);
  void setRatio(double ratio);
  /// Fills `box.rect` with `card` and paints the lane on it.
  void paint(QPainter& painter, const LaneBox& box, LaneDetail detail, const LaneLook& look, const QColor& card,
             double scale);

 private:
  struct Brush {
    QColor hue, card;
    /// Dims what a dead broker left behind.
    double strength = 1;
    QColor operator()(const QColor& color, double amount = 1) const;
  };

  void paintStrip(QPainter& painter, const QRectF& strip, const LaneLook& look, const Brush& brush, double scale);
  void paintHeat(QPainter& painter, const QRectF& strip, const LaneLook& look, const Brush& brush, double scale);
  void paintMarkers(QPainter& painter, const QRectF& strip, const LaneLook& look, const Brush& brush, double scale);
  void paintLabel(QPainter& painter, const LaneBox& box, const LaneLook& look, const Brush& brush, double scale);
  void paintOffsets(QPainter& painter, const LaneBox& box, const LaneLook& look, const Brush& brush, double scale);
  void paintRowLabel(QPainter& painter, const LaneBox& box, const LaneLook& look, const Brush& brush, double scale);
  void paintGlyph(QPainter& painter, const QRectF& rect, const LaneLook& look, const Brush& brush);
  double snap(double value) const;

  const Theme& m_theme;
  TextCache& m_text;
  double m_ratio = 1;
};

}  // namespace streamscope::ui
