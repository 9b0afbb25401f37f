#pragma once

#include <QAbstractTableModel>

#include "inspector/inspector_facts.h"

namespace streamscope::ui {

/// The facts of the inspected subject as a table of two columns. While the names stay the same only changed values are
/// announced, so that a view keeps its place while numbers run.
class FactsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Role { IsHeading = Qt::UserRole + 1 };
  using QAbstractTableModel::QAbstractTableModel;

  void setFacts(std::vector<Fact> facts);
  void setFonts(const QFont& body, const QFont& heading, const QFont& value);
  void setColors(const QColor& muted, const QColor& text);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 private:
  std::vector<Fact> m_facts;
  QFont m_body, m_heading, m_value;
  QColor m_muted, m_text;
};

}  // namespace streamscope::ui
