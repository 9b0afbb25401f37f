#include "stage/stage_accessible.h"

#include <QAccessibleWidget>
#include <QPointer>
#include <algorithm>
#include <utility>
#include <vector>

#include "inspector/inspector_facts.h"
#include "stage/stage_widget.h"

namespace streamscope::ui {
namespace {

/// One thing on the stage.
class StageItem final : public QAccessibleInterface {
 public:
  StageItem(StageWidget* stage, Selection selection) : m_stage(stage), m_selection(std::move(selection)) {}

  bool isValid() const override { return m_stage && !m_stage->stageLayout().rectOf(m_selection).isEmpty(); }
  QObject* object() const override { return nullptr; }
  QWindow* window() const override { return m_stage ? m_stage->window()->windowHandle() : nullptr; }
  QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_stage); }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  void setText(QAccessible::Text, const QString&) override {}
  QAccessible::Role role() const override { return QAccessible::ListItem; }

  QString text(QAccessible::Text kind) const override {
    if (!m_stage) return {};
    const auto subject = inspect(m_selection, m_stage->snapshot());
    if (kind == QAccessible::Name) return subject.title;
    return kind == QAccessible::Description ? subject.state : QString();
  }
  QRect rect() const override {
    if (!m_stage) return {};
    const QRect inside = m_stage->visibleRectOf(m_selection);
    return {m_stage->viewport()->mapToGlobal(inside.topLeft()), inside.size()};
  }
  QAccessible::State state() const override {
    QAccessible::State state;
    state.selectable = true;
    state.focusable = true;
    if (m_stage && m_stage->selection() == m_selection) {
      state.selected = true;
      state.focused = m_stage->hasFocus();
    }
    return state;
  }

 private:
  QPointer<StageWidget> m_stage;
  Selection m_selection;
};

class StageAccessible final : public QAccessibleWidget {
 public:
  explicit StageAccessible(StageWidget* stage) : QAccessibleWidget(stage, QAccessible::List), m_stage(stage) {}
  ~StageAccessible() override {
    for (const auto& [selection, id] : m_items) QAccessible::deleteAccessibleInterface(id);
  }

  int childCount() const override { return static_cast<int>(things().size()); }
  QAccessibleInterface* child(int index) const override {
    const auto all = things();
    if (index < 0 || index >= static_cast<int>(all.size())) return nullptr;
    return itemFor(all[static_cast<size_t>(index)]);
  }
  int indexOfChild(const QAccessibleInterface* item) const override {
    const auto all = things();
    for (size_t i = 0; i < all.size(); ++i)
      if (itemFor(all[i]) == item) return static_cast<int>(i);
    return -1;
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    // A replica lies on its broker and comes after it.
    auto all = things();
    std::ranges::reverse(all);
    for (const auto& thing : all)
      if (auto* item = itemFor(thing); item->rect().contains(x, y)) return item;
    return nullptr;
  }
  QAccessibleInterface* focusChild() const override {
    return m_stage && m_stage->selection().index() != 0 ? itemFor(m_stage->selection()) : nullptr;
  }

 private:
  std::vector<Selection> things() const {
    return m_stage ? selectablesOf(m_stage->stageLayout()) : std::vector<Selection>{};
  }
  QAccessibleInterface* itemFor(const Selection& thing) const {
    const auto known = std::ranges::find(m_items, thing, &std::pair<Selection, QAccessible::Id>::first);
    if (known != m_items.end()) return QAccessible::accessibleInterface(known->second);
    auto* item = new StageItem(m_stage, thing);
    m_items.emplace_back(thing, QAccessible::registerAccessibleInterface(item));
    return item;
  }

  QPointer<StageWidget> m_stage;
  /// Made when asked for; each thing keeps its interface for as long as the stage lives.
  mutable std::vector<std::pair<Selection, QAccessible::Id>> m_items;
};

QAccessibleInterface* makeInterface(const QString& className, QObject* object) {
  if (className != QLatin1String("streamscope::ui::StageWidget")) return nullptr;
  auto* stage = qobject_cast<StageWidget*>(object);
  return stage ? new StageAccessible(stage) : nullptr;
}

}  // namespace

void installStageAccessibility() {
  static const bool installed = (QAccessible::installFactory(makeInterface), true);
  Q_UNUSED(installed);
}

}  // namespace streamscope::ui
