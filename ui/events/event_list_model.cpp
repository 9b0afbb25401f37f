#include "events/event_list_model.h"

#include "shell/number_format.h"

namespace streamscope::ui {

void EventListModel::setKind(EventKind kind) {
  if (kind == m_kind) return;
  beginResetModel();
  m_kind = kind;
  endResetModel();
}

void EventListModel::append(const std::vector<world::TraceEvent>& events, lab::SnapshotPtr snapshot) {
  m_snapshot = std::move(snapshot);
  std::vector<const world::TraceEvent*> fresh;
  for (const auto& event : events) {
    const auto kind = kindOf(event.payload);
    // A hidden list is kept too, so that a switch of kind shows the recent past.
    for (const auto detail : {EventKind::Change, EventKind::Message, EventKind::Detail}) {
      if (kind > detail) continue;
      if (detail == m_kind) {
        fresh.push_back(&event);
        continue;
      }
      auto& list = kept(detail);
      list.push_back(event);
      if (list.size() > kRowsMax) list.pop_front();
    }
  }
  if (fresh.empty()) return;
  if (fresh.size() > kRowsMax) fresh.erase(fresh.begin(), fresh.end() - kRowsMax);
  auto& list = kept(m_kind);
  if (const size_t total = list.size() + fresh.size(); total > kRowsMax) {
    const size_t surplus = total - kRowsMax;
    beginRemoveRows({}, 0, static_cast<int>(surplus) - 1);
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(surplus));
    endRemoveRows();
  }
  const int first = static_cast<int>(list.size());
  beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
  for (const auto* event : fresh) list.push_back(*event);
  endInsertRows();
}

int EventListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown().size());
}

int EventListModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : 3;
}

QVariant EventListModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto& event = shown()[static_cast<size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      if (index.column() == 0) return formatClock(event.time);
      return index.column() == 1 ? describe(event, *m_snapshot).node : describe(event, *m_snapshot).text;
    case Qt::ToolTipRole:
      return describe(event, *m_snapshot).text;
    case Qt::ForegroundRole:
      return m_theme(index.column() < 2 ? Role::TextMuted : describe(event, *m_snapshot).role);
    case Qt::FontRole:
      return m_theme.font(index.column() == 0 ? FontRole::MonoSmall : FontRole::Body);
    default:
      return {};
  }
}

QVariant EventListModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == 0 ? tr("Time") : section == 1 ? tr("Node") : tr("Event");
}

}  // namespace streamscope::ui
