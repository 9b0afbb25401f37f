#include "shell/theme.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "shell/resources.h"

namespace streamscope::ui {
namespace {

constexpr std::array<const char*, static_cast<size_t>(Role::Count)> kRoleNames{
    "window",        "stage",        "panel",         "panelRaised",   "border",     "borderStrong",
    "text",          "textMuted",    "textOnFill",    "accent",        "focus",      "cellEmpty",
    "highWatermark", "logEndOffset", "segmentStart",  "groupPosition", "leader",     "inSync",
    "outOfSync",     "down",         "downPanel",     "warning",       "ok",         "controller",
    "produce",       "replicaFetch", "consumerFetch", "controlPlane",  "failure",    "grid",
    "partition0",    "partition1",   "partition2",    "partition3",    "partition4", "partition5"};

QFont makeFont(const QStringList& families, double pixels, QFont::Weight weight, QFont::StyleHint hint) {
  QFont font;
  font.setFamilies(families);
  font.setPixelSize(std::max(6, static_cast<int>(std::lround(pixels))));
  font.setWeight(weight);
  font.setStyleHint(hint);
  return font;
}

using Colors = std::array<QColor, static_cast<size_t>(Role::Count)>;

Colors readColors(const QString& path) {
  loadResources();
  QFile file(path);
  const bool opened = file.open(QIODevice::ReadOnly);
  STREAMSCOPE_ASSERT(opened, "the theme is part of the resources");
  const QJsonObject named = QJsonDocument::fromJson(file.readAll()).object();
  Colors colors;
  for (size_t i = 0; i < colors.size(); ++i) {
    colors[i] = QColor(named.value(QLatin1String(kRoleNames[i])).toString());
    STREAMSCOPE_ASSERT(colors[i].isValid(), "a theme names a colour for every role");
  }
  return colors;
}

/// Each file is read once; themes are made often.
const Colors& colorsOf(ThemeName name) {
  static const Colors dark = readColors(QStringLiteral(":/streamscope/themes/dark.json"));
  static const Colors light = readColors(QStringLiteral(":/streamscope/themes/light.json"));
  return name == ThemeName::Dark ? dark : light;
}

double channel(double value) {
  return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
  return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) + 0.0722 * channel(color.blueF());
}

}  // namespace

const char* Theme::roleName(Role role) {
  return kRoleNames[static_cast<size_t>(role)];
}

Theme::Theme(const Appearance& appearance) : m_appearance(appearance), m_colors(colorsOf(appearance.theme)) {
  const double s = appearance.textScale;
  const auto& sans = appearance.sansFamilies;
  const auto& mono = appearance.monoFamilies;
  const auto set = [this](FontRole role, QFont font) { m_fonts[static_cast<size_t>(role)] = std::move(font); };
  set(FontRole::Body, makeFont(sans, 12 * s, QFont::Normal, QFont::SansSerif));
  set(FontRole::BodyBold, makeFont(sans, 12 * s, QFont::Bold, QFont::SansSerif));
  set(FontRole::Small, makeFont(sans, 10.5 * s, QFont::Normal, QFont::SansSerif));
  set(FontRole::SmallBold, makeFont(sans, 10.5 * s, QFont::Bold, QFont::SansSerif));
  set(FontRole::Title, makeFont(sans, 15 * s, QFont::Bold, QFont::SansSerif));
  set(FontRole::Mono, makeFont(mono, 12 * s, QFont::Normal, QFont::Monospace));
  set(FontRole::MonoSmall, makeFont(mono, 10.5 * s, QFont::Normal, QFont::Monospace));
  set(FontRole::Clock, makeFont(mono, 17 * s, QFont::Bold, QFont::Monospace));
}

QColor Theme::partition(int index) const {
  return m_colors[static_cast<size_t>(Role::Partition0) + static_cast<size_t>(index % 6)];
}

QPalette Theme::palette() const {
  const Theme& t = *this;
  QPalette p;
  p.setColor(QPalette::Window, t(Role::Window));
  p.setColor(QPalette::Base, t(Role::Panel));
  p.setColor(QPalette::AlternateBase, t(Role::PanelRaised));
  p.setColor(QPalette::Button, t(Role::PanelRaised));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
    p.setColor(role, t(Role::Text));
  p.setColor(QPalette::PlaceholderText, t(Role::TextMuted));
  p.setColor(QPalette::ToolTipBase, t(Role::PanelRaised));
  p.setColor(QPalette::Highlight, t(Role::Accent));
  p.setColor(QPalette::HighlightedText, t(Role::TextOnFill));
  p.setColor(QPalette::Mid, t(Role::Border));
  p.setColor(QPalette::Dark, t(Role::Border));
  p.setColor(QPalette::Light, t(Role::BorderStrong));
  p.setColor(QPalette::Disabled, QPalette::Text, t(Role::TextMuted));
  p.setColor(QPalette::Disabled, QPalette::WindowText, t(Role::TextMuted));
  p.setColor(QPalette::Disabled, QPalette::ButtonText, t(Role::TextMuted));
  return p;
}

QString Theme::styleSheet() const {
  const Theme& t = *this;
  const auto name = [&t](Role role) { return t(role).name(); };
  const int pad = static_cast<int>(std::lround(5 * textScale()));
  return QStringLiteral(
             "QLabel, QComboBox, QTableView, QSlider, QCheckBox { color: %8; }"
             "QMainWindow::separator { background: %1; width: 3px; height: 3px; }"
             "QDockWidget { border: 0; }"
             "QMenu { background: %2; color: %8; border: 1px solid %3; padding: 4px; }"
             "QMenu::item { padding: %6px 22px %6px 10px; border-radius: 4px; }"
             "QMenu::item:selected { background: %4; color: %5; }"
             "QMenu::item:disabled { color: %7; }"
             "QMenu::separator { height: 1px; background: %3; margin: 4px 6px; }"
             "QToolTip { background: %2; color: %8; border: 1px solid %3; padding: 3px; }"
             "QTabBar { background: %1; qproperty-drawBase: 0; }"
             "QTabBar::tab { background: transparent; color: %7; padding: %6px 14px; border: 0;"
             " border-bottom: 2px solid transparent; }"
             "QTabBar::tab:selected { color: %8; border-bottom: 2px solid %4; font-weight: bold; }"
             "QTabBar::tab:hover { color: %8; }"
             "QTabBar::tab:focus { color: %8; border-bottom: 2px solid %9; }"
             "QTabWidget::pane { border: 0; }"
             "QPushButton, QToolButton#transport { background: %2; color: %8; border: 1px solid %3; border-radius: 6px;"
             " padding: %6px 10px; }"
             "QPushButton:hover, QToolButton#transport:hover { border-color: %4; }"
             "QPushButton:focus, QToolButton#transport:focus { border: 2px solid %9; }"
             "QPushButton:disabled { color: %7; }"
             "QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: %3; }"
             "QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: %4; }"
             "QSlider::handle:horizontal { width: 14px; margin: -5px 0; border-radius: 7px; background: %8; }"
             "QSlider { border: 1px solid transparent; border-radius: 5px; padding: 3px 2px; }"
             "QSlider:focus { border: 1px solid %9; }"
             "QScrollBar { background: %1; border: 0; }"
             "QAbstractScrollArea::corner { background: %1; }"
             "QScrollBar:vertical { width: 10px; } QScrollBar:horizontal { height: 10px; }"
             "QScrollBar::handle { background: %3; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; "
             "}"
             "QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }"
             "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
             "QComboBox { background: %2; border: 1px solid %3; border-radius: 5px; padding: 2px 8px; }"
             "QComboBox:focus { border: 2px solid %9; }"
             "QComboBox QAbstractItemView { background: %2; color: %8; selection-background-color: %4;"
             " selection-color: %5; }"
             "QTableView { selection-background-color: %2; selection-color: %8; }")
      .arg(name(Role::Window), name(Role::PanelRaised), name(Role::BorderStrong), name(Role::Accent),
           name(Role::TextOnFill), QString::number(pad), name(Role::TextMuted), name(Role::Text), name(Role::Focus));
}

QColor blend(const QColor& under, const QColor& over, double amount) {
  const auto mix = [amount](double a, double b) { return static_cast<float>(a + (b - a) * amount); };
  return QColor::fromRgbF(mix(under.redF(), over.redF()), mix(under.greenF(), over.greenF()),
                          mix(under.blueF(), over.blueF()));
}

double contrastRatio(const QColor& a, const QColor& b) {
  const double la = luminance(a);
  const double lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace streamscope::ui
