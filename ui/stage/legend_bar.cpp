#include "stage/legend_bar.h"

#include <QPainter>
#include <cmath>
#include <functional>
#include <vector>

#include "stage/dot_sprites.h"

namespace streamscope::ui {
namespace {

struct Entry {
  QString text;
  double markWidth = 0;
  std::function<void(QPainter&, const QRectF&)> paintMark;
};

}  // namespace

LegendBar::LegendBar(const Appearance& appearance, QWidget* parent) : QWidget(parent), m_theme(appearance) {
  setObjectName(QStringLiteral("legend"));
  setAccessibleName(tr("Legend"));
  setAccessibleDescription(
      tr("Solid line: high watermark. Dotted line: log end offset. Bracket: log start. Thin line: segment start. "
         "Pennant: group position. Hatched: not yet committed. Circle: Produce. Square: replica Fetch. Diamond: "
         "consumer Fetch. Small circle: control. Hollow: response. Cross: failed."));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LegendBar::setAppearance(const Appearance& appearance) {
  m_theme = Theme(appearance);
  updateGeometry();
  update();
}

QSize LegendBar::sizeHint() const {
  return {400, static_cast<int>(std::lround(28 * m_theme.textScale()))};
}

void LegendBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme(Role::Stage));
  painter.fillRect(0, 0, width(), 1, m_theme(Role::Border));
  const double s = m_theme.textScale();
  const double ratio = m_frozenRatio > 0 ? m_frozenRatio : devicePixelRatioF();
  const Theme& theme = m_theme;
  DotSprites dots(theme);
  const auto bar = [&](Role role, double width) {
    return [&theme, role, width](QPainter& p, const QRectF& r) {
      p.fillRect(QRectF(std::round(r.center().x() - width / 2), r.top(), width, r.height()), theme(role));
    };
  };
  const auto dot = [&](Traffic traffic, bool isResponse, bool failed) {
    return [&dots, traffic, isResponse, failed, s, ratio](QPainter& p, const QRectF& r) {
      const auto& sprite = dots.sprite({traffic, isResponse, failed, false, 0}, s, ratio);
      const QSizeF size = sprite.deviceIndependentSize();
      p.drawPixmap(r.center() - QPointF(size.width() / 2, size.height() / 2), sprite);
    };
  };
  const auto dotted = [&theme, s](QPainter& p, const QRectF& r) {
    for (double y = r.top(); y < r.bottom(); y += 5 * s)
      p.fillRect(QRectF(r.center().x() - s, y, 2 * s, 2.5 * s), theme(Role::LogEndOffset));
  };
  const auto bracket = [&theme, s](QPainter& p, const QRectF& r) {
    p.fillRect(QRectF(r.left(), r.top(), 2 * s, r.height()), theme(Role::Text));
    p.fillRect(QRectF(r.left(), r.top(), 5 * s, 2 * s), theme(Role::Text));
    p.fillRect(QRectF(r.left(), r.bottom() - 2 * s, 5 * s, 2 * s), theme(Role::Text));
  };
  const auto hatched = [&theme](QPainter& p, const QRectF& r) {
    const QColor hue = theme.partition(0);
    p.fillRect(r, blend(theme(Role::Stage), hue, 0.3));
    p.fillRect(r, QBrush(hue, Qt::BDiagPattern));
  };
  const auto pennant = [&theme, s](QPainter& p, const QRectF& r) {
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    p.setBrush(theme(Role::GroupPosition));
    const QPointF points[] = {
        {r.left() + s, r.top()}, {r.left() + 8 * s, r.top() + 4 * s}, {r.left() + s, r.top() + 8 * s}};
    p.drawPolygon(points, 3);
    p.fillRect(QRectF(r.left(), r.top(), s, r.height()), theme(Role::GroupPosition));
  };
  const std::vector<Entry> entries{
      {tr("high watermark"), 4, bar(Role::HighWatermark, 2 * s)},
      {tr("log end offset"), 4, dotted},
      {tr("log start"), 6, bracket},
      {tr("segment start"), 4, bar(Role::SegmentStart, s)},
      {tr("not yet committed"), 14, hatched},
      {tr("group position"), 9, pennant},
      {tr("Produce"), 10, dot(Traffic::Produce, false, false)},
      {tr("replica Fetch"), 10, dot(Traffic::ReplicaFetch, false, false)},
      {tr("consumer Fetch"), 12, dot(Traffic::ConsumerFetch, false, false)},
      {tr("control"), 8, dot(Traffic::ControlPlane, false, false)},
      {tr("hollow: response"), 10, dot(Traffic::Produce, true, false)},
      {tr("failed"), 10, dot(Traffic::Produce, false, true)},
  };
  painter.setFont(theme.font(FontRole::Small));
  const QFontMetricsF metrics(painter.font());
  double needed = 0;
  for (const auto& entry : entries) needed += entry.markWidth * s + 5 * s + metrics.horizontalAdvance(entry.text);
  // What does not fit is left out at the end; the accessible description has it all.
  const double gap = std::clamp((width() - 28 * s - needed) / static_cast<double>(entries.size() - 1), 10 * s, 24 * s);
  double x = 14 * s;
  for (const auto& entry : entries) {
    const double textWidth = metrics.horizontalAdvance(entry.text);
    if (x + entry.markWidth * s + 5 * s + textWidth > width() - 8 * s) break;
    const double markHeight = 13 * s;
    painter.save();
    entry.paintMark(painter, QRectF(x, std::round((height() - markHeight) / 2), entry.markWidth * s, markHeight));
    painter.restore();
    x += (entry.markWidth + 5) * s;
    painter.setPen(theme(Role::TextMuted));
    painter.drawText(QRectF(x, 0, textWidth + 2, height()), Qt::AlignVCenter | Qt::AlignLeft, entry.text);
    x += textWidth + gap;
  }
}

}  // namespace streamscope::ui
