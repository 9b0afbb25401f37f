#include "stage/dot_sprites.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace streamscope::ui {
namespace {

double radiusOf(const DotLook& look) {
  double radius = look.traffic == Traffic::ControlPlane || look.isQuiet ? 3.0 : 4.6;
  return radius + 0.6 * look.weight;
}

void paintShape(QPainter& painter, Traffic traffic, double r) {
  switch (traffic) {
    case Traffic::Produce:
    case Traffic::ControlPlane:
      painter.drawEllipse(QPointF(0, 0), r, r);
      return;
    case Traffic::ReplicaFetch:
      painter.drawRoundedRect(QRectF(-r * 0.9, -r * 0.9, 1.8 * r, 1.8 * r), r * 0.3, r * 0.3);
      return;
    case Traffic::ConsumerFetch: {
      const double d = r * 1.25;
      const QPointF diamond[] = {{0, -d}, {d, 0}, {0, d}, {-d, 0}};
      painter.drawPolygon(diamond, 4);
      return;
    }
  }
}

}  // namespace

Role trafficRole(Traffic traffic) {
  switch (traffic) {
    case Traffic::Produce:
      return Role::Produce;
    case Traffic::ReplicaFetch:
      return Role::ReplicaFetch;
    case Traffic::ConsumerFetch:
      return Role::ConsumerFetch;
    case Traffic::ControlPlane:
      return Role::ControlPlane;
  }
  return Role::ControlPlane;
}

int dotWeight(int32_t messages) {
  return std::clamp(static_cast<int>(std::log2(std::max(1, messages)) / 2), 0, 4);
}

DotSprites::DotSprites(const Theme& theme) : m_theme(theme) {}

const QPixmap& DotSprites::sprite(const DotLook& look, double scale, double ratio) {
  const auto key = static_cast<quint64>(look.traffic) | quint64(look.isResponse) << 3 | quint64(look.failed) << 4 |
                   quint64(look.isQuiet) << 5 | static_cast<quint64>(look.weight) << 6 |
                   static_cast<quint64>(std::lround(scale * 64)) << 12 |
                   static_cast<quint64>(std::lround(ratio * 64)) << 32;
  if (const auto it = m_sprites.constFind(key); it != m_sprites.constEnd()) return *it;
  if (m_sprites.size() > 500) m_sprites.clear();

  const double r = radiusOf(look) * scale;
  const int device = static_cast<int>(std::ceil((2 * r * 1.25 + 6 * scale) * ratio)) | 1;
  QPixmap picture(device, device);
  picture.setDevicePixelRatio(ratio);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  const double middle = device / ratio / 2;
  painter.translate(middle, middle);
  const QColor color = look.failed ? m_theme(Role::Failure) : m_theme(trafficRole(look.traffic));
  const QColor stage = m_theme(Role::Stage);
  if (look.isQuiet) painter.setOpacity(0.6);
  // A rim in the stage's colour keeps dots apart from the lines they travel on.
  painter.setPen(Qt::NoPen);
  painter.setBrush(stage);
  paintShape(painter, look.traffic, r + 1.6 * scale);
  if (look.failed) {
    painter.setPen(QPen(color, 2.2 * scale, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(-r, -r) * 0.8, QPointF(r, r) * 0.8);
    painter.drawLine(QPointF(-r, r) * 0.8, QPointF(r, -r) * 0.8);
  } else if (look.isResponse) {
    painter.setPen(QPen(color, 1.8 * scale));
    painter.setBrush(blend(stage, color, 0.22));
    paintShape(painter, look.traffic, r - 0.8 * scale);
  } else {
    painter.setBrush(color);
    paintShape(painter, look.traffic, r);
  }
  painter.end();
  return *m_sprites.insert(key, picture);
}

}  // namespace streamscope::ui
