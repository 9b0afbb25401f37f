#include "inspector/facts_model.h"

#include <algorithm>

namespace streamscope::ui {

void FactsModel::setFacts(std::vector<Fact> facts) {
  const bool sameNames =
      facts.size() == m_facts.size() && std::ranges::equal(facts, m_facts, [](const Fact& a, const Fact& b) {
        return a.name == b.name && a.isHeading == b.isHeading;
      });
  if (!sameNames) {
    beginResetModel();
    m_facts = std::move(facts);
    endResetModel();
    return;
  }
  for (size_t row = 0; row < facts.size(); ++row) {
    if (facts[row].value == m_facts[row].value) continue;
    m_facts[row].value = std::move(facts[row].value);
    const auto changed = index(static_cast<int>(row), 1);
    emit dataChanged(changed, changed, {Qt::DisplayRole, Qt::ToolTipRole});
  }
}

void FactsModel::setFonts(const QFont& body, const QFont& heading, const QFont& value) {
  m_body = body;
  m_heading = heading;
  m_value = value;
}

void FactsModel::setColors(const QColor& muted, const QColor& text) {
  m_muted = muted;
  m_text = text;
}

int FactsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_facts.size());
}

int FactsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : 2;
}

QVariant FactsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto& fact = m_facts[static_cast<size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return index.column() == 0 ? fact.name : fact.value;
    case Qt::ToolTipRole:
      return fact.isHeading ? QVariant() : QVariant(fact.name + QStringLiteral(": ") + fact.value);
    case Qt::AccessibleTextRole:
      return fact.isHeading ? fact.name : fact.name + QStringLiteral(": ") + fact.value;
    case Qt::FontRole:
      return fact.isHeading ? m_heading : index.column() == 0 ? m_body : m_value;
    case Qt::ForegroundRole:
      return index.column() == 0 ? m_muted : m_text;
    case Qt::TextAlignmentRole:
      if (fact.isHeading) return QVariant::fromValue(Qt::AlignLeft | Qt::AlignBottom);
      return QVariant::fromValue((index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case IsHeading:
      return fact.isHeading;
    default:
      return {};
  }
}

QVariant FactsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == 0 ? tr("Fact") : tr("Value");
}

Qt::ItemFlags FactsModel::flags(const QModelIndex& index) const {
  return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren : Qt::NoItemFlags;
}

}  // namespace streamscope::ui
