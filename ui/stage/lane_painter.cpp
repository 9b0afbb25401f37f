#include "stage/lane_painter.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "shell/number_format.h"
#include "stage/state_pill.h"

namespace streamscope::ui {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("LanePainter", text);
}

QString stateName(const LaneLook& look) {
  if (look.isLeader) return translated("leader");
  return look.isInSync ? translated("in sync") : translated("out of ISR");
}

QString shortStateName(const LaneLook& look) {
  if (look.isLeader) return translated("leader");
  return look.isInSync ? translated("ISR") : translated("out");
}

Role stateRole(const LaneLook& look) {
  if (look.isLeader) return Role::Leader;
  return look.isInSync ? Role::InSync : Role::OutOfSync;
}

}  // namespace

LanePainter::LanePainter(const Theme& theme, TextCache& text) : m_theme(theme), m_text(text) {}

void LanePainter::setRatio(double ratio) {
  m_ratio = ratio;
}

double LanePainter::snap(double value) const {
  return std::round(value * m_ratio) / m_ratio;
}

QColor LanePainter::Brush::operator()(const QColor& color, double amount) const {
  return blend(card, color, amount * strength);
}

void LanePainter::paint(QPainter& painter, const LaneBox& box, LaneDetail detail, const LaneLook& look,
                        const QColor& card, double scale) {
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.fillRect(box.rect, card);
  const Brush brush{m_theme.partition(look.hue), card, look.isDead ? 0.42 : 1.0};
  switch (detail) {
    case LaneDetail::Full:
      paintStrip(painter, box.strip, look, brush, scale);
      paintMarkers(painter, box.strip, look, brush, scale);
      paintLabel(painter, box, look, brush, scale);
      paintOffsets(painter, box, look, brush, scale);
      break;
    case LaneDetail::Row:
      paintStrip(painter, box.strip, look, brush, scale);
      paintMarkers(painter, box.strip, look, brush, scale);
      paintRowLabel(painter, box, look, brush, scale);
      break;
    case LaneDetail::Heat:
      paintHeat(painter, box.strip, look, brush, scale);
      break;
  }
}

void LanePainter::paintStrip(QPainter& painter, const QRectF& strip, const LaneLook& look, const Brush& brush,
                             double scale) {
  const auto& window = look.window;
  const auto x = [&](base::Offset offset) { return snap(strip.left() + window.x(offset, strip.width())); };
  const double gap = std::max(1.0 / m_ratio, snap(scale));
  const QColor empty = brush(m_theme(Role::CellEmpty));
  const QColor emptyFill = brush(m_theme(Role::CellEmpty), 0.35);
  const QColor committed = brush(brush.hue, 0.92);
  const QColor older = brush(brush.hue, 0.66);
  const QColor pending = brush(brush.hue, 0.3);
  const QBrush hatch(brush(brush.hue, 0.85), Qt::BDiagPattern);
  const base::Offset active = look.segmentStartCount > 0 ? look.segmentStarts[look.segmentStartCount - 1u] : 0;
  const double end = window.x(look.logEndOffset, strip.width());

  const base::Offset first = window.firstOffset - window.firstOffset % window.recordsPerCell;
  for (base::Offset cell = first; cell < window.endOffset(); cell += window.recordsPerCell) {
    const double left = x(cell), right = x(cell + window.recordsPerCell) - gap;
    if (right - left < 1 / m_ratio) continue;
    const QRectF rect(left, strip.top(), right - left, strip.height());
    if (window.x(cell + window.recordsPerCell, strip.width()) > end) {
      painter.fillRect(rect, empty);
      painter.fillRect(rect.adjusted(gap, gap, -gap, -gap), emptyFill);
    }
    const auto part = [&](base::Offset from, base::Offset to) {
      const double l = std::max(left, x(from)), r = std::min(right, x(to));
      return QRectF(l, strip.top(), r - l, strip.height());
    };
    const QRectF done = part(look.logStartOffset, look.highWatermark);
    if (done.width() > 0) painter.fillRect(done, cell + window.recordsPerCell <= active ? older : committed);
    const QRectF open = part(std::max(look.highWatermark, look.logStartOffset), look.logEndOffset);
    if (open.width() > 0) {
      painter.fillRect(open, pending);
      painter.fillRect(open, hatch);
    }
  }
}

void LanePainter::paintHeat(QPainter& painter, const QRectF& strip, const LaneLook& look, const Brush& brush,
                            double scale) {
  const auto x = [&](base::Offset offset) { return snap(strip.left() + look.window.x(offset, strip.width())); };
  const double mark = snap(6 * scale);
  const double top = strip.top(), height = strip.height();
  painter.fillRect(strip, brush(m_theme(Role::CellEmpty), 0.5));
  const double hw = x(look.highWatermark), leo = x(look.logEndOffset), start = x(look.logStartOffset);
  painter.fillRect(QRectF(start, top, hw - start, height), brush(brush.hue, look.isLeader ? 0.95 : 0.6));
  if (leo > hw) painter.fillRect(QRectF(hw, top, leo - hw, height), brush(brush.hue, 0.3));
  // The mark at the left edge: full for the leader, half for in sync, a gap for out of the ISR.
  const QRectF edge(strip.left() - mark - snap(scale), top, mark, height);
  if (look.isLeader)
    painter.fillRect(edge, brush(m_theme(Role::Text)));
  else if (look.isInSync)
    painter.fillRect(edge.adjusted(mark / 2, 0, 0, 0), brush(m_theme(Role::InSync)));
  else
    painter.fillRect(QRectF(edge.left(), edge.center().y(), mark, std::max(1.0, height / 3)),
                     brush(m_theme(Role::OutOfSync)));
}

void LanePainter::paintMarkers(QPainter& painter, const QRectF& strip, const LaneLook& look, const Brush& brush,
                               double scale) {
  const auto& window = look.window;
  const auto x = [&](base::Offset offset) { return snap(strip.left() + window.x(offset, strip.width())); };
  const double thin = std::max(1.0 / m_ratio, snap(scale)), thick = 2 * thin;
  const QColor segment = brush(m_theme(Role::SegmentStart));
  for (uint8_t i = 0; i < look.segmentStartCount; ++i) {
    const auto offset = look.segmentStarts[i];
    if (offset < window.firstOffset || offset > window.endOffset()) continue;
    painter.fillRect(QRectF(x(offset) - thin, strip.top() - 3 * scale, thin, strip.height() + 6 * scale), segment);
  }
  // Also where the window begins with it: what was before is deleted, not merely out of sight.
  if (look.logStartOffset > 0 && look.logStartOffset >= window.firstOffset) {
    const double at = x(look.logStartOffset);
    const QColor color = brush(m_theme(Role::Text));
    painter.fillRect(QRectF(at, strip.top(), thick, strip.height()), color);
    painter.fillRect(QRectF(at, strip.top(), 5 * scale, thick), color);
    painter.fillRect(QRectF(at, strip.bottom() - thick, 5 * scale, thick), color);
  }
  const double reach = snap(3 * scale);
  if (look.logEndOffset > look.highWatermark && look.logEndOffset >= window.firstOffset) {
    const QColor color = brush(m_theme(Role::LogEndOffset));
    const double at = x(look.logEndOffset), step = snap(3 * scale);
    for (double y = strip.top() - reach; y < strip.bottom() + reach; y += 2 * step)
      painter.fillRect(QRectF(at, y, thick, step), color);
  }
  if (look.highWatermark >= window.firstOffset)
    painter.fillRect(QRectF(x(look.highWatermark), strip.top() - reach, thick, strip.height() + 2 * reach),
                     brush(m_theme(Role::HighWatermark)));

  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setPen(Qt::NoPen);
  const QColor flag = brush(m_theme(Role::GroupPosition));
  for (uint8_t i = 0; i < look.flagCount; ++i) {
    const bool outside = look.flags[i] < window.firstOffset;
    const double at = x(look.flags[i]);
    painter.fillRect(QRectF(at - thin, strip.top() - 5 * scale, thin, strip.height() + 5 * scale), flag);
    painter.setBrush(flag);
    // A pennant on its pole; one that has left the window on the left points there.
    const double tip = outside ? -1 : 1, base = outside ? 7 * scale : 0;
    const QPointF points[] = {{at + base, strip.top() - 6 * scale},
                              {at + base + tip * 7 * scale, strip.top() - 2 * scale},
                              {at + base, strip.top() + 2 * scale}};
    painter.drawPolygon(points, 3);
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void LanePainter::paintLabel(QPainter& painter, const LaneBox& box, const LaneLook& look, const Brush& brush,
                             double scale) {
  const QRectF& label = box.label;
  const double height = label.height() - 3 * scale;
  const QString fullName = QString::fromStdString(box.partition.toString());
  // In a narrow lane the name keeps its letters and the state gives some up.
  QString words = stateName(look);
  if (m_text.width(fullName, FontRole::BodyBold) + statePillWidth(m_text, words, scale) + 8 * scale > label.width())
    words = shortStateName(look);
  const double pillWidth = statePillWidth(m_text, words, scale);
  const QString name = m_text.elided(fullName, FontRole::BodyBold, label.width() - pillWidth - 8 * scale);
  const QColor text = look.isDead ? m_theme(Role::TextMuted) : m_theme(Role::Text);
  double x = label.left() + m_text.draw(painter, label.left(), label.top(), height, name, FontRole::BodyBold, text) +
             7 * scale;

  const auto style = look.isLeader   ? StatePill::Style::Filled
                     : look.isInSync ? StatePill::Style::Outlined
                                     : StatePill::Style::Dashed;
  const QColor state = look.isLeader ? brush.hue : m_theme(stateRole(look));
  x = paintStatePill(painter, m_text, x, label.top(), height, {words, state, style}, scale) + 8 * scale;

  const QString epoch = translated("epoch %1").arg(look.leaderEpoch);
  const double width = m_text.width(epoch, FontRole::Small);
  if (look.leaderEpoch >= 0 && label.right() - x >= width)
    m_text.draw(painter, label.right() - width, label.top(), height, epoch, FontRole::Small, m_theme(Role::TextMuted));
}

void LanePainter::paintOffsets(QPainter& painter, const LaneBox& box, const LaneLook& look, const Brush& brush,
                               double scale) {
  const QRectF& row = box.offsets;
  const auto font = FontRole::MonoSmall;
  const double top = row.top() + 3 * scale, height = row.height() - 3 * scale;
  const double digit = m_text.width(QStringLiteral("0"), font);
  const auto x = [&](base::Offset offset) { return box.strip.left() + look.window.x(offset, box.strip.width()); };
  const auto place = [&](double wanted, double width) {
    return std::clamp(wanted, row.left(), std::max(row.left(), row.right() - width));
  };
  const auto wide = [&](const QString& s) { return static_cast<double>(s.size()) * digit; };
  const QColor hwColor = brush(m_theme(Role::HighWatermark), look.isDead ? 1.6 : 1);
  const QColor leoColor = brush(m_theme(Role::LogEndOffset), look.isDead ? 1.6 : 1);
  const double space = digit;
  // Where the log starts, once that is not 0 and while it does not touch what stands right of it.
  const auto drawStart = [&](double limit) {
    if (look.logStartOffset <= 0 || look.logStartOffset < look.window.firstOffset) return;
    const QString text = translated("start %1").arg(formatCount(look.logStartOffset));
    const double at = place(x(look.logStartOffset), wide(text));
    if (at + wide(text) + space <= limit)
      m_text.drawDigits(painter, at, top, height, text, font, m_theme(Role::TextMuted));
  };
  if (look.highWatermark == look.logEndOffset) {
    const QString text = QStringLiteral("HW=LEO ") + formatCount(look.logEndOffset);
    const double w = wide(text), at = place(x(look.logEndOffset) - w / 2, w);
    m_text.drawDigits(painter, at, top, height, text, font, hwColor);
    drawStart(at);
    return;
  }
  const QString hw = QStringLiteral("HW ") + formatCount(look.highWatermark);
  const QString leo = QStringLiteral("LEO ") + formatCount(look.logEndOffset);
  double right = place(x(look.logEndOffset), wide(leo));
  double left = place(x(look.highWatermark) - wide(hw), wide(hw));
  if (left + wide(hw) + space > right) {
    // Side by side, kept inside the lane.
    left = place(right - space - wide(hw), wide(hw));
    right = std::max(right, left + wide(hw) + space);
  }
  m_text.drawDigits(painter, left, top, height, hw, font, hwColor);
  drawStart(left);
  if (right + wide(leo) <= row.right() + 2) m_text.drawDigits(painter, right, top, height, leo, font, leoColor);
}

void LanePainter::paintRowLabel(QPainter& painter, const LaneBox& box, const LaneLook& look, const Brush& brush,
                                double scale) {
  const double glyph = std::min(12 * scale, box.label.height());
  const QRectF mark(snap(box.label.left()), snap(box.label.center().y() - glyph / 2), glyph, glyph);
  paintGlyph(painter, mark, look, brush);
  const double x = mark.right() + 4 * scale;
  const auto font = look.isLeader ? FontRole::SmallBold : FontRole::Small;
  const QString name =
      m_text.elided(QString::fromStdString(box.partition.toString()), font, box.label.right() - x - 4 * scale);
  m_text.draw(painter, x, box.label.top(), box.label.height(), name, font,
              look.isDead || !look.isInSync ? m_theme(Role::TextMuted) : m_theme(Role::Text));
  if (box.offsets.isEmpty()) return;
  const QString leo = formatCount(look.logEndOffset);
  const double width = static_cast<double>(leo.size()) * m_text.width(QStringLiteral("0"), FontRole::MonoSmall);
  m_text.drawDigits(painter, box.offsets.right() - width, box.offsets.top(), box.offsets.height(), leo,
                    FontRole::MonoSmall, m_theme(Role::TextMuted));
}

void LanePainter::paintGlyph(QPainter& painter, const QRectF& rect, const LaneLook& look, const Brush& brush) {
  painter.setRenderHint(QPainter::Antialiasing, true);
  const QRectF r = rect.adjusted(1.5, 1.5, -1.5, -1.5);
  const double w = r.width(), l = r.left(), t = r.top();
  if (look.isLeader) {
    // A crown.
    const QPointF crown[] = {
        {l, t + 0.2 * w},     {l + 0.28 * w, t + 0.5 * w}, {l + 0.5 * w, t + 0.05 * w}, {l + 0.72 * w, t + 0.5 * w},
        {l + w, t + 0.2 * w}, {l + 0.9 * w, t + 0.95 * w}, {l + 0.1 * w, t + 0.95 * w}};
    painter.setPen(Qt::NoPen);
    painter.setBrush(brush.hue);
    painter.drawPolygon(crown, 7);
  } else if (look.isInSync) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme(Role::InSync), 1.5));
    painter.drawEllipse(r.adjusted(0.5, 0.5, -0.5, -0.5));
  } else {
    painter.setPen(QPen(m_theme(Role::OutOfSync), 1.5));
    painter.drawLine(r.topLeft(), r.bottomRight());
    painter.drawLine(r.topRight(), r.bottomLeft());
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
}

}  // namespace streamscope::ui
