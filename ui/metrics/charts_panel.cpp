#include "metrics/charts_panel.h"

#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "shell/number_format.h"
#include "shell/theme.h"

namespace streamscope::ui {
namespace {

constexpr int kLagLinesMax = 6;
constexpr int kTicksMax = 5;
/// Thick enough for a projector. Affordable only with QCustomPlot's fast polylines; without them any width but 1 is
/// slow.
constexpr double kLineWidth = 1.8;

/// Lines differ in hue and in dashes.
constexpr std::array<Qt::PenStyle, 4> kDashes{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
constexpr std::array<Role, 6> kHues{Role::Produce,    Role::ConsumerFetch, Role::ReplicaFetch,
                                    Role::Partition1, Role::ControlPlane,  Role::Partition4};

/// Virtual time as "1:23" below the axis, from an hour on as "1:02:03".
QString clockLabel(double seconds) {
  const auto whole = std::llround(seconds);
  const QString last = QStringLiteral("%1").arg(whole % 60, 2, 10, QLatin1Char('0'));
  if (whole < 3600) return QStringLiteral("%1:%2").arg(whole / 60).arg(last);
  return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, QLatin1Char('0')).arg(last);
}

class ClockTicker : public QCPAxisTicker {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return clockLabel(tick); }
};

/// Ticks whose labels stand `space` apart at least.
int tickCount(int length, double space) {
  return std::clamp(static_cast<int>(length / std::max(space, 1.0)), 1, kTicksMax);
}

/// Offsets and rates as whole numbers with thin spaces.
class CountTicker : public QCPAxisTicker {
 protected:
  double getTickStep(const QCPRange& range) override {
    return std::max(1.0, std::round(QCPAxisTicker::getTickStep(range)));
  }
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return formatCount(std::llround(tick)); }
};

}  // namespace

ChartsPanel::ChartsPanel(const MetricsHistory& history, const Appearance& appearance, QWidget* parent)
    : QWidget(parent), m_history(history), m_appearance(appearance) {
  setObjectName(QStringLiteral("charts"));
  setAccessibleName(tr("Metrics"));
}

void ChartsPanel::showEvent(QShowEvent*) {
  // After the first picture of the stage.
  if (!m_throughput) QMetaObject::invokeMethod(this, &ChartsPanel::makeCharts, Qt::QueuedConnection);
}

void ChartsPanel::makeCharts() {
  if (m_throughput) return;
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 4, 10, 6);
  row->setSpacing(16);
  const auto make = [&](const QString& name) {
    auto* plot = new QCustomPlot(this);
    plot->setAccessibleName(name);
    plot->setPlottingHint(QCP::phFastPolylines);
    plot->plotLayout()->insertRow(0);
    plot->plotLayout()->addElement(0, 0, new QCPTextElement(plot, name));
    plot->xAxis->setTicker(QSharedPointer<ClockTicker>::create());
    plot->yAxis->setTicker(QSharedPointer<CountTicker>::create());
    plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    plot->axisRect()->setMargins(QMargins(0, 8, 8, 0));
    plot->plotLayout()->setRowSpacing(0);
    plot->legend->setVisible(true);
    // Above the lines, where it covers nothing that is new.
    plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignLeft | Qt::AlignTop);
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot->legend->setWrap(6);
    connect(plot, &QCustomPlot::beforeReplot, plot, [plot] { fitTicks(*plot); });
    row->addWidget(plot, 1);
    return plot;
  };
  m_throughput = make(tr("Throughput, records/s"));
  m_lag = make(tr("Consumer lag, records"));
  addLine(*m_throughput, 0, tr("produced"));
  addLine(*m_throughput, 1, tr("consumed"));
  style(*m_throughput);
  style(*m_lag);
  refresh();
}

void ChartsPanel::addLine(QCustomPlot& plot, int index, const QString& name) {
  const Theme theme(m_appearance);
  auto* graph = plot.addGraph();
  graph->setName(name);
  const auto i = static_cast<size_t>(index);
  graph->setPen(QPen(theme(kHues[i % kHues.size()]), kLineWidth, kDashes[i % kDashes.size()]));
}

void ChartsPanel::setAppearance(const Appearance& appearance) {
  m_appearance = appearance;
  if (!m_throughput) return;
  const Theme theme(appearance);
  for (auto* plot : {m_throughput, m_lag}) {
    for (int i = 0; i < plot->graphCount(); ++i) {
      QPen pen = plot->graph(i)->pen();
      pen.setColor(theme(kHues[static_cast<size_t>(i) % kHues.size()]));
      plot->graph(i)->setPen(pen);
    }
    style(*plot);
  }
  refresh();
}

void ChartsPanel::style(QCustomPlot& plot) {
  const Theme theme(m_appearance);
  plot.setBackground(theme(Role::Window));
  plot.axisRect()->setBackground(theme(Role::Stage));
  for (auto* axis : {plot.xAxis, plot.yAxis}) {
    axis->setBasePen(QPen(theme(Role::BorderStrong), 1.0));
    axis->setTickPen(QPen(theme(Role::BorderStrong), 1.0));
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelColor(theme(Role::TextMuted));
    axis->setTickLabelFont(theme.font(FontRole::Small));
    axis->grid()->setPen(QPen(theme(Role::Grid), 1.0));
    axis->grid()->setZeroLinePen(QPen(theme(Role::Grid), 1.0));
  }
  plot.legend->setFont(theme.font(FontRole::Small));
  plot.legend->setTextColor(theme(Role::Text));
  QColor back = theme(Role::Stage);
  back.setAlphaF(0.8F);
  plot.legend->setBrush(back);
  plot.legend->setBorderPen(Qt::NoPen);
  plot.legend->setIconSize(static_cast<int>(24 * theme.textScale()), static_cast<int>(10 * theme.textScale()));
  if (auto* title = qobject_cast<QCPTextElement*>(plot.plotLayout()->element(0, 0))) {
    title->setFont(theme.font(FontRole::SmallBold));
    title->setTextColor(theme(Role::TextMuted));
    title->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
  }
}

void ChartsPanel::fitTicks(QCustomPlot& plot) {
  const QFontMetrics metrics(plot.xAxis->tickLabelFont());
  const QString label = clockLabel(std::max(plot.xAxis->range().upper, 600.0));
  // The plot's own size: its axes are laid out only when it is drawn. Title and time labels take three lines.
  plot.xAxis->ticker()->setTickCount(tickCount(plot.width(), 1.8 * metrics.horizontalAdvance(label)));
  plot.yAxis->ticker()->setTickCount(tickCount(plot.height() - 3 * metrics.height(), 1.3 * metrics.height()));
}

void ChartsPanel::refresh() {
  if (!m_throughput || !isVisible()) return;
  refreshThroughput();
  refreshLag();
}

void ChartsPanel::refreshThroughput() {
  const auto& samples = m_history.samples();
  QVector<double> time, produced, consumed;
  double most = 10;
  for (const auto& sample : samples) {
    time << sample.seconds;
    produced << sample.producedPerSecond;
    consumed << sample.consumedPerSecond;
    most = std::max({most, sample.producedPerSecond, sample.consumedPerSecond});
  }
  m_throughput->graph(0)->setData(time, produced, true);
  m_throughput->graph(1)->setData(time, consumed, true);
  if (!time.isEmpty()) m_throughput->xAxis->setRange(time.first(), std::max(time.last(), time.first() + 5));
  m_throughput->yAxis->setRange(0, most * 1.5);
  m_throughput->replot(QCustomPlot::rpQueuedReplot);
}

void ChartsPanel::refreshLag() {
  const auto& samples = m_history.samples();
  QStringList names;
  if (!samples.empty())
    for (const auto& [name, lag] : samples.back().lag)
      if (names.size() < kLagLinesMax) names << QString::fromStdString(name);
  if (names != m_lagNames) {
    m_lagNames = names;
    m_lag->clearGraphs();
    for (int i = 0; i < names.size(); ++i) addLine(*m_lag, i, names[i]);
  }
  double most = 20;
  for (int i = 0; i < names.size(); ++i) {
    const std::string name = names[i].toStdString();
    QVector<double> time, lag;
    for (const auto& sample : samples) {
      const auto it = sample.lag.find(name);
      if (it == sample.lag.end()) continue;
      time << sample.seconds;
      lag << static_cast<double>(it->second);
      most = std::max(most, static_cast<double>(it->second));
    }
    m_lag->graph(i)->setData(time, lag, true);
  }
  if (!samples.empty())
    m_lag->xAxis->setRange(samples.front().seconds, std::max(samples.back().seconds, samples.front().seconds + 5));
  m_lag->yAxis->setRange(0, most * 1.5);
  m_lag->replot(QCustomPlot::rpQueuedReplot);
}

void ChartsPanel::freeze(double ratio) {
  makeCharts();
  for (auto* plot : {m_throughput, m_lag}) plot->setBufferDevicePixelRatio(ratio);
  refreshThroughput();
  refreshLag();
  for (auto* plot : {m_throughput, m_lag}) plot->replot(QCustomPlot::rpImmediateRefresh);
}

}  // namespace streamscope::ui
