#pragma once

#include <QToolButton>

namespace streamscope::ui {

/// A tool button whose icon is drawn for the resolution it is painted at, also when a window is rendered into a picture
/// of more pixels than its screen has.
class IconButton : public QToolButton {
  Q_OBJECT
 public:
  using QToolButton::QToolButton;
  void setPicture(const QString& name, const QColor& color, int pixels);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_name;
  QColor m_color;
  int m_pixels = 16;
};

}  // namespace streamscope::ui
