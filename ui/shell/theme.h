#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <array>
#include <cstdint>

#include "ui/appearance.h"

namespace streamscope::ui {

/// What a colour means. Widgets and painters ask for a meaning, never for a colour; resources/themes/*.json give each
/// meaning its colour. The hues are Okabe and Ito's, which stay apart for colour-blind eyes.
enum class Role : uint8_t {
  Window,
  Stage,
  Panel,
  PanelRaised,
  Border,
  BorderStrong,
  Text,
  TextMuted,
  TextOnFill,
  Accent,
  Focus,
  CellEmpty,
  HighWatermark,
  LogEndOffset,
  SegmentStart,
  GroupPosition,
  Leader,
  InSync,
  OutOfSync,
  Down,
  DownPanel,
  Warning,
  Ok,
  Controller,
  Produce,
  ReplicaFetch,
  ConsumerFetch,
  ControlPlane,
  Failure,
  Grid,
  Partition0,
  Partition1,
  Partition2,
  Partition3,
  Partition4,
  Partition5,
  Count,
};

enum class FontRole : uint8_t { Body, BodyBold, Small, SmallBold, Title, Mono, MonoSmall, Clock, Count };

/// Colours and fonts by meaning. A value; cheap to copy.
class Theme {
 public:
  /// Reads the theme's file from the resources and resolves the fonts once.
  explicit Theme(const Appearance& appearance = {});

  QColor operator()(Role role) const { return m_colors[static_cast<size_t>(role)]; }
  /// Replicas of one partition share a hue; neighbours differ.
  QColor partition(int index) const;
  const QFont& font(FontRole role) const { return m_fonts[static_cast<size_t>(role)]; }
  const Appearance& appearance() const { return m_appearance; }
  double textScale() const { return m_appearance.textScale; }
  bool isDark() const { return m_appearance.theme == ThemeName::Dark; }

  QPalette palette() const;
  /// For what a palette cannot say: docks, tabs, tool buttons.
  QString styleSheet() const;

  /// The name of a role in a theme file, "highWatermark".
  static const char* roleName(Role role);

 private:
  Appearance m_appearance;
  std::array<QColor, static_cast<size_t>(Role::Count)> m_colors;
  std::array<QFont, static_cast<size_t>(FontRole::Count)> m_fonts;
};

/// `amount` of `over` on `under`, opaque: overlapping lines of one colour do not add up.
QColor blend(const QColor& under, const QColor& over, double amount);

/// WCAG's contrast ratio, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);

}  // namespace streamscope::ui
