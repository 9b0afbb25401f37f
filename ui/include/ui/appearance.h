#pragma once

#include <QString>
#include <QStringList>

namespace streamscope::ui {

enum class ThemeName { Dark, Light };

/// How the window looks; chosen at start and changed by the person in front of it.
struct Appearance {
  ThemeName theme = ThemeName::Dark;
  /// Text and everything that is measured in text, 1.0 to 2.0.
  double textScale = 1.0;
  /// Nothing travels or flashes; busy links are highlighted instead.
  bool reducedMotion = false;
  /// The first installed family is used. Tests name one family so that pictures do not depend on the machine.
  QStringList sansFamilies{QStringLiteral("Inter"), QStringLiteral("DejaVu Sans")};
  QStringList monoFamilies{QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono")};
};

}  // namespace streamscope::ui
