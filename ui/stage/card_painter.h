#pragma once

#include <QPainter>

#include "shell/theme.h"
#include "stage/card_look.h"
#include "stage/text_cache.h"

namespace streamscope::ui {

/// Paints the frames of cards (rarely) and their contents (when these change).
class CardPainter {
 public:
  CardPainter(const Theme& theme, TextCache& text);
  void setRatio(double ratio) { m_ratio = ratio; }

  void paintBrokerFrame(QPainter& painter, const QRectF& rect, lab::NodeCondition condition, double scale);
  void paintClientFrame(QPainter& painter, const QRectF& rect, bool isStopped, double scale);
  void paintGroupFrame(QPainter& painter, const GroupBox& group, double scale);
  void paintControllerFrame(QPainter& painter, const QRectF& rect, const lab::ControllerState& controller,
                            double scale);

  void paintBrokerHeader(QPainter& painter, const CardLook& look, lab::NodeCondition condition, double scale);
  void paintClient(QPainter& painter, const CardLook& look, double scale);
  void paintController(QPainter& painter, const CardLook& look, double scale);
  void paintTitle(QPainter& painter, const CardLook& look, double scale);
  /// Words where nothing stands yet.
  void paintHint(QPainter& painter, const QRectF& column, const QString& text, double scale);

  /// What a broker's card is filled with; its lanes are painted on the same.
  QColor brokerFill(lab::NodeCondition condition) const;

 private:
  void paintFrame(QPainter& painter, const QRectF& rect, const QColor& fill, const QColor& line, bool dashed,
                  double radius, double width);
  const Theme& m_theme;
  TextCache& m_text;
  double m_ratio = 1;
};

}  // namespace streamscope::ui
