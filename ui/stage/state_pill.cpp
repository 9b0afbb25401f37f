#include "stage/state_pill.h"

#include <algorithm>
#include <cmath>

#include "shell/theme.h"

namespace streamscope::ui {
namespace {

constexpr double kPadding = 7;
constexpr double kHeight = 15;

}  // namespace

double statePillWidth(TextCache& text, const QString& words, double scale) {
  return text.width(words, FontRole::SmallBold) + 2 * kPadding * scale;
}

double paintStatePill(QPainter& painter, TextCache& text, double left, double top, double height, const StatePill& pill,
                      double scale) {
  const double ratio = painter.device()->devicePixelRatioF();
  const auto snapped = [&](double value) { return std::round(value * ratio) / ratio; };
  const QRectF rect(snapped(left), snapped(top + (height - kHeight * scale) / 2),
                    snapped(statePillWidth(text, pill.words, scale)), snapped(kHeight * scale));
  const bool isFilled = pill.style == StatePill::Style::Filled;
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setBrush(isFilled ? QBrush(pill.color) : QBrush(Qt::NoBrush));
  painter.setPen(
      QPen(pill.color, std::max(1.0, scale), pill.style == StatePill::Style::Dashed ? Qt::DashLine : Qt::SolidLine));
  painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 2, rect.height() / 2);
  painter.setRenderHint(QPainter::Antialiasing, false);
  text.draw(painter, rect.left() + kPadding * scale, rect.top(), rect.height(), pill.words, FontRole::SmallBold,
            isFilled ? textOn(pill.color) : pill.color);
  return rect.right();
}

QColor textOn(const QColor& fill) {
  const QColor dark(0x0b, 0x0f, 0x14);
  return contrastRatio(dark, fill) > contrastRatio(Qt::white, fill) ? dark : QColor(Qt::white);
}

}  // namespace streamscope::ui
