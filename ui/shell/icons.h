#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace streamscope::ui {

/// An icon of resources/icons in this colour, crisp up to 3x. The drawings are line art in one colour.
QIcon icon(const QString& name, const QColor& color, int pixels = 18);

/// The same as one pixmap of `pixels` logical pixels for a device pixel ratio.
QPixmap iconPixmap(const QString& name, const QColor& color, double pixels, double ratio);

}  // namespace streamscope::ui
