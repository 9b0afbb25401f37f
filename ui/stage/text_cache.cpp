#include "stage/text_cache.h"

#include <QFontMetricsF>
#include <cmath>

namespace streamscope::ui {

TextCache::TextCache(const Theme& theme) : m_theme(theme) {
  for (size_t i = 0; i < static_cast<size_t>(FontRole::Count); ++i)
    m_metrics.emplace_back(theme.font(static_cast<FontRole>(i)));
}

void TextCache::setRatio(double ratio) {
  if (ratio == m_ratio) return;
  m_ratio = ratio;
  m_pixmaps.clear();
}

double TextCache::width(const QString& text, FontRole font) const {
  const Key key{text, font, 0};
  if (const auto it = m_widths.constFind(key); it != m_widths.constEnd()) return *it;
  if (m_widths.size() >= kEntriesMax) m_widths.clear();
  const double width = metrics(font).horizontalAdvance(text);
  m_widths.insert(key, width);
  return width;
}

double TextCache::height(FontRole font) const {
  return metrics(font).height();
}

const QPixmap& TextCache::pixmap(const QString& text, FontRole font, const QColor& color) {
  const Key key{text, font, color.rgba()};
  if (const auto it = m_pixmaps.constFind(key); it != m_pixmaps.constEnd()) return *it;
  if (m_pixmaps.size() >= kEntriesMax) m_pixmaps.clear();
  const auto& m = metrics(font);
  const QSizeF size(m.horizontalAdvance(text) + 2, m.height());
  QPixmap picture((size * m_ratio).toSize().expandedTo({1, 1}));
  picture.setDevicePixelRatio(m_ratio);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setFont(m_theme.font(font));
  painter.setPen(color);
  painter.drawText(QPointF(0, m.ascent()), text);
  painter.end();
  return *m_pixmaps.insert(key, picture);
}

double TextCache::draw(QPainter& painter, double x, double top, double height, const QString& text, FontRole font,
                       const QColor& color) {
  if (text.isEmpty()) return 0;
  const double y = top + (height - metrics(font).height()) / 2;
  const auto snap = [this](double v) { return std::round(v * m_ratio) / m_ratio; };
  painter.drawPixmap(QPointF(snap(x), snap(y)), pixmap(text, font, color));
  return width(text, font);
}

double TextCache::drawDigits(QPainter& painter, double x, double top, double height, const QString& text, FontRole font,
                             const QColor& color) {
  const double advance = width(QStringLiteral("0"), font);
  for (qsizetype i = 0; i < text.size(); ++i)
    if (!text[i].isSpace())
      draw(painter, x + static_cast<double>(i) * advance, top, height, text.mid(i, 1), font, color);
  return advance * static_cast<double>(text.size());
}

QString TextCache::elided(const QString& text, FontRole font, double width) {
  if (this->width(text, font) <= width) return text;
  const Key key{text, font, static_cast<QRgb>(std::max(0.0, width))};
  if (const auto it = m_elided.constFind(key); it != m_elided.constEnd()) return *it;
  if (m_elided.size() >= kEntriesMax) m_elided.clear();
  return *m_elided.insert(key, metrics(font).elidedText(text, Qt::ElideRight, width));
}

}  // namespace streamscope::ui
