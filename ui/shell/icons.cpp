#include "shell/icons.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <cmath>

#include "base/assert.h"
#include "shell/resources.h"

namespace streamscope::ui {

QPixmap iconPixmap(const QString& name, const QColor& color, double pixels, double ratio) {
  const QString key = QStringLiteral("streamscope/%1/%2/%3/%4").arg(name, color.name()).arg(pixels).arg(ratio);
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  loadResources();
  QFile file(QStringLiteral(":/streamscope/icons/%1.svg").arg(name));
  const bool opened = file.open(QIODevice::ReadOnly);
  STREAMSCOPE_ASSERT(opened, "icon " + name.toStdString());
  QSvgRenderer renderer(file.readAll().replace("currentColor", color.name().toLatin1()));
  const int device = static_cast<int>(std::ceil(pixels * ratio));
  pixmap = QPixmap(device, device);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  renderer.render(&painter);
  painter.end();
  pixmap.setDevicePixelRatio(ratio);
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

QIcon icon(const QString& name, const QColor& color, int pixels) {
  QIcon result;
  for (const double ratio : {1.0, 2.0}) result.addPixmap(iconPixmap(name, color, pixels, ratio));
  return result;
}

}  // namespace streamscope::ui
