#include "stage/card_painter.h"

#include <QCoreApplication>
#include <algorithm>

#include "shell/icons.h"

namespace streamscope::ui {
namespace {

Role conditionLine(lab::NodeCondition condition) {
  switch (condition) {
    case lab::NodeCondition::Down:
    case lab::NodeCondition::Stopping:
      return Role::Down;
    case lab::NodeCondition::Paused:
    case lab::NodeCondition::Fenced:
      return Role::Warning;
    case lab::NodeCondition::Starting:
      return Role::Accent;
    case lab::NodeCondition::Running:
      return Role::BorderStrong;
  }
  return Role::BorderStrong;
}

}  // namespace

CardPainter::CardPainter(const Theme& theme, TextCache& text) : m_theme(theme), m_text(text) {}

QColor CardPainter::brokerFill(lab::NodeCondition condition) const {
  return m_theme(condition == lab::NodeCondition::Down ? Role::DownPanel : Role::Panel);
}

void CardPainter::paintFrame(QPainter& painter, const QRectF& rect, const QColor& fill, const QColor& line, bool dashed,
                             double radius, double width) {
  painter.setRenderHint(QPainter::Antialiasing, true);
  QPen pen(line, width, Qt::SolidLine, Qt::FlatCap);
  if (dashed) pen.setDashPattern({5, 3});
  painter.setPen(pen);
  painter.setBrush(fill);
  const double inset = width / 2;
  painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius);
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void CardPainter::paintBrokerFrame(QPainter& painter, const QRectF& rect, lab::NodeCondition condition, double scale) {
  const bool running = condition == lab::NodeCondition::Running;
  paintFrame(painter, rect, brokerFill(condition), m_theme(conditionLine(condition)), !running, 10 * scale,
             (running ? 1.2 : 1.8) * scale);
}

void CardPainter::paintClientFrame(QPainter& painter, const QRectF& rect, bool isStopped, double scale) {
  paintFrame(painter, rect, m_theme(Role::PanelRaised), m_theme(isStopped ? Role::Border : Role::BorderStrong),
             isStopped, 7 * scale, 1.2 * scale);
}

void CardPainter::paintGroupFrame(QPainter& painter, const GroupBox& group, double scale) {
  paintFrame(painter, group.rect, m_theme(Role::Panel), m_theme(Role::GroupPosition), false, 10 * scale, 1.2 * scale);
  const double x = group.header.left() + 10 * scale;
  const double room = group.header.width() - 20 * scale;
  const QString name = m_text.elided(QString::fromStdString(group.name), FontRole::SmallBold, room);
  const QString word = QCoreApplication::translate("Cards", "group");
  const double width = m_text.draw(painter, x, group.header.top(), group.header.height(), name, FontRole::SmallBold,
                                   m_theme(Role::Text));
  if (width + 6 * scale + m_text.width(word, FontRole::Small) <= room)
    m_text.draw(painter, x + width + 6 * scale, group.header.top(), group.header.height(), word, FontRole::Small,
                m_theme(Role::TextMuted));
}

void CardPainter::paintControllerFrame(QPainter& painter, const QRectF& rect, const lab::ControllerState& controller,
                                       double scale) {
  const bool isStopped = controller.condition == lab::NodeCondition::Down;
  const Role line = isStopped ? Role::Down : controller.isActive ? Role::Controller : Role::BorderStrong;
  paintFrame(painter, rect, m_theme(Role::Panel), m_theme(line), isStopped, rect.height() / 2,
             (controller.isActive ? 1.6 : 1.2) * scale);
}

void CardPainter::paintBrokerHeader(QPainter& painter, const CardLook& look, lab::NodeCondition condition,
                                    double scale) {
  const QRectF inner = look.rect.adjusted(9 * scale, 3 * scale, -9 * scale, 0);
  painter.fillRect(inner, brokerFill(condition));
  const QColor title = look.isStopped ? m_theme(Role::Down) : m_theme(Role::Text);
  const double top = inner.top(), height = inner.height() - 2 * scale;
  double x = inner.left() + 1 * scale;
  x += m_text.draw(painter, x, top, height, look.title, FontRole::Title, title);
  if (!look.icon.isEmpty()) {
    const double size = 13 * scale;
    const QColor color = m_theme(look.icon == QLatin1String("warning") ? Role::Failure : Role::Accent);
    painter.drawPixmap(QPointF(x + 6 * scale, top + (height - size) / 2), iconPixmap(look.icon, color, size, m_ratio));
    x += size + 6 * scale;
  }
  const auto font = look.asideIsMono ? FontRole::MonoSmall : FontRole::SmallBold;
  // "localhost:9092" gives way to ":9092", then to nothing.
  QString aside = look.aside;
  const double room = inner.right() - x - 8 * scale;
  if (m_text.width(aside, font) > room && aside.startsWith(QLatin1String("localhost"))) aside = aside.mid(9);
  if (m_text.width(aside, font) > room) aside = m_text.elided(aside, font, room);
  const double width = m_text.width(aside, font);
  if (look.asideIsMono)
    m_text.drawDigits(painter, inner.right() - width, top, height, aside, font, m_theme(look.asideRole));
  else
    m_text.draw(painter, inner.right() - width, top, height, aside, font, m_theme(look.asideRole));
}

void CardPainter::paintClient(QPainter& painter, const CardLook& look, double scale) {
  const QRectF inner = look.rect.adjusted(8 * scale, 3 * scale, -8 * scale, -3 * scale);
  painter.fillRect(inner, m_theme(Role::PanelRaised));
  const bool hasLine = look.rect.height() >= 38 * scale;
  const bool hasValue = look.rect.height() >= 56 * scale;
  const int lines = 1 + hasLine + hasValue;
  const double height = inner.height() / lines;
  const QColor title = m_theme(look.isStopped ? Role::TextMuted : Role::Text);

  double x = inner.left();
  if (!look.icon.isEmpty()) {
    const double size = 13 * scale;
    painter.drawPixmap(QPointF(x, inner.top() + (height - size) / 2),
                       iconPixmap(look.icon, m_theme(Role::Accent), size, m_ratio));
    x += size + 4 * scale;
  }
  // Without room for the value's own line it stands where the aside would.
  const QString aside = hasValue || look.value.isEmpty() ? look.aside : look.value;
  const Role asideRole = hasValue || look.value.isEmpty() ? look.asideRole : look.valueRole;
  const double asideWidth = aside.isEmpty() ? 0 : std::min(m_text.width(aside, FontRole::Small), inner.width() * 0.5);
  const QString name = m_text.elided(look.title, FontRole::BodyBold, inner.right() - x - asideWidth - 6 * scale);
  m_text.draw(painter, x, inner.top(), height, name, FontRole::BodyBold, title);
  if (!aside.isEmpty())
    m_text.draw(painter, inner.right() - asideWidth, inner.top(), height,
                m_text.elided(aside, FontRole::Small, asideWidth + 1), FontRole::Small, m_theme(asideRole));
  if (hasLine)
    m_text.draw(painter, inner.left(), inner.top() + height, height,
                m_text.elided(look.line, FontRole::Small, inner.width()), FontRole::Small, m_theme(Role::TextMuted));
  if (!hasValue) return;
  double barLeft = inner.left();
  if (!look.value.isEmpty()) {
    const QString value = m_text.elided(look.value, FontRole::SmallBold, inner.width());
    barLeft += m_text.draw(painter, inner.left(), inner.top() + 2 * height, height, value, FontRole::SmallBold,
                           m_theme(look.valueRole)) +
               8 * scale;
  }
  const double barWidth = inner.right() - barLeft;
  if (look.barPermille < 0 || barWidth < 24 * scale) return;
  const double thickness = std::round(5 * scale);
  const QRectF bar(barLeft, std::round(inner.top() + 2.5 * height - thickness / 2), barWidth, thickness);
  painter.fillRect(bar, m_theme(Role::CellEmpty));
  painter.fillRect(QRectF(bar.left(), bar.top(), std::round(bar.width() * look.barPermille / 1000.0), thickness),
                   m_theme(look.isStopped ? Role::TextMuted : look.barRole));
}

void CardPainter::paintController(QPainter& painter, const CardLook& look, double scale) {
  const double radius = look.rect.height() / 2;
  const QRectF inner = look.rect.adjusted(radius, 2 * scale, -radius, -2 * scale);
  painter.fillRect(inner, m_theme(Role::Panel));
  const double gap = 8 * scale;
  const double badge = look.badge.isEmpty() ? 0 : gap + statePillWidth(m_text, look.badge, scale);
  const bool isShort = m_text.width(look.title, FontRole::BodyBold) + badge > inner.width();
  const QString name = isShort ? look.shortTitle : look.title;
  const double title = m_text.width(name, FontRole::BodyBold);
  // A narrow card does without the epoch.
  const double asideWanted = gap + m_text.width(look.aside, FontRole::Small);
  const bool hasAside = title + badge + asideWanted <= inner.width();
  double x = inner.left() + (inner.width() - title - badge - (hasAside ? asideWanted : 0)) / 2;
  x += m_text.draw(painter, x, inner.top(), inner.height(), name, FontRole::BodyBold,
                   m_theme(look.isStopped ? Role::Down : Role::Controller)) +
       gap;
  if (badge > 0) {
    const StatePill pill{look.badge, m_theme(Role::Controller), look.badgeStyle};
    x = paintStatePill(painter, m_text, x, inner.top(), inner.height(), pill, scale) + gap;
  }
  if (hasAside)
    m_text.draw(painter, x, inner.top(), inner.height(), look.aside, FontRole::Small, m_theme(look.asideRole));
}

void CardPainter::paintTitle(QPainter& painter, const CardLook& look, double scale) {
  painter.fillRect(look.rect, m_theme(Role::Stage));
  double x = look.rect.left();
  const double top = look.rect.top(), height = look.rect.height();
  x += m_text.draw(painter, x, top, height, look.title, FontRole::Title, m_theme(Role::Text)) + 10 * scale;
  const double size = 14 * scale, width = m_text.width(look.aside, FontRole::BodyBold);
  const double room = look.rect.right() - x - (look.aside.isEmpty() ? 0 : width + size + 20 * scale);
  m_text.draw(painter, x, top, height, m_text.elided(look.line, FontRole::Body, room), FontRole::Body,
              m_theme(Role::TextMuted));
  if (look.aside.isEmpty()) return;
  const double left = look.rect.right() - width;
  painter.drawPixmap(QPointF(left - size - 5 * scale, top + (height - size) / 2),
                     iconPixmap(look.icon, m_theme(look.asideRole), size, m_ratio));
  m_text.draw(painter, left, top, height, look.aside, FontRole::BodyBold, m_theme(look.asideRole));
}

void CardPainter::paintHint(QPainter& painter, const QRectF& column, const QString& text, double scale) {
  const QRectF rect(column.left(), column.top(), column.width(), 84 * scale);
  paintFrame(painter, rect, m_theme(Role::Stage), m_theme(Role::Border), true, 7 * scale, 1.2 * scale);
  painter.setFont(m_theme.font(FontRole::Small));
  painter.setPen(m_theme(Role::TextMuted));
  painter.drawText(rect.adjusted(10 * scale, 6 * scale, -10 * scale, -6 * scale),
                   Qt::AlignVCenter | Qt::AlignLeft | Qt::TextWordWrap, text);
}

}  // namespace streamscope::ui
