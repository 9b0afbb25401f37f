#pragma once

#include <QPainter>
#include <QString>

#include "stage/text_cache.h"

namespace streamscope::ui {

/// A state in one word, in a capsule: filled for who leads, outlined for who follows, dashed for who does neither.
struct StatePill {
  enum class Style { Filled, Outlined, Dashed };
  QString words;
  QColor color;
  Style style = Style::Outlined;
};

/// How wide the capsule of these words is.
double statePillWidth(TextCache& text, const QString& words, double scale);

/// Paints it in the middle of `height` and returns its right edge.
double paintStatePill(QPainter& painter, TextCache& text, double left, double top, double height, const StatePill& pill,
                      double scale);

/// Dark or light words, whichever reads better on this colour.
QColor textOn(const QColor& fill);

}  // namespace streamscope::ui
