#include "ui/main_window.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QShowEvent>
#include <QTabWidget>
#include <QVBoxLayout>
#include <cmath>

#include "shell/window_parts.h"

namespace streamscope::ui {
namespace {

constexpr int kSampleMs = 100;
constexpr int kInspectMs = 60;

}  // namespace

MainWindow::Parts::Parts(MainWindow& mainWindow, lab::LiveLab& lab, const Appearance& look)
    : window(mainWindow), appearance(look), session(lab) {
  auto* middle = new QWidget(&window);
  middle->setAccessibleName(MainWindow::tr("Cluster"));
  transport = new TransportBar(appearance, middle);
  banner = new Banner(appearance, middle);
  stage = new StageWidget(selection, appearance, middle);
  legend = new LegendBar(appearance, middle);
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(banner);
  column->addWidget(stage, 1);
  column->addWidget(legend);
  window.setCentralWidget(middle);
  window.setMenuWidget(transport);
  addDocks();
  addShortcuts();
  applyAppearance();
  wire();
}

void MainWindow::Parts::addDocks() {
  inspector = new InspectorPanel(selection, appearance);
  charts = new ChartsPanel(history, appearance);
  events = new EventPanel(appearance);
  const auto dock = [this](const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area) {
    auto* widget = new QDockWidget(title, &window);
    widget->setObjectName(name);
    widget->setAccessibleName(title);
    widget->setFeatures(QDockWidget::DockWidgetMovable);
    // The tab or the content says what it is; a title bar would say it again.
    auto* noTitle = new QWidget(widget);
    noTitle->setAccessibleName(title);
    // A layout gives it the size zero; without one its size is invalid, which the dock refuses aloud.
    (new QHBoxLayout(noTitle))->setContentsMargins(0, 0, 0, 0);
    widget->setTitleBarWidget(noTitle);
    widget->setWidget(content);
    window.addDockWidget(area, widget);
    return widget;
  };
  window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  window.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  auto* right = dock(QStringLiteral("inspectorDock"), MainWindow::tr("Inspector"), inspector, Qt::RightDockWidgetArea);
  auto* bottom = dock(QStringLiteral("metricsDock"), MainWindow::tr("Metrics"), charts, Qt::BottomDockWidgetArea);
  auto* list = dock(QStringLiteral("eventsDock"), MainWindow::tr("Events"), events, Qt::BottomDockWidgetArea);
  window.tabifyDockWidget(bottom, list);
  bottom->raise();
  // With larger text the stage keeps most of the window.
  const double s = 0.65 + 0.35 * appearance.textScale;
  window.resizeDocks({right}, {static_cast<int>(std::lround(300 * s))}, Qt::Horizontal);
  window.resizeDocks({bottom}, {190}, Qt::Vertical);
}

void MainWindow::Parts::addShortcuts() {
  const auto add = [this](const QString& text, const QList<QKeySequence>& keys, auto act) {
    auto* action = new QAction(text, &window);
    action->setShortcuts(keys);
    QObject::connect(action, &QAction::triggered, &window, act);
    window.addAction(action);
  };
  add(MainWindow::tr("Faster"), {QKeySequence(Qt::Key_Plus)}, [this] { transport->changeSpeed(1); });
  add(MainWindow::tr("Slower"), {QKeySequence(Qt::Key_Minus)}, [this] { transport->changeSpeed(-1); });
  add(MainWindow::tr("Zoom in"), {QKeySequence::ZoomIn, QKeySequence(MainWindow::tr("Ctrl+="))},
      [this] { stage->zoomBy(1.25); });
  add(MainWindow::tr("Zoom out"), {QKeySequence::ZoomOut}, [this] { stage->zoomBy(0.8); });
  add(MainWindow::tr("Fit"), {QKeySequence(MainWindow::tr("Ctrl+0"))}, [this] { stage->resetZoom(); });
  add(MainWindow::tr("Go to the stage"), {QKeySequence(MainWindow::tr("F6"))}, [this] { stage->setFocus(); });
}

void MainWindow::Parts::wire() {
  const auto run = [this](const lab::Command& command) { session.execute(command); };
  QObject::connect(stage, &StageWidget::commandChosen, &window, run);
  QObject::connect(inspector, &InspectorPanel::commandChosen, &window, run);
  QObject::connect(banner, &Banner::commandChosen, &window, run);
  QObject::connect(transport, &TransportBar::playingWanted, &session, &LabSession::setPlaying);
  QObject::connect(transport, &TransportBar::stepWanted, &session, &LabSession::step);
  QObject::connect(transport, &TransportBar::speedWanted, &session, &LabSession::setSpeed);
  QObject::connect(transport, &TransportBar::themeToggled, &window, [this] {
    auto look = appearance;
    look.theme = look.theme == ThemeName::Dark ? ThemeName::Light : ThemeName::Dark;
    window.setAppearance(look);
    emit window.appearanceChanged(look);
  });
  QObject::connect(transport, &TransportBar::motionToggled, &window, [this] {
    auto look = appearance;
    look.reducedMotion = !look.reducedMotion;
    window.setAppearance(look);
    emit window.appearanceChanged(look);
  });
  QObject::connect(&session, &LabSession::snapshotChanged, &window, [this] { showSnapshot(); });
  QObject::connect(&session, &LabSession::traceArrived, &window,
                   [this](const std::vector<world::TraceEvent>& list, quint64 missed) { showTrace(list, missed); });
  QObject::connect(&session, &LabSession::notice, banner, &Banner::showNotice);
  QObject::connect(&session, &LabSession::polled, stage, &StageWidget::tick);
  const auto showTransport = [this] {
    transport->setTransport(session.isPlaying(), session.speed());
    stage->setTransport(session.isPlaying(), session.speed());
  };
  QObject::connect(&session, &LabSession::transportChanged, &window, showTransport);
  showTransport();
  showSnapshot();
  stage->viewport()->installEventFilter(&window);
  stage->setFocus();
}

void MainWindow::Parts::applyAppearance() {
  const Theme theme(appearance);
  window.setPalette(theme.palette());
  window.setFont(theme.font(FontRole::Body));
  window.setStyleSheet(theme.styleSheet());
}

void MainWindow::Parts::showSnapshot() {
  const auto snapshot = session.snapshot();
  if (!sinceSample.isValid() || sinceSample.elapsed() >= kSampleMs) {
    sinceSample.start();
    history.add(*snapshot);
    if (firstFrameSeen) charts->refresh();
  }
  stage->setSnapshot(snapshot, history.partitionRates());
  transport->setSnapshot(*snapshot);
  banner->setHeadline(headline.current(*snapshot));
  // Numbers that change faster cannot be read.
  if (!sinceInspected.isValid() || sinceInspected.elapsed() >= kInspectMs || !session.isPlaying()) {
    sinceInspected.start();
    inspector->setSnapshot(snapshot);
  }
}

void MainWindow::Parts::showTrace(const std::vector<world::TraceEvent>& list, quint64 missed) {
  stage->takeTrace(list);
  headline.take(list);
  banner->setHeadline(headline.current(*session.snapshot()));
  events->append(list, session.snapshot());
  if (missed > 0)
    banner->showNotice(MainWindow::tr("%1 events came too fast to be shown; slow down to see each one.").arg(missed),
                       false);
}

void MainWindow::Parts::afterFirstFrame() {
  firstFrameSeen = true;
  charts->refresh();
  emit window.firstFramePainted();
}

MainWindow::MainWindow(lab::LiveLab& lab, const Appearance& appearance, QWidget* parent) : QMainWindow(parent) {
  setObjectName(QStringLiteral("mainWindow"));
  setWindowTitle(tr("Streamscope"));
  setAccessibleName(tr("Streamscope"));
  resize(1440, 900);
  m_parts = std::make_unique<Parts>(*this, lab, appearance);
}

MainWindow::~MainWindow() = default;

const Appearance& MainWindow::appearance() const {
  return m_parts->appearance;
}

void MainWindow::setAppearance(const Appearance& appearance) {
  m_parts->appearance = appearance;
  m_parts->applyAppearance();
  m_parts->transport->setAppearance(appearance);
  m_parts->banner->setAppearance(appearance);
  m_parts->stage->setAppearance(appearance);
  m_parts->legend->setAppearance(appearance);
  m_parts->inspector->setAppearance(appearance);
  m_parts->charts->setAppearance(appearance);
  m_parts->events->setAppearance(appearance);
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  m_parts->session.start();
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
  // Not a shortcut: a button that has the focus keeps its Space.
  if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier && !event->isAutoRepeat())
    m_parts->session.setPlaying(!m_parts->session.isPlaying());
  else
    QMainWindow::keyPressEvent(event);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Paint && !m_parts->firstFrameSeen && watched == m_parts->stage->viewport()) {
    m_parts->stage->viewport()->removeEventFilter(this);
    QMetaObject::invokeMethod(
        this, [this] { m_parts->afterFirstFrame(); }, Qt::QueuedConnection);
  }
  return QMainWindow::eventFilter(watched, event);
}

}  // namespace streamscope::ui
