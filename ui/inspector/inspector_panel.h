#pragma once

#include <QWidget>

#include "inspector/facts_model.h"
#include "lab/command.h"
#include "lab/snapshot.h"
#include "shell/selection.h"

class QGridLayout;
class QLabel;
class QTableView;

namespace streamscope::ui {

/// The selected thing: its name and state, what can be done to it, its facts.
class InspectorPanel : public QWidget {
  Q_OBJECT
 public:
  InspectorPanel(SelectionState& selection, const Appearance& appearance, QWidget* parent = nullptr);
  void setAppearance(const Appearance& appearance);
  void setSnapshot(lab::SnapshotPtr snapshot);

 signals:
  void commandChosen(const lab::Command& command);

 private:
  void refresh();
  void refreshButtons();
  void spanHeadings();

  SelectionState& m_selection;
  Appearance m_appearance;
  lab::SnapshotPtr m_snapshot;
  QLabel* m_title;
  QLabel* m_state;
  QWidget* m_buttons;
  QGridLayout* m_buttonGrid;
  QStringList m_buttonIds;
  FactsModel* m_model;
  QTableView* m_view;
};

}  // namespace streamscope::ui
