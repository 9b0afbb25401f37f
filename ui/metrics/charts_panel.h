#pragma once

#include <QWidget>

#include "metrics/metrics_history.h"
#include "ui/appearance.h"

class QCustomPlot;

namespace streamscope::ui {

/// Throughput and lag over virtual time. The charts are made when they are first shown: a window must not wait for
/// them.
class ChartsPanel : public QWidget {
  Q_OBJECT
 public:
  ChartsPanel(const MetricsHistory& history, const Appearance& appearance, QWidget* parent = nullptr);
  void setAppearance(const Appearance& appearance);
  /// Draws the history anew; call it a few times a second.
  void refresh();
  /// For pictures without a screen.
  void freeze(double ratio);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void makeCharts();
  void style(QCustomPlot& plot);
  /// As many ticks as there is room for their labels.
  static void fitTicks(QCustomPlot& plot);
  void refreshThroughput();
  void refreshLag();
  void addLine(QCustomPlot& plot, int index, const QString& name);

  const MetricsHistory& m_history;
  Appearance m_appearance;
  QCustomPlot* m_throughput = nullptr;
  QCustomPlot* m_lag = nullptr;
  QStringList m_lagNames;
};

}  // namespace streamscope::ui
