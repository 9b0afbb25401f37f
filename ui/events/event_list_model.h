#pragma once

#include <QAbstractTableModel>
#include <array>
#include <deque>

#include "events/event_text.h"
#include "lab/snapshot.h"
#include "world/trace.h"

namespace streamscope::ui {

/// The latest events of the trace, newest last: time, node, what happened. Bounded: the oldest go. Words are made when
/// a row is looked at.
class EventListModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  static constexpr size_t kRowsMax = 2000;

  using QAbstractTableModel::QAbstractTableModel;

  /// The most detailed kind that is kept: changes only, messages too, or everything.
  void setKind(EventKind kind);
  void setTheme(const Theme& theme) { m_theme = theme; }
  void append(const std::vector<world::TraceEvent>& events, lab::SnapshotPtr snapshot);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::deque<world::TraceEvent>& kept(EventKind kind) { return m_events[static_cast<size_t>(kind)]; }
  const std::deque<world::TraceEvent>& shown() const { return m_events[static_cast<size_t>(m_kind)]; }

  /// By most detailed kind; each holds that kind and the ones before it.
  std::array<std::deque<world::TraceEvent>, 3> m_events;
  EventKind m_kind = EventKind::Change;
  lab::SnapshotPtr m_snapshot = std::make_shared<lab::Snapshot>();
  Theme m_theme;
};

}  // namespace streamscope::ui
