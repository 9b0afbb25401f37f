#include "shell/action_menu.h"

#include "shell/icons.h"

namespace streamscope::ui {

QAction* addToMenu(QMenu* menu, const LabAction& action, const Theme& theme) {
  for (const QString& name : action.group) {
    QMenu* found = nullptr;
    for (QAction* entry : menu->actions())
      if (entry->menu() != nullptr && entry->text() == name) found = entry->menu();
    if (found == nullptr) {
      found = menu->addMenu(name);
      found->setAccessibleName(name);
    }
    menu = found;
  }
  auto* entry = menu->addAction(icon(action.icon, theme(action.isFault ? Role::Down : Role::Text)), action.text);
  entry->setObjectName(action.id);
  if (!action.shortcut.isEmpty()) {
    entry->setShortcut(action.shortcut);
    entry->setShortcutVisibleInContextMenu(true);
  }
  return entry;
}

}  // namespace streamscope::ui
