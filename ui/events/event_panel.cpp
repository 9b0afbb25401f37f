#include "events/event_panel.h"

#include <QComboBox>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>
#include <cmath>

namespace streamscope::ui {

EventPanel::EventPanel(const Appearance& appearance, QWidget* parent)
    : QWidget(parent), m_model(new EventListModel(this)), m_kind(new QComboBox(this)), m_view(new QTableView(this)) {
  setObjectName(QStringLiteral("events"));
  setAccessibleName(tr("Events"));
  m_kind->setAccessibleName(tr("How much detail the event list shows"));
  m_kind->addItems({tr("Changes"), tr("Changes and messages"), tr("Everything")});
  m_kind->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  m_view->setAccessibleName(tr("Event list"));
  m_view->setModel(m_model);
  m_view->setFrameShape(QFrame::NoFrame);
  m_view->setShowGrid(false);
  m_view->setWordWrap(false);
  m_view->setTabKeyNavigation(false);
  m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_view->verticalHeader()->hide();
  m_view->horizontalHeader()->hide();
  m_view->horizontalHeader()->setStretchLastSection(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(10, 6, 10, 6);
  column->addWidget(m_kind);
  column->addWidget(m_view, 1);
  connect(m_kind, &QComboBox::currentIndexChanged, this, [this](int index) {
    m_model->setKind(static_cast<EventKind>(index));
    m_view->scrollToBottom();
  });
  setAppearance(appearance);
}

void EventPanel::setAppearance(const Appearance& appearance) {
  const Theme theme(appearance);
  m_model->setTheme(theme);
  m_view->verticalHeader()->setDefaultSectionSize(static_cast<int>(std::lround(20 * theme.textScale())));
  m_view->setColumnWidth(0, static_cast<int>(std::lround(100 * theme.textScale())));
  m_view->setColumnWidth(1, static_cast<int>(std::lround(120 * theme.textScale())));
  QPalette palette = m_view->palette();
  palette.setColor(QPalette::Base, theme(Role::Window));
  m_view->setPalette(palette);
}

void EventPanel::append(const std::vector<world::TraceEvent>& events, lab::SnapshotPtr snapshot) {
  const auto* bar = m_view->verticalScrollBar();
  const bool follows = bar->value() >= bar->maximum() - 2;
  m_model->append(events, std::move(snapshot));
  if (follows) m_view->scrollToBottom();
}

}  // namespace streamscope::ui
