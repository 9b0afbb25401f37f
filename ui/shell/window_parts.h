#pragma once

#include <QElapsedTimer>

#include "events/event_panel.h"
#include "events/headline.h"
#include "inspector/inspector_panel.h"
#include "metrics/charts_panel.h"
#include "metrics/metrics_history.h"
#include "shell/banner.h"
#include "shell/lab_session.h"
#include "shell/selection.h"
#include "shell/transport_bar.h"
#include "stage/legend_bar.h"
#include "stage/stage_widget.h"
#include "ui/main_window.h"

namespace streamscope::ui {

/// What the main window is made of, and the wires between: session to views as values, views to session as commands.
struct MainWindow::Parts {
  Parts(MainWindow& window, lab::LiveLab& lab, const Appearance& appearance);

  void wire();
  void addDocks();
  void addShortcuts();
  void applyAppearance();
  void showSnapshot();
  void showTrace(const std::vector<world::TraceEvent>& events, quint64 missed);
  /// The docks' contents are made after the first picture.
  void afterFirstFrame();

  MainWindow& window;
  Appearance appearance;
  SelectionState selection;
  LabSession session;
  MetricsHistory history;
  Headline headline;
  TransportBar* transport;
  Banner* banner;
  StageWidget* stage;
  LegendBar* legend;
  InspectorPanel* inspector;
  ChartsPanel* charts;
  EventPanel* events;
  QElapsedTimer sinceSample, sinceInspected;
  bool firstFrameSeen = false;
};

}  // namespace streamscope::ui
