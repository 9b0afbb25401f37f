#pragma once

#include <QWidget>

#include "events/event_list_model.h"
#include "ui/appearance.h"

class QComboBox;
class QTableView;

namespace streamscope::ui {

/// The event list with its choice of detail. Follows the newest event while the last row is in sight.
class EventPanel : public QWidget {
  Q_OBJECT
 public:
  explicit EventPanel(const Appearance& appearance, QWidget* parent = nullptr);
  void setAppearance(const Appearance& appearance);
  void append(const std::vector<world::TraceEvent>& events, lab::SnapshotPtr snapshot);
  EventListModel& model() { return *m_model; }

 private:
  EventListModel* m_model;
  QComboBox* m_kind;
  QTableView* m_view;
};

}  // namespace streamscope::ui
