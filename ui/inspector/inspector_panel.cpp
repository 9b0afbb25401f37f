#include "inspector/inspector_panel.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <cmath>

#include "shell/action_menu.h"
#include "shell/actions.h"
#include "shell/icons.h"

namespace streamscope::ui {

InspectorPanel::InspectorPanel(SelectionState& selection, const Appearance& appearance, QWidget* parent)
    : QWidget(parent),
      m_selection(selection),
      m_snapshot(std::make_shared<lab::Snapshot>()),
      m_title(new QLabel(this)),
      m_state(new QLabel(this)),
      m_buttons(new QWidget(this)),
      m_buttonGrid(new QGridLayout(m_buttons)),
      m_model(new FactsModel(this)),
      m_view(new QTableView(this)) {
  setObjectName(QStringLiteral("inspector"));
  setAccessibleName(tr("Inspector"));
  m_title->setObjectName(QStringLiteral("inspectedTitle"));
  m_title->setAccessibleDescription(tr("Selected thing"));
  m_title->setWordWrap(true);
  m_title->setTextFormat(Qt::PlainText);
  m_state->setObjectName(QStringLiteral("inspectedState"));
  m_state->setAccessibleDescription(tr("Its state"));
  m_state->setTextFormat(Qt::PlainText);
  m_buttons->setAccessibleName(tr("What can be done to it"));
  m_buttonGrid->setContentsMargins(0, 0, 0, 0);
  m_buttonGrid->setSpacing(6);
  m_view->setModel(m_model);
  m_view->setAccessibleName(tr("Facts"));
  m_view->setFrameShape(QFrame::NoFrame);
  m_view->setShowGrid(false);
  m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_view->setTabKeyNavigation(false);
  m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_view->horizontalHeader()->hide();
  m_view->verticalHeader()->hide();
  // A long value loses its middle, the name of a fact nothing; the tool tip has both.
  m_view->setTextElideMode(Qt::ElideMiddle);
  m_view->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  m_view->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
  m_view->horizontalHeader()->setMinimumSectionSize(70);

  auto* top = new QHBoxLayout;
  top->addWidget(m_title, 1);
  top->addWidget(m_state, 0, Qt::AlignTop);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(14, 14, 12, 8);
  column->setSpacing(12);
  column->addLayout(top);
  column->addWidget(m_buttons);
  column->addWidget(m_view, 1);
  connect(m_model, &QAbstractItemModel::modelReset, this, &InspectorPanel::spanHeadings);
  connect(&m_selection, &SelectionState::changed, this, &InspectorPanel::refresh);
  setAppearance(appearance);
}

void InspectorPanel::setAppearance(const Appearance& appearance) {
  m_appearance = appearance;
  const Theme theme(appearance);
  m_title->setFont(theme.font(FontRole::Title));
  m_state->setFont(theme.font(FontRole::SmallBold));
  m_model->setFonts(theme.font(FontRole::Body), theme.font(FontRole::SmallBold), theme.font(FontRole::MonoSmall));
  m_model->setColors(theme(Role::TextMuted), theme(Role::Text));
  m_view->verticalHeader()->setDefaultSectionSize(static_cast<int>(std::lround(22 * theme.textScale())));
  QPalette palette = m_view->palette();
  palette.setColor(QPalette::Base, theme(Role::Window));
  palette.setColor(QPalette::Text, theme(Role::Text));
  m_view->setPalette(palette);
  m_buttonIds.clear();
  refresh();
}

void InspectorPanel::setSnapshot(lab::SnapshotPtr snapshot) {
  m_snapshot = std::move(snapshot);
  refresh();
}

void InspectorPanel::refresh() {
  const auto subject = inspect(m_selection.current(), *m_snapshot);
  const Theme theme(m_appearance);
  m_title->setText(subject.title);
  m_state->setText(subject.state);
  m_state->setVisible(!subject.state.isEmpty());
  const QString color = theme(subject.stateRole).name();
  m_state->setStyleSheet(
      QStringLiteral("border: 1px solid %1; border-radius: 7px; padding: 1px 8px; color: %1;").arg(color));
  m_model->setFacts(subject.facts);
  refreshButtons();
}

void InspectorPanel::refreshButtons() {
  const auto actions = actionsFor(m_selection.current(), *m_snapshot);
  QStringList ids;
  for (const auto& action : actions) ids << action.text;
  if (ids == m_buttonIds) return;
  m_buttonIds = ids;
  while (auto* item = m_buttonGrid->takeAt(0)) {
    // A button may be in the middle of its click.
    if (item->widget()) {
      item->widget()->hide();
      item->widget()->deleteLater();
    }
    delete item;
  }
  const Theme theme(m_appearance);
  QMenu* links = nullptr;
  QMenu* faults = nullptr;
  int place = 0;
  const auto add = [&](QPushButton* button) {
    m_buttonGrid->addWidget(button, place / 2, place % 2);
    ++place;
  };
  for (const auto& action : actions) {
    const auto choose = [this, command = action.command] { emit commandChosen(command); };
    const QIcon picture = icon(action.icon, theme(action.isFault ? Role::Down : Role::Text));
    if (!action.group.isEmpty()) {
      if (!faults) {
        auto* button =
            new QPushButton(icon(QStringLiteral("warning"), theme(Role::Text)), tr("More faults"), m_buttons);
        button->setAccessibleName(tr("More faults of the selected broker"));
        faults = new QMenu(button);
        faults->setAccessibleName(tr("More faults"));
        button->setMenu(faults);
        add(button);
      }
      connect(addToMenu(faults, action, theme), &QAction::triggered, this, choose);
      continue;
    }
    if (action.id.contains(QLatin1String("link"))) {
      if (!links) {
        auto* button = new QPushButton(icon(QStringLiteral("cut"), theme(Role::Text)), tr("Links"), m_buttons);
        button->setAccessibleName(tr("Links of the selected broker"));
        links = new QMenu(button);
        links->setAccessibleName(tr("Links"));
        button->setMenu(links);
        add(button);
      }
      connect(links->addAction(picture, action.text), &QAction::triggered, this, choose);
      continue;
    }
    // Inside the inspector the name of the selected thing goes without saying.
    auto* button = new QPushButton(picture, action.shortText, m_buttons);
    button->setObjectName(action.id);
    button->setAccessibleName(action.text);
    button->setToolTip(QStringLiteral("%1 (%2)").arg(action.text, action.shortcut.toString()));
    connect(button, &QPushButton::clicked, this, choose);
    add(button);
  }
  m_buttons->setVisible(place > 0);
}

void InspectorPanel::spanHeadings() {
  m_view->clearSpans();
  for (int row = 0; row < m_model->rowCount(); ++row)
    if (m_model->index(row, 0).data(FactsModel::IsHeading).toBool()) m_view->setSpan(row, 0, 1, 2);
}

}  // namespace streamscope::ui
