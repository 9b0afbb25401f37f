#pragma once

#include <QWidget>

#include "shell/theme.h"

namespace streamscope::ui {

/// One line below the stage that says what its marks mean. Painted with the stage's own shapes.
class LegendBar : public QWidget {
  Q_OBJECT
 public:
  explicit LegendBar(const Appearance& appearance, QWidget* parent = nullptr);
  void setAppearance(const Appearance& appearance);
  void freeze(double ratio) { m_frozenRatio = ratio; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Theme m_theme;
  double m_frozenRatio = 0;
};

}  // namespace streamscope::ui
