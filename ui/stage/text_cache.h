#pragma once

#include <QHash>
#include <QPainter>
#include <QPixmap>
#include <QString>

#include "shell/theme.h"

namespace streamscope::ui {

/// Text as pixmaps. Shaping a label costs ten times what copying its picture costs, and a stage draws hundreds each
/// frame. Numbers that change are put together from pictures of their digits. Bounded: it starts anew when full.
class TextCache {
 public:
  static constexpr qsizetype kEntriesMax = 4000;

  explicit TextCache(const Theme& theme);
  /// Device pixels for each logical one; forgets everything when it changes.
  void setRatio(double ratio);

  double width(const QString& text, FontRole font) const;
  double height(FontRole font) const;
  /// Draws with its left edge at `x` and vertically centred in [top, top + height]; returns its width.
  double draw(QPainter& painter, double x, double top, double height, const QString& text, FontRole font,
              const QColor& color);
  /// The same, character by character; for a fixed-width font and text that changes with every frame.
  double drawDigits(QPainter& painter, double x, double top, double height, const QString& text, FontRole font,
                    const QColor& color);
  /// `text` shortened with an ellipsis to this width.
  QString elided(const QString& text, FontRole font, double width);

 private:
  struct Key {
    QString text;
    FontRole font{};
    QRgb color = 0;
    bool operator==(const Key&) const = default;
    friend size_t qHash(const Key& key, size_t seed) {
      return qHashMulti(seed, key.text, static_cast<int>(key.font), key.color);
    }
  };
  const QPixmap& pixmap(const QString& text, FontRole font, const QColor& color);
  const QFontMetricsF& metrics(FontRole font) const { return m_metrics[static_cast<size_t>(font)]; }

  Theme m_theme;
  double m_ratio = 1;
  std::vector<QFontMetricsF> m_metrics;
  QHash<Key, QPixmap> m_pixmaps;
  mutable QHash<Key, double> m_widths;
  QHash<Key, QString> m_elided;
};

}  // namespace streamscope::ui
