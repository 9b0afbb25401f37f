#include "stage/stage_widget.h"

#include <QAccessible>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "inspector/inspector_facts.h"
#include "shell/action_menu.h"
#include "shell/actions.h"
#include "stage/stage_accessible.h"

namespace streamscope::ui {

StageWidget::StageWidget(SelectionState& selection, const Appearance& appearance, QWidget* parent)
    : QAbstractScrollArea(parent), m_selection(selection), m_snapshot(std::make_shared<lab::Snapshot>()) {
  installStageAccessibility();
  setObjectName(QStringLiteral("stage"));
  setAccessibleName(tr("Stage"));
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::StrongFocus);
  viewport()->setMouseTracking(true);
  viewport()->setAccessibleName(tr("Picture of the cluster"));
  viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
  m_clock.start();
  setAppearance(appearance);
  connect(&m_selection, &SelectionState::changed, this, [this] {
    describeSelection();
    viewport()->update();
  });
}

StageWidget::~StageWidget() = default;

void StageWidget::setAppearance(const Appearance& appearance) {
  m_appearance = appearance;
  m_painter = std::make_unique<StagePainter>(Theme(appearance));
  layOut();
}

void StageWidget::setSnapshot(lab::SnapshotPtr snapshot,
                              const std::map<base::TopicPartition, double>& recordsPerSecond) {
  m_snapshot = std::move(snapshot);
  m_rates = recordsPerSecond;
  if (const auto topology = topologyOf(*m_snapshot); topology != m_topology) {
    m_topology = topology;
    layOut();
  }
  double stripWidth = 200;
  if (!m_layout.brokers.empty() && !m_layout.brokers.front().lanes.empty())
    stripWidth = m_layout.brokers.front().lanes.front().strip.width();
  const auto cells = static_cast<int32_t>(std::clamp(stripWidth / (10 * m_layout.scale), 8.0, 60.0));
  m_scales.update(*m_snapshot, recordsPerSecond, cells);
  m_board.expire(wallNow(), m_snapshot->time);
  viewport()->update();
}

void StageWidget::takeTrace(const std::vector<world::TraceEvent>& events) {
  // A step happens at once; its messages are shown one after the other as if it had taken its time.
  m_board.take(events, m_snapshot->time, m_isPlaying ? m_speed : 0, wallNow());
  if (m_board.isBusy()) viewport()->update();
}

void StageWidget::setTransport(bool isPlaying, double speed) {
  m_isPlaying = isPlaying;
  m_speed = std::isinf(speed) ? 1000 : speed;
  viewport()->update();
}

void StageWidget::tick() {
  if (!m_board.isBusy() && !m_painter->hasBacklog()) return;
  m_board.expire(wallNow(), m_snapshot->time);
  viewport()->update();
}

void StageWidget::zoomBy(double factor) {
  const double wanted = std::clamp(m_zoom * factor, 1.0, 6.0);
  if (wanted == m_zoom) return;
  m_zoom = wanted;
  layOut();
}

void StageWidget::resetZoom() {
  zoomBy(1 / m_zoom);
}

void StageWidget::freeze(WallMs now, double ratio) {
  m_frozenNow = now;
  m_frozenRatio = ratio;
}

WallMs StageWidget::wallNow() const {
  return m_frozenNow ? *m_frozenNow : static_cast<double>(m_clock.nsecsElapsed()) / 1e6;
}

double StageWidget::ratio() const {
  return m_frozenRatio ? *m_frozenRatio : devicePixelRatioF();
}

void StageWidget::layOut() {
  m_layout = layOutStage(*m_snapshot, viewport()->size(), m_zoom, m_appearance.textScale);
  // Less than two pixels is rounding, not something to scroll to.
  const auto beyond = [](double needed, int shown) {
    return needed - shown < 2 ? 0 : static_cast<int>(std::ceil(needed)) - shown;
  };
  horizontalScrollBar()->setRange(0, beyond(m_layout.size.width(), viewport()->width()));
  verticalScrollBar()->setRange(0, beyond(m_layout.size.height(), viewport()->height()));
  horizontalScrollBar()->setPageStep(viewport()->width());
  verticalScrollBar()->setPageStep(viewport()->height());
  m_painter->invalidate();
  viewport()->update();
}

QPointF StageWidget::scrollPosition() const {
  return {static_cast<double>(horizontalScrollBar()->value()), static_cast<double>(verticalScrollBar()->value())};
}

void StageWidget::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  m_painter->paint(painter,
                   {*m_snapshot, m_layout, m_scales, m_board, m_selection.current(), m_hovered, scrollPosition(),
                    viewport()->size(), ratio(), wallNow(), !m_isPlaying, m_appearance.reducedMotion, hasFocus()});
}

void StageWidget::resizeEvent(QResizeEvent*) {
  layOut();
}

void StageWidget::scrollContentsBy(int, int) {
  viewport()->update();
}

void StageWidget::mousePressEvent(QMouseEvent* event) {
  m_selection.select(hitTest(m_layout, event->position() + scrollPosition()));
}

void StageWidget::mouseMoveEvent(QMouseEvent* event) {
  const auto hovered = hitTest(m_layout, event->position() + scrollPosition());
  if (hovered == m_hovered) return;
  m_hovered = hovered;
  viewport()->update();
}

bool StageWidget::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    // Far away the lanes have no words; this has them.
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto under = hitTest(m_layout, QPointF(help->pos()) + scrollPosition());
    const auto subject = under.index() == 0 ? InspectedSubject{} : inspect(under, *m_snapshot);
    QToolTip::showText(help->globalPos(),
                       subject.title.isEmpty() ? QString() : subject.title + QStringLiteral(", ") + subject.state,
                       this);
    return true;
  }
  if (event->type() == QEvent::Leave && m_hovered.index() != 0) {
    m_hovered = {};
    viewport()->update();
  }
  return QAbstractScrollArea::viewportEvent(event);
}

QMenu* StageWidget::makeContextMenu() {
  const auto actions = actionsFor(m_selection.current(), *m_snapshot);
  if (actions.empty()) return nullptr;
  const Theme theme(m_appearance);
  auto* menu = new QMenu(this);
  menu->setAccessibleName(tr("What can be done to the selection"));
  bool inLinks = false, inGroups = false;
  for (const auto& action : actions) {
    const bool isLink = action.group.isEmpty() && action.id.contains(QLatin1String("link"));
    const bool isGrouped = !action.group.isEmpty();
    if ((isLink && !inLinks) || (isGrouped && !inGroups)) menu->addSeparator();
    inLinks = isLink;
    inGroups = isGrouped;
    auto* entry = addToMenu(menu, action, theme);
    connect(entry, &QAction::triggered, this, [this, command = action.command] { emit commandChosen(command); });
  }
  return menu;
}

void StageWidget::contextMenuEvent(QContextMenuEvent* event) {
  if (event->reason() == QContextMenuEvent::Mouse)
    m_selection.select(hitTest(m_layout, QPointF(event->pos()) + scrollPosition()));
  auto* menu = makeContextMenu();
  if (!menu) return;
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const QPointF at = m_layout.rectOf(m_selection.current()).center() - scrollPosition();
  menu->popup(event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : viewport()->mapToGlobal(at.toPoint()));
}

bool StageWidget::runShortcut(int key) {
  for (const auto& action : actionsFor(m_selection.current(), *m_snapshot)) {
    if (action.shortcut != QKeySequence(key)) continue;
    emit commandChosen(action.command);
    return true;
  }
  return false;
}

void StageWidget::keyPressEvent(QKeyEvent* event) {
  const auto go = [this](Direction direction) {
    m_selection.select(neighbour(m_layout, m_selection.current(), direction));
    const QRectF rect = m_layout.rectOf(m_selection.current());
    const QRectF visible(scrollPosition(), QSizeF(viewport()->size()));
    if (!visible.contains(rect)) {
      horizontalScrollBar()->setValue(static_cast<int>(rect.center().x() - visible.width() / 2));
      verticalScrollBar()->setValue(static_cast<int>(rect.center().y() - visible.height() / 2));
    }
  };
  switch (event->key()) {
    case Qt::Key_Left:
      return go(Direction::Left);
    case Qt::Key_Right:
      return go(Direction::Right);
    case Qt::Key_Up:
      return go(Direction::Up);
    case Qt::Key_Down:
      return go(Direction::Down);
    case Qt::Key_Escape:
      return m_selection.select({});
    case Qt::Key_Menu: {
      QContextMenuEvent menu(QContextMenuEvent::Keyboard, {}, {});
      return contextMenuEvent(&menu);
    }
    default:
      break;
  }
  const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
  if (plain && !event->isAutoRepeat() && runShortcut(event->key())) return;
  event->ignore();
}

void StageWidget::wheelEvent(QWheelEvent* event) {
  if (event->modifiers() & Qt::ControlModifier) {
    zoomBy(event->angleDelta().y() > 0 ? 1.15 : 1 / 1.15);
    event->accept();
    return;
  }
  QAbstractScrollArea::wheelEvent(event);
}

void StageWidget::focusInEvent(QFocusEvent* event) {
  QAbstractScrollArea::focusInEvent(event);
  viewport()->update();
}

void StageWidget::focusOutEvent(QFocusEvent* event) {
  QAbstractScrollArea::focusOutEvent(event);
  viewport()->update();
}

QRect StageWidget::visibleRectOf(const Selection& selection) const {
  return m_layout.rectOf(selection).translated(-scrollPosition()).toRect();
}

void StageWidget::describeSelection() {
  const auto subject = inspect(m_selection.current(), *m_snapshot);
  setAccessibleDescription(subject.title.isEmpty() ? tr("Nothing is selected. Arrow keys move the selection.")
                                                   : subject.title + QStringLiteral(", ") + subject.state);
  const auto things = selectablesOf(m_layout);
  const auto selected = std::ranges::find(things, m_selection.current());
  if (!hasFocus() || selected == things.end()) return;
  QAccessibleEvent focus(this, QAccessible::Focus);
  focus.setChild(static_cast<int>(selected - things.begin()));
  QAccessible::updateAccessibility(&focus);
}

}  // namespace streamscope::ui
