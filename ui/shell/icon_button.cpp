#include "shell/icon_button.h"

#include <QStyleOptionToolButton>
#include <QStylePainter>

#include "shell/icons.h"

namespace streamscope::ui {

void IconButton::setPicture(const QString& name, const QColor& color, int pixels) {
  m_name = name;
  m_color = color;
  m_pixels = pixels;
  updateGeometry();
  update();
}

QSize IconButton::sizeHint() const {
  return {static_cast<int>(m_pixels * 2.3), static_cast<int>(m_pixels * 1.9)};
}

void IconButton::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  QStyleOptionToolButton option;
  initStyleOption(&option);
  painter.drawComplexControl(QStyle::CC_ToolButton, option);
  if (m_name.isEmpty()) return;
  painter.setOpacity(isEnabled() ? 1 : 0.4);
  const double ratio = painter.deviceTransform().m11();
  painter.drawPixmap(QPointF((width() - m_pixels) / 2.0, (height() - m_pixels) / 2.0),
                     iconPixmap(m_name, m_color, m_pixels, ratio));
}

}  // namespace streamscope::ui
